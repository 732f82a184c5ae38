"""What a proposed round can find, and what it costs."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.frames.frame import TrialFrame
from analysis.proposal.round_plan import RoundPlan
from analysis.runs.run import Run
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.planning.claim_power import ClaimPower, predict_power
from analysis.statistics.planning.design import Design
from analysis.verdicts.expected_parts import find_parts, refer
from analysis.verdicts.forecast import Rows, find_target
from trial_sets.claims.binding import bind_claims
from trial_sets.study import Study

# Of the reference's validation period, where nothing is known of the rows: 76 of them positive.
REFERENCE_ROWS = Rows(
    n_folds=1,
    fold_rows=422,
    fold_class=76,
    context=80,
    horizon=1,
    most_folds=1,
    cuts_validation=False,
)


@dataclass(frozen=True, slots=True)
class ClaimOutlook:
    """What a round can find about one claim.

    Attributes
    ----------
    truth
        The true difference that it ought to confirm.
    source
        What the error is expected from.
    """

    set_name: str
    sentence: str
    truth: float
    power: ClaimPower
    source: str


@dataclass(frozen=True, slots=True)
class RoundCost:
    """What a round takes of one worker, as the trials before it took.

    Attributes
    ----------
    seconds_a_fit
        The median; None where none was recorded.
    """

    n_fits: int
    seconds_a_fit: float | None

    @property
    def seconds(self) -> float | None:
        """Of all fits, one after another."""
        return None if self.seconds_a_fit is None else self.n_fits * self.seconds_a_fit


def forecast_round(
    study: Study, plan: RoundPlan, run: Run | None
) -> tuple[Rows | None, tuple[ClaimOutlook, ...]]:
    """Return the rows that a round is expected on, and what it can find about each claim.

    Of other tools' AUCs the rows are those that they say, or else those of the reference.

    Returns
    -------
    tuple
        No rows and no claims, where nothing tells their error.
    """
    rows = _find_rows(plan.evidence.frame, run)
    if rows is None or (not study.metric.is_auc and run is None):
        return None, ()
    return rows, tuple(_forecast(study, plan, run, rows))


def plan_rows(study: Study, plan: RoundPlan, rows: Rows) -> Design:
    """Return the folds, rows and seeds that a round runs on."""
    return rows.design(max(rows.n_folds, study.folds), len(plan.seeds), plan.n_trials)


def price_round(plan: RoundPlan, n_folds: int = 1) -> RoundCost:
    """Return what a round takes, by the seconds that were measured."""
    seconds = plan.evidence.frame.configured["duration_s"].dropna()
    return RoundCost(
        n_fits=plan.n_trials * len(plan.seeds) * n_folds,
        seconds_a_fit=None if seconds.empty else float(seconds.median()),
    )


def _forecast(study: Study, plan: RoundPlan, run: Run | None, rows: Rows) -> Iterator[ClaimOutlook]:
    alpha = ALPHA / max(1, sum(1 for _ in study.expectations()))
    design = plan_rows(study, plan, rows)
    for bound in bind_claims(study):
        target = find_target(bound, study.rope, alpha)
        expected = (find_parts([run], bound) if run else None) or refer(study.metric)
        if target is not None and expected is not None:
            yield ClaimOutlook(
                set_name=bound.set_name,
                sentence=bound.sentence,
                truth=target.truth,
                power=predict_power(target, expected.parts, design),
                source=expected.describe(design.n_folds),
            )


def _find_rows(frame: TrialFrame, run: Run | None) -> Rows | None:
    if run is not None:
        return Rows.of_run(run.info)
    if frame.metric_label != "AUC":
        return None
    counts = frame.finished[["positives", "negatives"]].dropna()
    if counts.empty:
        return REFERENCE_ROWS
    positives, negatives = (float(count) for count in counts.median())
    if not math.isfinite(positives + negatives) or min(positives, negatives) < 1:
        return REFERENCE_ROWS
    return Rows(
        n_folds=1,
        fold_rows=int(positives + negatives),
        fold_class=int(min(positives, negatives)),
        context=REFERENCE_ROWS.context,
        horizon=REFERENCE_ROWS.horizon,
        most_folds=1,
        cuts_validation=False,
    )
