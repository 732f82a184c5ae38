"""How a search was weighed, what limits it, and where it comes from, as Markdown."""

from collections.abc import Sequence

from analysis.findings.trial_rules import COLLAPSED_RANGE, SPIKE_RISE
from analysis.frames.frame import TrialFrame
from analysis.numbers import count_noun, format_share, format_value
from analysis.report.formats.markdown import escape_text, join_blocks, list_items, pipe_table
from analysis.report.sections.methods import render_table_methods
from analysis.report.sections.provenance import render_run_provenance
from analysis.searches.diagnosis import (
    COLLAPSED_SPREAD,
    LATE_FALL,
    OVERFIT_RISE,
    UNDERFIT_EXCESS,
)
from analysis.searches.search import Search
from analysis.statistics.effects.ped_anova import N_SHUFFLES, TOP_SHARE
from trial_sets.configuration import OptionValue
from trial_sets.space import Dimension
from trial_sets.wording import join_words


def render_search_caveats(search: Search, more: Sequence[str] = ()) -> str:
    """Return what limits the results.

    Parameters
    ----------
    more
        What else there is to say, a sentence each.
    """
    info = search.info
    fixed = [
        f"{escape_text(name)} {escape_text(str(v))}"
        for name, v in info.fixed.items()
        if v is not None
    ]
    items = [
        f"One fit a trial, with seed {info.fit_seed}: how far seeds differ is not known, and the "
        "best trial may be that of the luckiest seed.",
        "All trials were chosen by the same validation rows that score them, and so was every "
        "epoch: values here are on the favourable side.",
        f"Held fixed: {join_words(fixed)}." if fixed else "",
        "The sampler chose where to look by what it had seen, so that values that did well early "
        "were tried more often; means and importances describe the trials, and p values of "
        "shuffles are approximate."
        if search.is_adaptive
        else "",
        "Pruned trials have no result, so that those that are complete are a selection."
        if "pruned" in search.count_states()
        else "",
        *(escape_text(note, longest=300) for note in (*search.run.notes, *more)),
    ]
    return list_items(item for item in items if item)


def render_search_methods(frame: TrialFrame, lead: str = "") -> str:
    """Return the paragraphs on how a search was weighed."""
    return join_blocks(
        "Regret is the search's best less the best so far. The band is exact: the best of the "
        "first t of N values in a random order is at most the k-th smallest with probability "
        "C(k, t) / C(N, t). It compares the order of these values with chance, not the sampler "
        "with another: a sampler that finds good values from its first trial on stays within it.",
        f"Importances are those of PED-ANOVA (Watanabe, Bansal and Hutter 2023), as Optuna "
        f"computes them: the best {format_share(TOP_SHARE)} against all. Their null deals the "
        f"results to the trials {N_SHUFFLES:,} times anew, by a fixed generator; Holm over the "
        "hyperparameters.",
        _describe_diagnoses(),
        lead,
        render_table_methods(frame),
    )


def render_search_provenance(search: Search) -> str:
    """Return the search's own facts, its space, and those of the run."""
    info = search.info
    rows = [
        ("Search", info.name),
        ("Sampler", f"{info.sampler}, seed {info.seed}"),
        ("Pruner", info.pruner),
        ("Fits at a time", str(info.jobs)),
        *([("Goes on from", info.study_from)] if info.study_from else []),
    ]
    cells = [[escape_text(name), escape_text(value, longest=300)] for name, value in rows]
    space = [
        [escape_text(name), *_describe_dimension(dimension)]
        for name, dimension in info.space.dimensions.items()
    ]
    return join_blocks(
        pipe_table(["What", "Value"], cells, n_left=2),
        f"The space, {count_noun(len(space), 'dimension')}:",
        pipe_table(["Dimension", "Values", "Scale", "Only where"], space, n_left=4),
        "The run:",
        render_run_provenance(search.run),
    )


def _describe_dimension(dimension: Dimension) -> list[str]:
    where = [
        f"{escape_text(name)} is {join_words([_write(v) for v in said], last='or')}"
        for name, said in dimension.when.items()
    ]
    if dimension.choices is not None:
        return [join_words([_write(choice) for choice in dimension.choices]), "-", _join(where)]
    if dimension.low is None or dimension.high is None:
        return ["False and True", "-", _join(where)]
    is_whole = dimension.kind == "int"
    ends = [format_value(end, is_whole=is_whole) for end in (dimension.low, dimension.high)]
    step = (
        "" if dimension.step is None else f" by {format_value(dimension.step, is_whole=is_whole)}"
    )
    scale = "log" if dimension.log else "linear"
    return [f"{ends[0]} to {ends[1]}{step}", scale, _join(where)]


def _join(where: list[str]) -> str:
    return join_words(where) or "-"


def _write(value: OptionValue) -> str:
    if isinstance(value, bool | str):
        return escape_text(str(value))
    return format_value(float(value), is_whole=isinstance(value, int))


def _describe_diagnoses() -> str:
    return (
        "Diagnoses. Collapse: probabilities span less than "
        f"{COLLAPSED_RANGE:g}, one class is said of every row, or predicted numbers spread less "
        f"than {format_share(COLLAPSED_SPREAD)} as far as the labels. Unstable: the training loss "
        f"rose {format_share(SPIKE_RISE)} or more above its lowest so far. Overfitting: the "
        f"validation loss ends {format_share(OVERFIT_RISE)} or more above its lowest, and the "
        "training loss below that of the same epoch. Underfitting, where none of the others holds: "
        f"the training loss stays {format_share(UNDERFIT_EXCESS)} or more above the lowest "
        "validation loss of any trial with the same loss function, and its own validation loss is "
        "no further above it, each as a part of what a constant prediction loses on those rows. "
        "Too slow: the epochs ran out while their last quarter still brought "
        f"{format_share(LATE_FALL)} or more of the whole fall of the validation loss."
    )
