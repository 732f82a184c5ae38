"""The quick-reference page of a search, as Markdown: what varies, how large that is, what to do.

Departures from the page it is modelled on: the share of an infinite space that trials explore is
none, where it says "about 0.001 %", so shares of what can be counted stand here; importance is by
the tiers; a trial's meaning is said of the dimensions that the space has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trial_sets.configuration import OptionValue
from trial_sets.linting.space import MOST_POINTS
from trial_sets.records.search_info import PrunerName, SamplerName
from trial_sets.space import SearchSpace, SpaceValues
from trial_sets.tuning.advice import list_first_checks, list_meanings, list_tips
from trial_sets.tuning.cells import (
    escape_words,
    write_code,
    write_number,
    write_option,
    write_table,
)
from trial_sets.tuning.size import LEVELS, TOP_SHARE, measure_coverage, measure_size
from trial_sets.tuning.space_table import list_descriptions, tabulate_space, tabulate_values
from trial_sets.tuning.strategy import Strategy, choose_strategy, weigh_sampler
from trial_sets.tuning.tiers import TIERS, rank_names
from trial_sets.wording import join_words

NEXT_STEPS = (
    "Run the best five with three seeds each, beside the default",
    "Train the best longer, as long as its validation metric rises",
    "Write what it suggests as claims of a set, before that set runs",
    "Hold it against the baselines, and once against the test rows",
    "Look at its curves, and widen the space where the best lies at an edge",
)


@dataclass(frozen=True, slots=True)
class Outline:
    """What a search is about.

    Attributes
    ----------
    title, model, objective : str
        What it is called, what is trained, and what is sought: ``minimize val RMSE``.
    space : SearchSpace
        What varies.
    fixed : mapping
        What does not, by name.
    default : dict or None
        The values of the base, proposed first; None where it lies outside the space.
    sampler, pruner : str
        As they are asked for; a sampler of None is chosen.
    n_trials : int or None
        How many there will be.
    hours : float or None
        That they may take.
    n_rows : int or None
        Rows that train.
    n_parameters : int or None
        Of the default's network.
    is_transformer : bool
        Whether transformers' rules hold.
    """

    title: str
    model: str
    objective: str
    space: SearchSpace
    fixed: Mapping[str, OptionValue | None] = field(default_factory=dict)
    default: SpaceValues | None = None
    sampler: SamplerName | None = None
    pruner: PrunerName = "none"
    n_trials: int | None = None
    hours: float | None = None
    n_rows: int | None = None
    n_parameters: int | None = None
    is_transformer: bool = False


def write_page(outline: Outline) -> str:
    """Return the page as Markdown, with a line end after its last line."""
    parts = [
        f"# Search space: {escape_words(outline.title)}",
        _section("At a glance", _list_glance(outline)),
        _section("Search space", tabulate_space(outline.space)),
        _section("Possible values", tabulate_values(outline.space)),
        _section("Why these", list_descriptions(outline.space)),
        _section("Size", _list_size(outline)),
        _section("What to tune first", _write_tiers(outline.space)),
        _section("Strategy", _list_strategy(outline)),
        _section("Default", _write_default(outline)),
        _section("Fixed", _write_fixed(outline.fixed)),
        _section("Before the search", _list_checks(outline)),
        _section("Tips", _list_notes(outline)),
        _section("If the best trial has", _write_meanings(outline.space)),
        _section("Next steps", [f"{n}. {step}" for n, step in enumerate(NEXT_STEPS, 1)]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(title: str, lines: Sequence[str]) -> str:
    return "\n".join([f"## {title}", "", *lines]) if lines else ""


def _list_glance(outline: Outline) -> list[str]:
    trials = "not said" if outline.n_trials is None else f"{outline.n_trials:,}"
    said = [
        f"- **Model:** {escape_words(outline.model)}",
        f"- **Objective:** {escape_words(outline.objective)}",
        f"- **Sampler:** {outline.sampler or _choose(outline).sampler}"
        f"{'' if outline.pruner == 'none' else f', pruner {outline.pruner}'}",
        f"- **Trials:** {trials}",
    ]
    if outline.hours is not None:
        said.append(f"- **Hours:** {write_number(outline.hours)}")
    return said


def _list_size(outline: Outline) -> list[str]:
    size = measure_size(outline.space)
    at_most = "" if size.is_exact else "at most "
    product = " x ".join(f"{n:,}" for _, n in size.factors)
    is_product = len(size.factors) > 1 and not outline.space.is_conditional
    what = "base configurations" if size.is_infinite else "configurations"
    said = [
        f"- **Discrete combinations:** {at_most}{f'{product} = ' * is_product}"
        f"**{size.combinations:,} {what}**"
    ]
    if not size.factors:
        said = []
    if size.is_infinite:
        said.append(f"- **Total:** infinite ({join_words(_ticked(size.continuous))} continuous)")
        said.append(
            f"- **As a grid:** {at_most}{size.grid_points:,} points with {LEVELS} levels in each "
            f"continuous range{_warn_of_grid(size.grid_points)}"
        )
    elif warning := _warn_of_grid(size.combinations):
        said.append(f"- **As a grid:** {at_most}{size.combinations:,} points{warning}")
    if outline.n_trials is not None:
        said += _list_coverage(outline, outline.n_trials)
    return said


def _ticked(names: Sequence[str]) -> list[str]:
    return [f"`{name}`" for name in names]


def _warn_of_grid(n_points: int) -> str:
    """Say that a grid is too large: levels to the power of hyperparameters."""
    if n_points <= MOST_POINTS:
        return ""
    return f", above the {MOST_POINTS} that a grid is good for: it grows as k^n"


def _list_coverage(outline: Outline, n_trials: int) -> list[str]:
    size = measure_size(outline.space)
    coverage = measure_coverage(size, n_trials)
    whole = f"of the {size.combinations:,} base configurations" * bool(size.factors)
    grid = f"of the grid's {size.grid_points:,} points" * size.is_infinite
    shares = [(coverage.of_combinations, whole), (coverage.of_grid, grid)]
    said = [f"at most {_percent(share)} {what}" for share, what in shares if what]
    return [
        f"- **Explored by {n_trials:,} trials:** {', '.join(said)}; random draws hold one of the "
        f"best {_percent(TOP_SHARE)} of the space with a chance of "
        f"{_percent(coverage.chance_of_top)}"
    ]


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 0.995 else f"{100 * share:.4g} %"


def _write_tiers(space: SearchSpace) -> list[str]:
    rows = []
    for one in rank_names(space.dimensions):
        tier = "-" if one.tier is None else str(one.tier)
        importance = "not ranked" if one.tier is None else TIERS[one.tier - 1].importance
        rows.append([f"`{one.name}`", tier, importance, _percent(one.share)])
    return write_table(["Parameter", "Tier", "Importance", "Share of the budget"], rows)


def _choose(outline: Outline) -> Strategy:
    return choose_strategy(outline.space, outline.n_trials, outline.hours)


def _list_strategy(outline: Outline) -> list[str]:
    chosen = _choose(outline)
    said = [f"- What fits: {chosen.sampler}. {_sentence(chosen.reason)}"]
    said += [f"- {_sentence(chosen.budget)}"] if chosen.budget else []
    weighed = weigh_sampler(outline.sampler or chosen.sampler, outline.space, outline.n_trials)
    return said + [f"- {_sentence(one)}" for one in weighed]


def _write_default(outline: Outline) -> list[str]:
    if outline.default is None:
        return ["The base lies outside the space: nothing will tell whether the search gained."]
    rows = [[f"`{name}`", write_option(value)] for name, value in outline.default.items()]
    return write_table(["Parameter", "Value"], rows)


def _write_fixed(fixed: Mapping[str, OptionValue | None]) -> list[str]:
    rows = [
        [write_code(name), "none" if value is None else write_option(value)]
        for name, value in fixed.items()
    ]
    return write_table(["Parameter", "Value"], rows) if rows else []


def _list_checks(outline: Outline) -> list[str]:
    checks = list_first_checks(outline.n_rows, outline.hours)
    return [f"- {_sentence(check)}" for check in checks]


def _list_notes(outline: Outline) -> list[str]:
    tips = list_tips(
        outline.space,
        outline.fixed,
        is_transformer=outline.is_transformer,
        n_parameters=outline.n_parameters,
    )
    return [f"- {_sentence(tip)}" for tip in tips]


def _write_meanings(space: SearchSpace) -> list[str]:
    return [f"- {place}: {meaning}" for place, meaning in list_meanings(space)]


def _sentence(text: str) -> str:
    """Return words as a sentence; a name at its beginning keeps its case."""
    head = text.split(" ", 1)[0]
    first = text if "_" in head else text[:1].upper() + text[1:]
    return f"{first}."
