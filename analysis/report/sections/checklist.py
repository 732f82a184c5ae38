"""The checklist as Markdown: a table to read, and what is open below it."""

from analysis.numbers import count_noun, format_difference, format_metric, format_p
from analysis.report.formats.markdown import (
    bold,
    code_span,
    escape_text,
    join_blocks,
    list_items,
    pipe_table,
)
from analysis.statistics.contrast import Contrast
from analysis.statistics.power import BatchPower
from analysis.verdicts.checklist import Checklist, ChecklistRow, Observation
from analysis.verdicts.verdict import Verdict
from trial_sets.linting.claim import lint_claim
from trial_sets.linting.remark import Remark
from trial_sets.study import Study

_HEAD = (
    "If",
    "Observed",
    "Verdict",
    "Difference [95 %]",
    "p",
    "Last epoch",
    "Shows",
    "Then",
)


def render_checklist(checklist: Checklist, study: Study, images: str = "") -> str:
    """Return table, forest plot, a line for each claim, and what the claims leave open."""
    if not checklist.rows:
        return "The study declares no expected outcomes."
    table = pipe_table(_HEAD, [_write_row(row) for row in checklist.rows], n_left=len(_HEAD))
    open_points = [str(finding) for finding in list_open_points(study)]
    return join_blocks(
        table,
        images,
        list_items(_explain(row) for row in checklist.rows),
        "What the claims cannot carry, found by reading the study:" if open_points else "",
        list_items(escape_text(point, longest=None) for point in open_points),
    )


def list_open_points(study: Study) -> tuple[Remark, ...]:
    """Return what the study's claims leave open; see `trial_sets.linting.claim`."""
    return tuple(
        finding
        for trial_set, expectation in study.expectations()
        for finding in lint_claim(study, trial_set, expectation)
    )


def describe_power(power: BatchPower | None) -> str:
    """Say which differences the batch could have detected."""
    if power is None:
        return ""
    median, family = format_difference(power.median), format_difference(power.median_in_family)
    known = f"{format_difference(power.median_low)} to {format_difference(power.median_high)}"
    if power.n_contrasts == 1:
        spread = f"{median} for the one claim that can be computed"
    else:
        ends = f"{format_difference(power.smallest)} to {format_difference(power.largest)}"
        spread = f"{median} in the median ({ends}, {count_noun(power.n_contrasts, 'claim')})"
    seeds = "; with one seed the true values are larger" if power.is_provisional else ""
    return (
        f"Smallest difference of AUC that this batch could have detected (80 % power): {spread}, "
        f"{family} where it has to pass Holm's first step among {power.family_size}; for {median} "
        f"it may be {known}, as well as the error itself is known{seeds}."
    )


def describe_observation(observation: Observation | None) -> str:
    """Write the plain reading, `yes (+0.0033)`."""
    if observation is None:
        return "not run"
    word = "yes" if observation.is_yes else "no"
    return f"{word} ({format_difference(observation.difference, is_signed=True)})"


def _write_row(row: ChecklistRow) -> list[str]:
    expectation, judgement = row.case.expectation, row.judgement
    contrast = judgement.contrast
    verdict = describe_verdict(row)
    return [
        escape_text(expectation.claim, longest=200),
        describe_observation(row.case.observation),
        bold(verdict) if judgement.verdict is Verdict.CONFIRMED else verdict,
        "-" if contrast is None else write_interval(contrast),
        "-" if contrast is None else _write_p(contrast),
        _write_last(row.case.last_epoch),
        escape_text(expectation.shows, longest=200),
        escape_text(expectation.then, longest=200),
    ]


def describe_verdict(row: ChecklistRow) -> str:
    """Write the verdict, `refuted (equivalent)` or `inconclusive, provisional`."""
    judgement = row.judgement
    if judgement.refutation is not None:
        return f"{judgement.verdict.value} ({judgement.refutation.value})"
    is_provisional = judgement.contrast is not None and judgement.contrast.is_provisional
    return f"{judgement.verdict.value}, provisional" if is_provisional else judgement.verdict.value


def write_interval(contrast: Contrast) -> str:
    """Write an estimate with its interval."""
    if contrast.is_identical:
        return "0 (identical)"
    estimate = format_difference(contrast.estimate, is_signed=True)
    if contrast.is_without_spread:
        return estimate
    return f"{estimate} [{contrast.low:+.4f}, {contrast.high:+.4f}]"


def _write_p(contrast: Contrast) -> str:
    if contrast.standard_error == 0:
        return "-"
    return format_p(contrast.p_value).removeprefix("p = ").removeprefix("p ")


def _write_last(last: Contrast | None) -> str:
    return "-" if last is None else format_difference(last.estimate, is_signed=True)


def _explain(row: ChecklistRow) -> str:
    """Say why a verdict is what it is, and what would change it."""
    case, judgement, advice = row.case, row.judgement, row.advice
    claim = escape_text(case.expectation.claim, longest=200)
    parts = [f"{bold(claim)}: {describe_verdict(row)}"]
    if judgement.reasons:
        reasons = "; ".join(escape_text(reason, longest=300) for reason in judgement.reasons)
        parts.append(f": {reasons}")
    if judgement.p_holm is not None:
        parts.append(f" (Holm-adjusted {format_p(judgement.p_holm)})")
    if judgement.verdict is Verdict.INCONCLUSIVE and judgement.detectable is not None:
        detectable = format_difference(judgement.detectable)
        parts.append(f"; a difference of {detectable} would have been detected")
    if judgement.verdict is Verdict.PENDING and case.observation is not None:
        seen = case.observation
        means = f"{format_metric(seen.better)} against {format_metric(seen.than)}"
        parts.append(f"; shown only: {means}")
    if advice.command is not None:
        parts.append(f"; {advice.text}: {code_span(advice.command)}")
    elif advice.text:
        parts.append(f"; {escape_text(advice.text, longest=None)}")
    return "".join(parts)
