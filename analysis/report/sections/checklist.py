"""The checklist as Markdown: a table to read, and what is open below it."""

import math
from collections.abc import Sequence
from functools import partial

from analysis.numbers import count_noun, format_p, format_share
from analysis.report.formats.markdown import (
    bold,
    code_span,
    escape_text,
    join_blocks,
    list_items,
    pipe_table,
)
from analysis.report.yardstick import Yardstick
from analysis.statistics.comparisons.contrast import Contrast
from analysis.statistics.comparisons.inference import Inference, find_deciding
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.planning.looks import list_thresholds
from analysis.statistics.planning.power import BatchPower
from analysis.verdicts.checklist import Checklist, ChecklistRow
from analysis.verdicts.verdict import ClaimTest, Verdict
from trial_sets.claim import Claim
from trial_sets.linting.claim import lint_claim
from trial_sets.linting.remark import Remark
from trial_sets.records.claim_standing import show_time
from trial_sets.records.claim_stops import WORDS, name_look
from trial_sets.study import Study
from trial_sets.task import SHARES
from trial_sets.wording import join_words

_TAIL = ("Shows", "Then")
_SELECTED, _LAST = "At the selected epochs", "Last epoch"


_LEAST_SHARE = 0.05  # of a variance, that is worth a word
_AUC = Yardstick()
_LARGE = 1_000  # amounts from here on are written without decimals


def render_checklist(checklist: Checklist, study: Study, images: str = "") -> str:
    """Return table, forest plot, a line for each claim, and what the claims leave open."""
    if not checklist.rows:
        return "The study declares no expected outcomes."
    beside = _list_beside(checklist)
    yardstick = choose_yardstick(checklist)
    head = ["If", "Observed", "Verdict", f"{yardstick.difference} [95 %]", "p", *beside, *_TAIL]
    rows = [_write_row(row, beside, yardstick) for row in checklist.rows]
    table = pipe_table(head, rows, n_left=len(head))
    open_points = [str(finding).replace("`", "") for finding in list_open_points(study)]
    return join_blocks(
        table,
        images,
        list_items(_explain(row, yardstick) for row in checklist.rows),
        list_items(
            f"{bold('Withdrawn')}: {escape_text(one.sentence, longest=300)}. It was fixed on "
            f"{show_time(one.since)} and still counts in the family."
            for one in checklist.withdrawn
        ),
        list_items(describe_plans(checklist)),
        list_items(f"{escape_text(note, longest=None)}." for note in checklist.notes),
        "What the claims cannot carry, found by reading the study:" if open_points else "",
        list_items(escape_text(point, longest=None) for point in open_points),
    )


def list_open_points(study: Study) -> tuple[Remark, ...]:
    """Return what the study's claims leave open; see `trial_sets.linting.claim`."""
    return tuple(
        finding
        for trial_set, claim in study.expectations()
        for finding in lint_claim(study, trial_set, claim)
    )


def choose_yardstick(checklist: Checklist) -> Yardstick:
    """Return how the metric that a checklist's claims are about is said and written."""
    metrics = [row.case.study_metric for row in checklist.rows[:1]]
    return Yardstick.of(metrics[0], checklist.rope) if metrics else Yardstick()


def describe_power(power: BatchPower | None, yardstick: Yardstick = _AUC) -> str:
    """Say which differences the batch could have detected."""
    if power is None:
        return ""
    write = partial(_write_reach, yardstick=yardstick)
    median, family = write(power.median), write(power.median_in_family)
    known = f"{write(power.median_low)} to {write(power.median_high)}"
    if power.n_contrasts == 1:
        spread = f"{median} for the one claim that can be computed"
    else:
        ends = f"{write(power.smallest)} to {write(power.largest)}"
        spread = f"{median} in the median ({ends}, {count_noun(power.n_contrasts, 'claim')})"
    seeds = "; with one seed the true values are larger" if power.is_provisional else ""
    first_step = f"where it has to pass Holm's first step among {power.family_size}"
    return (
        f"Smallest difference of {yardstick.title} that this batch could have detected (80 % "
        f"power): {spread}, {family} {first_step}; for {median} it "
        f"may be {known}, as well as the error itself is known{seeds}."
    )


def _write_reach(difference: float, yardstick: Yardstick) -> str:
    """Write a detectable difference; shares such as the AUC differ from each other by 1 at most."""
    if difference >= 1 and yardstick.metric.name in SHARES:
        return "more than any"
    return yardstick.write_gain(difference, is_signed=False)


def describe_observation(row: ChecklistRow, yardstick: Yardstick = _AUC) -> str:
    """Write the plain reading, `yes (+0.0033)`."""
    seen = row.case.observation
    if seen is None:
        return "not run"
    amount = write_amount(seen.difference, row.case.claim, yardstick)
    return f"{'yes' if seen.is_yes else 'no'} ({amount})"


def _list_beside(checklist: Checklist) -> list[str]:
    """Return the columns of what stands beside the judged difference."""
    tests = [row.case.test for row in checklist.rows]
    known = [test for test in tests if isinstance(test, ClaimTest)]
    is_crossed = any(test.selected is not None for test in known)
    is_guarded = any(test.needs_last_epoch for test in known) or not is_crossed
    return [*([_SELECTED] if is_crossed else []), *([_LAST] if is_guarded else [])]


def _write_row(row: ChecklistRow, beside: list[str], yardstick: Yardstick) -> list[str]:
    claim, found = row.case.claim, row.judgement.inference
    verdict = describe_verdict(row)
    return [
        escape_text(row.case.sentence, longest=300),
        describe_observation(row, yardstick),
        bold(verdict) if row.judgement.verdict is Verdict.CONFIRMED else verdict,
        "-" if found is None else write_interval(found, claim, yardstick),
        write_p(row),
        *(_write_beside(row, name, yardstick) for name in beside),
        escape_text(claim.shows, longest=200),
        escape_text(claim.then, longest=200),
    ]


def describe_verdict(row: ChecklistRow) -> str:
    """Write the verdict, `refuted (equivalent)` or `inconclusive, provisional`."""
    judgement, verdict = row.judgement, row.judgement.verdict
    if verdict in {Verdict.POST_HOC, Verdict.UNDATED}:
        return f"{verdict.value} (otherwise {judgement.otherwise.value})"
    if judgement.refutation is not None:
        return f"{verdict.value} ({judgement.refutation.value})"
    if _is_futile(row):
        return f"{verdict.value}, {WORDS['futile']}"
    evidence = row.case.test
    is_provisional = isinstance(evidence, ClaimTest) and evidence.n_seeds == 1
    return f"{verdict.value}, provisional" if is_provisional else verdict.value


def _is_futile(row: ChecklistRow) -> bool:
    """Return whether a claim was stopped for futility: of when, the reasons tell."""
    stop, verdict = row.dating.stop, row.judgement.verdict
    return stop is not None and stop.verdict == "futile" and verdict is Verdict.INCONCLUSIVE


def write_interval(
    found: Contrast | Inference, claim: Claim | None = None, yardstick: Yardstick = _AUC
) -> str:
    """Write an estimate with its interval, in the study's metric unless the claim names another."""
    if found.is_identical:
        return "0 (identical)"
    write = partial(write_amount, claim=claim, yardstick=yardstick)
    estimate = write(found.estimate)
    if found.standard_error == 0:
        return estimate
    return f"{estimate} [{write(found.low)}, {write(found.high)}]"


def write_amount(amount: float, claim: Claim | None = None, yardstick: Yardstick = _AUC) -> str:
    """Write a difference in the metric's units, or a ratio as the share by which it is better."""
    if claim is None or claim.is_of_study_metric:
        return yardstick.write_gain(amount)
    if claim.ratio:
        share = -math.expm1(-amount) if claim.is_less_better else math.expm1(amount)
        return f"{share:+.1%}".replace("%", " %")
    return f"{amount:+,.0f}" if abs(amount) >= _LARGE else f"{amount:+.4g}"


def write_p(row: ChecklistRow) -> str:
    """Write the p value that the verdict rests on."""
    p_value = row.judgement.p_holm
    return "-" if p_value is None else format_p(p_value).removeprefix("p = ").removeprefix("p ")


def _write_beside(row: ChecklistRow, name: str, yardstick: Yardstick) -> str:
    evidence = row.case.test
    if not isinstance(evidence, ClaimTest):
        return "-"
    if name == _SELECTED:
        found = evidence.selected
        return "-" if found is None else write_interval(found, row.case.claim, yardstick)
    last = evidence.last_epoch
    return "-" if last is None else write_amount(last.estimate, row.case.claim, yardstick)


def _explain(row: ChecklistRow, yardstick: Yardstick) -> str:
    """Say why a verdict is what it is, and what would change it."""
    case, judgement, advice = row.case, row.judgement, row.advice
    since = row.dating.since if row.dating.is_fixed else None
    fixed = "" if since is None else f" (fixed since {show_time(since)})"
    sentence = bold(escape_text(case.sentence, longest=300))
    verdict = judgement.verdict.value if _is_futile(row) else describe_verdict(row)
    parts = [f"{sentence}{fixed}: {verdict}{_describe_stop(row)}"]
    if judgement.reasons:
        reasons = "; ".join(escape_text(reason, longest=300) for reason in judgement.reasons)
        parts.append(f": {reasons}")
    if judgement.p_holm is not None and row.dating.is_fixed:
        parts.append(f" ({format_p(judgement.p_holm)}{_describe_adjustment(row)})")
    if judgement.otherwise is Verdict.INCONCLUSIVE and judgement.detectable is not None:
        detectable = write_amount(judgement.detectable, case.claim, yardstick).removeprefix("+")
        parts.append(f"; a difference of {detectable} would have been detected")
    parts.append(_describe_folds(row, yardstick))
    parts += [f"; {escape_text(note, longest=300)}" for note in row.dating.notes]
    if case.claim.words is not None and case.claim.words != case.sentence:
        parts.append(f'; in the study\'s words: "{escape_text(case.claim.words, longest=200)}"')
    if row.every is not None:
        parts.append(_describe_every(row, yardstick))
    if advice.command is not None:
        parts.append(f"; {advice.text}: {code_span(advice.command)}")
    elif advice.text:
        parts.append(f"; {escape_text(advice.text, longest=None)}")
    return "".join(parts)


def _describe_stop(row: ChecklistRow) -> str:
    """Say at which look a claim was decided; of futility the reasons tell."""
    stop = row.dating.stop
    if stop is None or stop.verdict != row.judgement.verdict.value:
        return ""
    return f" at {name_look(stop.plan, len(stop.seeds))}"


def describe_plans(checklist: Checklist) -> list[str]:
    """Say at which looks the claims are judged, and below which p each confirms, a line a plan.

    Of claims that were looked at beside their plan that it holds no more.
    """
    planned = [row for row in checklist.rows if row.dating.plan is not None]
    left = [row for row in planned if _has_left_plan(row)]
    plans = dict.fromkeys(row.dating.plan or () for row in planned if row not in left)
    said = [
        f"{_name_plan(plan)}, each of which confirms where p after Holm is below "
        f"{join_words([f'{bar:.3g}' for bar in list_thresholds(plan)])}."
        for plan in plans
    ]
    for plan in dict.fromkeys(row.dating.plan or () for row in left):
        number = count_noun(sum(row.dating.plan == plan for row in left), "claim")
        said.append(
            f"{_name_plan(plan)}, does not hold for {number} looked at beside it, with other seeds "
            f"or in another run: p is multiplied by the looks, and confirms below {ALPHA:g}."
        )
    return said


def _name_plan(plan: Sequence[int]) -> str:
    return f"{bold('Plan of looks')}: with {join_words([str(n) for n in plan])} seeds"


def _has_left_plan(row: ChecklistRow) -> bool:
    """Return whether a claim was judged at a look that counts and is not its plan's."""
    return row.look is not None and row.look.counts and not row.judgement.is_planned


def _describe_folds(row: ChecklistRow, yardstick: Yardstick) -> str:
    """Say how a difference comes out in each period, and whether periods widen its error."""
    found = row.judgement.inference
    contrast = None if found is None else find_deciding(found)
    if contrast is None or not contrast.fold_estimates:
        return ""
    gains = [write_amount(one, row.case.claim, yardstick) for one in contrast.fold_estimates]
    above = sum(one > 0 for one in contrast.fold_estimates)
    share = contrast.variance_periods / contrast.standard_error**2 if contrast.standard_error else 0
    said = f"; by fold {', '.join(gains)}, above zero in {above} of {len(gains)}"
    if share < _LEAST_SHARE:
        return f"{said}, no further apart than rows and seeds explain"
    return f"{said}; what periods differ by beyond that is {format_share(share)} of its variance"


def _describe_adjustment(row: ChecklistRow) -> str:
    """Say what a p value is adjusted for, and where it had to lie."""
    number, threshold = row.look_number, row.judgement.threshold
    said = " after Holm"
    if row.judgement.is_planned:
        return f"{said}; {_name_planned(row)} confirms below {threshold:.3g}"
    return f"{said} and as look {number} at it" if number > 1 else said


def _name_planned(row: ChecklistRow) -> str:
    """Name a look of the declared plan, unless it has been named."""
    plan, look = row.dating.plan, row.look
    if row.dating.stop is not None or plan is None or look is None:
        return "this planned look"
    return name_look(plan, len(look.seeds))


def _describe_every(row: ChecklistRow, yardstick: Yardstick) -> str:
    """Say what a claim about means would have come to as one about every trial."""
    every = row.every
    if every is None or every.inference is None:
        return ""
    found = write_interval(every.inference, row.case.claim, yardstick)
    return f"; as a claim about every trial it would be {every.otherwise.value}: {found}"
