"""What limits the results, and how they were computed, as Markdown."""

from collections.abc import Iterator, Sequence

from analysis.frames.frame import TrialFrame
from analysis.frames.levels import MAX_VALUES, N_RANGES
from analysis.frames.values import is_number_column
from analysis.numbers import count_noun, format_share, format_value
from analysis.report.formats.markdown import escape_text, join_blocks, list_items
from analysis.report.sections.row_methods import (
    count_validation_rows,
    describe_errors,
    describe_estimate,
    describe_folds,
    describe_limits,
    has_groups,
    has_rows,
)
from analysis.runs.commands import doubt_data
from analysis.runs.run import Run
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.top import DEFAULT_TOP_SHARE, describe_top
from analysis.verdicts.checklist import Checklist
from analysis.verdicts.verdict import ClaimTest
from trial_sets.records.claim_standing import show_time
from trial_sets.wording import join_words

_MOST_FIXED = 30
_KINDS = {
    "random": " by chance",
    "stratified": " by chance within each class",
    "groups": " by chance of whole groups",
    "column": " as a column of the data says",
}


def render_caveats(frame: TrialFrame, run: Run | None = None, more: Sequence[str] = ()) -> str:
    """Return what was held fixed and what follows from how the results came about.

    Parameters
    ----------
    more
        What else there is to say, a sentence each.
    """
    items = [_list_fixed(frame)]
    if run is not None:
        test = run.info.data.splits.get("test")
        items += [
            _describe_selection(run),
            "Nothing here is compared with another run: data, split, label and training code "
            "differ between runs.",
            _describe_periods(run),
        ]
        if test is None:
            part = "period" if run.horizon_rows is not None else "rows"
            items.append(f"The run has no test {part}.")
        items += [escape_text(doubt, longest=300) for doubt in _list_doubts(run)]
    else:
        items.append(
            "The results come from another tool, whose data, splits and seeds are not known here."
        )
    items += [escape_text(note, longest=300) for note in (*frame.notes, *more)]
    return list_items(item for item in items if item)


def _describe_selection(run: Run) -> str:
    """Say what the choice of the epoch does to what is reported; empty where none was chosen."""
    metric, title = run.info.study.metric, escape_text(run.info.study.metric.title)
    if not metric.is_auc and all(record.selected_epoch is None for record in run.records):
        return ""
    end, side = ("highest", "high") if metric.sign > 0 else ("lowest", "low")
    stops = metric.is_auc or any(record.stop_reason == "patience" for record in run.records)
    stopping = "; so is early stopping's choice, which saw all validation rows" if stops else ""
    return (
        f"The selected epoch is the one with the {end} validation {title}, so that every "
        f"validation {title} here is on the {side} side, the more the more epochs there "
        f"were{stopping}."
    )


def _list_doubts(run: Run) -> Iterator[str]:
    """Yield what makes fits of the run, or its commands, other than they seem."""
    libraries = {
        record.provenance.matmul
        for record in run.records
        if record.kind != "baseline" and record.provenance.device == "cpu"
    }
    if len(libraries) > 1:
        yield (
            f"Fits of this run multiplied with {join_words(sorted(libraries))}: their last bits "
            "differ for another reason than configuration and seed."
        )
    if (doubt := doubt_data(run)) is not None:
        yield doubt


def _describe_periods(run: Run) -> str:
    """Say how far the validation rows reach."""
    split, folds = run.info.data.splits.get("validation"), run.info.data.folds
    if run.horizon_rows is None:
        return _describe_chance(run)
    if split is None:
        return "Nothing is known here of the rows that the trials were validated on."
    period = f", {split.first[:10]} to {split.last[:10]}" if split.first else ""
    if not folds and not run.metric.is_auc:
        return (
            f"All validation rows come from one period{period}. Another period is another draw, "
            "and scatters further than one period's error says."
        )
    if not folds:
        return (
            f"All validation rows come from one period{period}. Another period is another draw: on "
            "SPY, over 13 windows, differences scattered 1.1 (labels of one day) to 1.5 times (of "
            "five days) as far as one period's error says."
        )
    dropped = [f"fold {fold.number} ({fold.dropped})" for fold in folds if fold.dropped]
    kept = count_noun(len(folds) - len(dropped), "consecutive period")
    left_out = f" Left out: {join_words(dropped)}." if dropped else ""
    return (
        f"The validation rows are {kept}{period}, each judged by fits that were trained on what "
        f"lies before it, so that the first were trained on less than the last.{left_out}"
    )


def _describe_chance(run: Run) -> str:
    """Say how rows without time came to be those that validate."""
    folds = [fold for fold in run.info.data.folds if not fold.dropped]
    kind = _KINDS.get(run.info.study.split.kind, "") if run.info.study.split else ""
    if not folds:
        return f"All validation rows come from one split{kind}; another split is another draw."
    return (
        f"The validation rows are {count_noun(len(folds), 'part')} of one split{kind}, each judged "
        "by fits that were trained on the others: new rows of the same kind are meant, not rows of "
        "a later time."
    )


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


def render_run_methods(run: Run, checklist: Checklist, *, is_dated: bool = True) -> str:
    """Return the paragraphs on how a run was judged.

    Parameters
    ----------
    is_dated
        Whether a ledger of claims belongs to the run; none does to another tool's predictions.
    """
    metric = run.metric
    n_rows = count_validation_rows(run)
    by_trial: dict[str, set[int]] = {}
    for fit in run.trained:
        by_trial.setdefault(fit.record.key, set()).add(fit.record.seed)
    counts = sorted({len(seeds) for seeds in by_trial.values()}) or [0]
    n_seeds = count_noun(counts[-1], "seed")
    folds = len(run.info.data.fold_numbers) if run.info.data.folds else 0
    rows = f" and scored on the same {count_noun(n_rows, 'row')}" if n_rows else ""
    return join_blocks(
        f"Every trial was trained with {f'{counts[0]} to ' if len(counts) > 1 else ''}{n_seeds}"
        f"{f' on each of {folds} folds' if folds else ''}{rows}. {describe_folds(run)}"
        f"{escape_text(describe_estimate(metric), longest=None)} over the seeds that all of them "
        f"have. {describe_errors(run)} A claim that names "
        "several trials is about each of them, unless it says mean: its estimate is the smallest "
        "difference, its p the largest. A claim with a margin of its own is tested against that "
        "margin, any other against zero.",
        "p values are adjusted after Holm over all "
        f"{count_noun(checklist.family_size, 'declared claim')}, and for looking again: by the "
        "declared plan of looks, else times the number of the look, at most four. Confirmed: the "
        f"adjusted p lies below {ALPHA:g} (or the planned look's threshold), the estimate is at "
        f"least the ROPE, {checklist.rope:g} {escape_text(metric.title)}, or the claim's own "
        f"margin. {_describe_epochs(run, checklist)}"
        "Refuted: the interval ends below the ROPE; refutations are not adjusted "
        f"for the number of claims. {describe_limits(run)}".rstrip(),
        _STOPPED if any(row.dating.stop is not None for row in checklist.rows) else "",
        _describe_dates(checklist) if is_dated else _UNDATED,
        _COMPARED if has_rows(run) else "",
    )


_COMPARED = (
    "The candidates are compared with their control by max-|T| over draws of the same noise of "
    "rows and seeds; the confidence set is that of Hansen, Lunde and Nason (2011)."
)
_STOPPED = (
    "A claim that was stopped at a look is judged on what that look saw, by the adjusted p of that "
    "look, whatever has been run since. Stopped for futility means that it would have been "
    "confirmed at the last look with a probability below 0.10, had the difference been the one "
    "that the looks were to find; it says nothing against the claim, which may go on."
)


def _describe_epochs(run: Run, checklist: Checklist) -> str:
    """Say how the choice of the epoch is accounted for."""
    tests = [row.case.test for row in checklist.rows]
    known = [test for test in tests if isinstance(test, ClaimTest)]
    crossed = sum(test.selected is not None for test in known)
    guarded = sum(test.needs_last_epoch for test in known)
    said = ""
    if crossed:
        said += (
            f"Differences are cross-fitted: a fit's epoch is chosen on {_name_halves(run)}, "
            "and the other way round, since what is chosen on "
            "the very rows that score it gains by chance, one trial more than another; the "
            "difference at the epochs as selected stands beside it. "
        )
    if guarded:
        said += (
            "Where the scores of every epoch are not known, or the rows of a fold too few for "
            f"halves{_name_classes(run)}, the difference at the last epoch must reach it too, with "
            f"a p of its own below {ALPHA:g}, since the selected epoch was chosen on these very "
            "rows. "
        )
    return said


def _name_halves(run: Run) -> str:
    if run.horizon_rows is not None:
        return "every other block of rows and scored on the blocks between"
    what = "groups" if has_groups(run) else "rows"
    return f"one half of the {what} and scored on the other"


def _name_classes(run: Run) -> str:
    task = run.info.study.task
    return {"binary": " with both classes", "multiclass": " with every class"}.get(task, "")


_UNDATED = (
    "Nothing tells when the claims were made, so that all of them are undated: shown with the same "
    "figures, never confirmed."
)


def _describe_dates(checklist: Checklist) -> str:
    """Say which claims were fixed beforehand, by the ledger."""
    fixed = [row.dating.since for row in checklist.rows if row.dating.is_fixed]
    known = sorted(since for since in fixed if since is not None)
    if len(fixed) == len(checklist.rows) and known:
        said = f"All claims here were, by {show_time(known[-1])}"
    else:
        said = f"Of {count_noun(len(checklist.rows), 'claim')} here {len(fixed)} were"
    return (
        "A claim counts as fixed if the ledger of claims beside the runs holds it, with its ROPE "
        "and margins, from before anything of its claiming side had been scored on these rows in "
        f"any run below the outputs folder. {said}. One that is not is post hoc, or undated where "
        "the ledger is missing, was changed, or does not fit the records: shown with the same "
        "figures, never confirmed. Whoever rewrites ledger and records together is not found out; "
        "one who adds a look and a stop to the ledger can at most choose at how many of the first "
        "seeds his claim is judged, and spare it the adjustment for the family: level and p of "
        "its own are computed anew."
    )


def render_trials_methods(frame: TrialFrame, checklist: Checklist | None) -> str:
    """Return the paragraphs on how other tools' results were tabulated."""
    said = render_table_methods(frame)
    if checklist is None:
        return said
    return join_blocks(
        said,
        "Claims are bound to resolved configurations, not to names. Without predictions nothing "
        "accounts for the rows: with several seeds the interval is that of the seeds alone, marked "
        "so, and no claim is more than inconclusive.",
    )


def render_table_methods(frame: TrialFrame) -> str:
    """Return the paragraph on how trials were tabulated, for either kind of report."""
    drawn = f", or {N_RANGES} of a continuous range of the search" if frame.drawn else ""
    return (
        f"Means and {'maxima' if frame.sign > 0 else 'minima'} are over finished trials of "
        f"{escape_text(frame.metric)} ({frame.direction}d). The top holds {describe_top()}, unless "
        "asked otherwise; ties with the last are kept. With copies merged a row is a distinct "
        "configuration with the mean of its trials, and the top is "
        f"{format_share(DEFAULT_TOP_SHARE)} of these. Lift is a value's share of this top over its "
        "share of all distinct configurations, with the exact interval of Fisher's noncentral "
        "hypergeometric law, whose margins are fixed, so that no end exceeds what is possible. The "
        "adjusted effect is that of a main-effects model over distinct configurations, every "
        "hyperparameter (and the tier, budget and horizon) by its levels: its values, or five "
        f"ranges of about equal counts where there are more than {MAX_VALUES}{drawn}, and fewer "
        "levels where a quarter of the configurations would not be left to the error. A value "
        f"leads where the F test of the levels is below {ALPHA:g}, not adjusted for the number of "
        "hyperparameters, and it reaches the top more often than it was tried."
    )
