"""At a look of a plan: which claims need no further one, and entering that in the ledger."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from analysis.runs.run import Run
from analysis.statistics.comparisons.contrast import Contrast
from analysis.statistics.comparisons.limits import list_row_limits
from analysis.statistics.planning.looks import decide_stop, find_conditional_power
from analysis.verdicts.checklist import ChecklistRow
from analysis.verdicts.judged_looks import add_lines
from analysis.verdicts.threshold import find_last_level
from analysis.verdicts.verdict import ClaimTest, Verdict
from trial_sets.records.claim_file import tell_time
from trial_sets.records.claim_ledger import ClaimLedger
from trial_sets.records.claim_lines import StopLine, StopVerdict
from trial_sets.records.claim_stops import find_stop
from trial_sets.records.layout import RunLayout
from trial_sets.records.run_info import describe_validation

Answer = TypeVar("Answer")

_SETTLED: dict[Verdict, StopVerdict] = {
    Verdict.CONFIRMED: "confirmed",
    Verdict.REFUTED: "refuted",
}


@dataclass(frozen=True, slots=True)
class LookRule:
    """By what it is decided whether a claim needs a further look.

    Attributes
    ----------
    plan : tuple of int
        Numbers of seeds at each look.
    design : float
        The difference that the plan is meant to find, in units of the metric.
    minds_futility : bool
        Whether a claim that would hardly be confirmed is stopped.
    """

    plan: tuple[int, ...]
    design: float
    minds_futility: bool = True

    def decide(self, row: ChecklistRow) -> StopVerdict | None:
        """Return why a claim needs no further look; None where the next one is worth its cost.

        Confirmed and refuted are what the checklist says. Futile is a claim about differences of
        the study's metric of which a part has a conditional power below 0.10 at the difference
        designed for, beyond the claim's own margin: a conjunction is confirmed with all its parts.
        Where its limits forbid a verdict so far, none is futile. What is open at the last look is
        undecided. A look at a number of seeds that the plan does not have stops nothing.
        """
        if row.look is not None and len(row.look.seeds) not in self.plan:
            return None
        if row.judgement.verdict in _SETTLED:
            return _SETTLED[row.judgement.verdict]
        test = row.case.test
        if row.judgement.verdict is not Verdict.INCONCLUSIVE or not isinstance(test, ClaimTest):
            return None
        if test.n_seeds >= self.plan[-1]:
            return "undecided"
        if not self.minds_futility or test.all_limits:
            return None
        return "futile" if any(self._ask_of_parts(row, test, decide_stop)) else None

    def find_power(self, row: ChecklistRow) -> float | None:
        """Return the probability that a claim is confirmed at the last look, if it is like that.

        That of its hardest part, at the difference designed for; None where nothing tells it.
        """
        test = row.case.test
        if not isinstance(test, ClaimTest) or test.n_seeds >= self.plan[-1]:
            return None
        return min(self._ask_of_parts(row, test, find_conditional_power), default=None)

    def _ask_of_parts(
        self, row: ChecklistRow, test: ClaimTest, question: Callable[..., Answer]
    ) -> list[Answer]:
        """Return what a statistic of the looks says of each part of a claim."""
        left = sum(number > test.n_seeds for number in self.plan)
        plan = self.plan if row.judgement.is_planned else None
        level = find_last_level(row.dating, plan, row.look_number + left)
        return [
            question(
                part,
                last_seeds=self.plan[-1],
                design=self.design,
                rope=test.margin - test.against,
                level=level,
            )
            for part in _list_parts(row, test)
        ]


def find_lasting_limits(row: ChecklistRow) -> tuple[str, ...]:
    """Return what keeps a claim open however many seeds are run, in short texts."""
    test = row.case.test
    if not isinstance(test, ClaimTest):
        return ()
    of_rows = (
        limit
        for one in test.inference.contrasts
        for limit in list_row_limits(one.n_rows, one.nu, one.smallest_class)
    )
    return (*test.limits, *dict.fromkeys(of_rows))


def enter_stops(
    run: Run, stopped: Sequence[tuple[ChecklistRow, StopVerdict]], rule: LookRule
) -> str | None:
    """Enter in the ledger which claims were stopped, and on what.

    Parameters
    ----------
    stopped
        Claims that were judged and whose looks are entered, and why each is stopped.
    rule
        By which.

    Returns
    -------
    str or None
        A clause that says why they could not be entered, if they could not.
    """
    if not stopped:
        return None

    def list_lines(ledger: ClaimLedger) -> Iterator[StopLine]:
        study, rows = run.info.study, ledger.complete(describe_validation(run.info.data))
        for row, stop in stopped:
            line = _make_stop(run, row, stop, rule)
            known = find_stop(ledger, study.name, line.digest, rows, line.run)
            if known is None or known.evidence != line.evidence:
                yield line.model_copy(update={"rows": rows})

    return add_lines(RunLayout(run.folder), list_lines)


def _make_stop(run: Run, row: ChecklistRow, stop: StopVerdict, rule: LookRule) -> StopLine:
    bound, look, judgement = row.case.bound, row.look, row.judgement
    assert bound is not None
    assert look is not None
    return StopLine.model_validate(
        {
            "time": tell_time(),
            "study": run.info.study.name,
            "run": look.run,
            "digest": bound.digest(run.info.study.rope),
            "question": bound.question(),
            "rows": describe_validation(run.info.data),
            "seeds": look.seeds,
            "folds": look.folds,
            "evidence": look.evidence,
            "plan": rule.plan,
            "verdict": stop,
            "p_holm": judgement.p_holm,
            "threshold": judgement.threshold,
            "is_planned": judgement.is_planned,
            "design": rule.design,
            "pooled": row.case.pooled,
        }
    )


def _list_parts(row: ChecklistRow, test: ClaimTest) -> list[Contrast]:
    """Return the differences that a claim is made of, less its margin, where futility is known."""
    if not row.case.claim.is_of_study_metric or test.inference.bound is not None:
        return []
    return [
        replace(
            one,
            estimate=one.estimate - test.against,
            low=one.low - test.against,
            high=one.high - test.against,
        )
        for one in test.inference.contrasts
    ]
