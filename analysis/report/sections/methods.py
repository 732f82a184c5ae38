"""What limits the results, and how they were computed, as Markdown."""

from collections.abc import Iterator

from analysis.frames.frame import TrialFrame
from analysis.frames.levels import MAX_VALUES
from analysis.frames.values import is_number_column
from analysis.numbers import count_noun, format_share, format_value
from analysis.report.formats.markdown import escape_text, join_blocks, list_items
from analysis.runs.commands import doubt_data
from analysis.runs.run import Run
from analysis.statistics.long_run_variance import choose_lag
from analysis.statistics.multiplicity import ALPHA
from analysis.top import DEFAULT_TOP_SHARE, describe_top
from analysis.verdicts.checklist import Checklist
from trial_sets.wording import join_words

_MOST_FIXED = 30


def render_caveats(frame: TrialFrame, run: Run | None = None) -> str:
    """Return what was held fixed and what follows from how the results came about."""
    items = [_list_fixed(frame)]
    if run is not None:
        test = run.info.data.splits.get("test")
        items += [
            "The selected epoch is the one with the highest validation AUC, so that every "
            "validation AUC here is on the high side, the more the more epochs there were.",
            "Nothing here is compared with another run: data, split, label and training code "
            "differ between runs.",
            f"All validation rows come from one period{_name_period(run)}.",
        ]
        if test is None:
            items.append("The run has no test period.")
        items += [escape_text(doubt, longest=300) for doubt in _list_doubts(run)]
    else:
        items.append(
            "The results come from another tool, whose data, splits and seeds are not known here."
        )
    items += [escape_text(note, longest=300) for note in frame.notes]
    return list_items(item for item in items if item)


def _list_doubts(run: Run) -> Iterator[str]:
    """Yield what makes fits of the run, or its commands, other than they seem."""
    libraries = {
        f.record.provenance.matmul for f in run.trained if f.record.provenance.device == "cpu"
    }
    if len(libraries) > 1:
        yield (
            f"Fits of this run multiplied with {join_words(sorted(libraries))}: their last bits "
            "differ for another reason than configuration and seed."
        )
    if (doubt := doubt_data(run)) is not None:
        yield doubt


def _name_period(run: Run) -> str:
    split = run.info.data.splits.get("validation")
    return "" if split is None else f", {split.first[:10]} to {split.last[:10]}"


def _list_fixed(frame: TrialFrame) -> str:
    """Name the hyperparameters that have one value, so that nothing is known about others."""
    rows = frame.configured
    fixed = []
    for name in frame.params:
        values = rows[name].dropna().unique()
        if len(values) == 1:
            is_number = is_number_column(rows[name])
            whole = is_number and float(values[0]).is_integer() and values[0] != 0
            value = format_value(float(values[0]), is_whole=whole) if is_number else str(values[0])
            n_set = int(rows[name].notna().sum())
            where = "" if n_set == len(rows) else f" (where it is set, {n_set} of {len(rows)})"
            fixed.append(f"{escape_text(name)} {escape_text(value)}{where}")
    if not fixed:
        return ""
    shown = join_words(fixed[:_MOST_FIXED])
    return f"Held fixed in all trials: {shown}. Nothing here says what other values would do."


def render_run_methods(run: Run, checklist: Checklist) -> str:
    """Return the paragraph on how a run was judged."""
    split = run.info.data.splits.get("validation")
    n_rows = 0 if split is None else split.rows
    lag = choose_lag(run.info.study.label.horizon)
    seeds = sorted({fit.record.seed for fit in run.trained})
    return (
        f"Every trial was trained with {count_noun(len(seeds), 'seed')} and scored on the same "
        f"{count_noun(n_rows, 'row')}. A claim is the difference of the mean AUCs of its two "
        "sides. Its error holds the rows (DeLong's influences with a Bartlett correction for "
        f"autocorrelation over L = {lag} rows) and the seeds (their variance, less the "
        "seed-by-row part that the rows already hold); degrees of freedom by Welch-Satterthwaite, "
        "intervals at 95 % by t. p values are two-sided for zero and adjusted after Holm over all "
        f"{count_noun(len(checklist.rows), 'declared expectation')}. Confirmed: adjusted p below "
        f"{ALPHA:g} and an estimate of at least the ROPE, {checklist.rope:g} AUC, fixed before the "
        "run. Refuted: the interval ends below the ROPE. With one seed, or fewer than 3 L rows, a "
        "claim is at most inconclusive. The candidates are compared with their control by max-|T| "
        "over circular block bootstrap draws of rows and seeds; the confidence set is that of "
        "Hansen, Lunde and Nason (2011)."
    )


def render_trials_methods(frame: TrialFrame, checklist: Checklist | None) -> str:
    """Return the paragraphs on how other tools' results were tabulated."""
    said = render_table_methods(frame)
    if checklist is None:
        return said
    return join_blocks(
        said,
        "Expectations are bound to resolved configurations, not to names, and are judged by the "
        "predictions of every trial and seed; without these the plain difference is shown and the "
        "verdict stays pending.",
    )


def render_table_methods(frame: TrialFrame) -> str:
    """Return the paragraph on how trials were tabulated, for either kind of report."""
    return (
        f"Means and maxima are over finished trials of {escape_text(frame.metric)} "
        f"({frame.direction}d). The top holds {describe_top()}, unless "
        "asked otherwise; ties with the last are kept. With copies merged a row is a distinct "
        "configuration with the mean of its trials, and the top is "
        f"{format_share(DEFAULT_TOP_SHARE)} of these. Lift is a value's share of this top over its "
        "share of all distinct configurations, with the exact interval of Fisher's noncentral "
        "hypergeometric law, whose margins are fixed, so that no end exceeds what is possible. The "
        "adjusted effect is that of a main-effects model over distinct configurations, every "
        "hyperparameter (and the tier, budget and horizon) by its levels: its values, or five "
        "ranges of about equal counts where "
        f"there are more than {MAX_VALUES}, and fewer levels where a quarter of the configurations "
        "would not be left to the error. A value leads where the F test of the levels is below "
        f"{ALPHA:g}, not adjusted for the number of hyperparameters, and it reaches the top more "
        "often than it was tried."
    )
