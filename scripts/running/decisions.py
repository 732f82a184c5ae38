"""What a plan of looks has decided: a line a claim, and the same for a program."""

from rich.console import Console

from analysis.numbers import format_p
from analysis.report.sections.checklist import describe_verdict, write_interval
from analysis.verdicts.checklist import Checklist, ChecklistRow
from analysis.verdicts.stopping import LookRule, find_lasting_limits
from analysis.verdicts.verdict import Verdict
from runner.planning.plan import Plan
from runner.summaries.results import ResultSummary, summarize_results
from scripts.running.look_plan import LookPlan
from scripts.running.result_table import print_results
from scripts.text import mark
from trial_sets.configuration import StrictModel
from trial_sets.records.claim_lines import StopVerdict
from trial_sets.records.claim_stops import WORDS, describe_stop, list_plan, name_look

_UNDECIDED = {Verdict.PENDING, Verdict.POST_HOC, Verdict.UNDATED}


class ClaimDecision(StrictModel):
    """What a claim came to."""

    set_name: str
    sentence: str
    verdict: str  # as `analyze` has it
    stop: StopVerdict | None  # at its last look; None where it is open, or cannot be judged
    seeds: int  # of its last look; 0 before the first
    estimate: float | None  # in units of the metric; more is better
    low: float | None
    high: float | None
    p_value: float | None  # adjusted
    threshold: float | None  # that it has to stay below
    text: str  # the same in words


class DecisionSummary(ResultSummary):
    """What a batch left that was run until its claims were decided."""

    looks: tuple[int, ...]  # numbers of seeds
    design: float  # difference of AUC that they are meant to find
    claims: tuple[ClaimDecision, ...]


def summarize_decisions(
    looks: LookPlan, plan: Plan, checklist: Checklist | None
) -> DecisionSummary:
    """Return what came of a plan of looks.

    Parameters
    ----------
    plan
        Of all fits that the looks have asked for.
    checklist
        The claims as judged at their last looks; None where there is no fit.
    """
    wanted = {claim.digest(looks.plan.info.study.rope) for claim in looks.claims}
    rows = () if checklist is None else checklist.rows
    chosen = [
        row
        for row in rows
        if row.case.bound and row.case.bound.digest(looks.plan.info.study.rope) in wanted
    ]
    return DecisionSummary(
        **dict(summarize_results(plan)),
        looks=looks.rule.plan,
        design=looks.rule.design,
        claims=tuple(_summarize(row, looks.rule) for row in chosen),
    )


def _summarize(row: ChecklistRow, rule: LookRule) -> ClaimDecision:
    stop, found = row.dating.stop, row.judgement.inference
    return ClaimDecision(
        set_name=row.case.set_name,
        sentence=row.case.sentence,
        verdict=row.judgement.verdict.value,
        stop=None if stop is None else stop.verdict,
        seeds=0 if row.look is None else len(row.look.seeds),
        estimate=None if found is None else found.estimate,
        low=None if found is None else found.low,
        high=None if found is None else found.high,
        p_value=row.judgement.p_holm,
        threshold=None if found is None else row.judgement.threshold,
        text=_describe_outcome(row, rule),
    )


def print_decisions(summary: DecisionSummary, console: Console) -> None:
    """Print the results, and a line for each claim."""
    print_results(summary, console)
    console.print(f"Looks at {list_plan(summary.looks)} seeds:")
    for claim in summary.claims:
        said = f"Claim of set {claim.set_name}: {claim.sentence}: {claim.text}."
        console.print(mark(said), soft_wrap=True)


def is_beyond_looks(row: ChecklistRow) -> bool:
    """Return whether no further look at a claim can decide it as things are."""
    return row.judgement.verdict in _UNDECIDED or bool(find_lasting_limits(row))


def describe_row(row: ChecklistRow, rule: LookRule, stop: StopVerdict | None) -> str:
    """Say what a look came to: the claim, what becomes of it, and its figures.

    Parameters
    ----------
    stop
        Why it is stopped; None where it is not.
    """
    if stop is None:
        said = _describe_open(row, rule)
    else:
        is_settled = row.judgement.verdict in {Verdict.CONFIRMED, Verdict.REFUTED}
        said = describe_verdict(row) if is_settled else WORDS.get(stop, stop)
    return f"set {row.case.set_name}, {row.case.sentence}: {said}{_write_figures(row)}"


def _describe_outcome(row: ChecklistRow, rule: LookRule) -> str:
    """Say what a claim came to at its last look, with its figures."""
    stop = row.dating.stop
    if stop is not None:
        return f"{describe_stop(stop)}{_write_figures(row)}"
    last = ""
    if row.look is not None and len(row.look.seeds) in rule.plan:
        last = f" after {name_look(rule.plan, len(row.look.seeds))}"
    return f"{_describe_open(row, rule)}{last}{_write_figures(row)}"


def _describe_open(row: ChecklistRow, rule: LookRule) -> str:
    """Say how a claim stands that was not stopped."""
    if row.judgement.verdict in _UNDECIDED:
        return f"{describe_verdict(row)}, {'; '.join(row.judgement.reasons)}"
    if limits := find_lasting_limits(row):
        return f"inconclusive, and no number of seeds decides it ({'; '.join(limits)})"
    power = rule.find_power(row)
    chance = "" if power is None else (
        f", confirmed in the end with probability {power:.2f} if the difference is {rule.design:g}"
    )  # fmt: skip
    return f"open{chance}"


def _write_figures(row: ChecklistRow) -> str:
    """Write a claim's estimate, interval and p, and what p has to stay below."""
    found, p_value = row.judgement.inference, row.judgement.p_holm
    if found is None:
        return ""
    said = f": {write_interval(found, row.case.claim)}"
    if p_value is None or row.judgement.verdict is Verdict.REFUTED:
        return said  # which the interval decides
    bar = f"{row.judgement.threshold:.3g}"
    is_charged = row.look_number > 1 and not row.judgement.is_planned
    charge = f" and as look {row.look_number}" if is_charged else ""
    return f"{said}, {format_p(p_value)} after Holm{charge}, confirmed below {bar}"
