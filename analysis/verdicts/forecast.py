"""What a planned batch can find about each claim, and the cheapest plan that would decide it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from analysis.runs.run import Run
from analysis.runs.score_table import gather_scores
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.planning.claim_power import ClaimPower, ClaimTarget, predict_power
from analysis.statistics.planning.claim_shape import ClaimShape, ShapeKind
from analysis.statistics.planning.deciding_plan import DecidingPlan, find_deciding_plan
from analysis.statistics.planning.design import Design
from analysis.statistics.planning.variance_parts import VarianceParts, estimate_parts
from analysis.verdicts.margins import bound_of, margin_of
from trial_sets.claim import ClaimForm
from trial_sets.claims.binding import BoundClaim, bind_claims
from trial_sets.records.run_info import DataSummary
from trial_sets.study import Study

MOST_FOLDS, MOST_SEEDS = 16, 30  # of a plan that is searched for
Cost = Callable[[int, int], float]  # what so many folds and seeds take


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a plan can find about one claim.

    Attributes
    ----------
    claim : BoundClaim
    target : ClaimTarget
        What counts as true and as false of it, and its level: Holm's first step.
    power : ClaimPower
        Of the plan.
    cheapest : DecidingPlan or None
        That confirms a true claim and refutes a false one with 80 % each; None where no plan of
        as many folds as there can be and `MOST_SEEDS` at most does.
    utmost : ClaimPower
        Of that largest plan.
    """

    claim: BoundClaim
    target: ClaimTarget
    power: ClaimPower
    cheapest: DecidingPlan | None
    utmost: ClaimPower


@dataclass(frozen=True, slots=True)
class Rows:
    """The validation rows that a study may plan with.

    Attributes
    ----------
    n_folds, fold_rows, fold_class : int
        The folds that there are, and the rows of each, of the rarer class too.
    context, horizon : int
        Rows that a border costs.
    most_folds : int
        As many as leave the first of them as many rows to train on as a fold has.
    cuts_validation : bool
        Whether more folds cut the same period into smaller parts.
    """

    n_folds: int
    fold_rows: int
    fold_class: int
    context: int
    horizon: int
    most_folds: int
    cuts_validation: bool

    @classmethod
    def of_data(cls, data: DataSummary, horizon: int, *, cuts_validation: bool) -> "Rows":
        """Return the rows that a run's data say.

        Parameters
        ----------
        cuts_validation
            Whether a person has said where validation starts.
        """
        folds = [fold for fold in data.folds if fold.validation is not None]
        splits = [fold.validation for fold in folds if fold.validation is not None]
        splits = splits or [data.splits["validation"]]
        first = folds[0].train if folds else None
        train = data.splits["train"].rows if first is None else first.rows
        n_rows = round(sum(split.rows for split in splits) / len(splits))
        length = n_rows + data.context - 1 + horizon
        free = max(0, train // length - 1)
        return cls(
            n_folds=len(splits),
            fold_rows=n_rows,
            fold_class=min(min(one.positives, one.rows - one.positives) for one in splits),
            context=data.context,
            horizon=horizon,
            most_folds=MOST_FOLDS if cuts_validation else min(MOST_FOLDS, len(splits) + free),
            cuts_validation=cuts_validation,
        )

    def design(self, n_folds: int, n_seeds: int, n_trials: int) -> Design:
        """Return a batch on so many folds."""
        rows = self.fold_rows
        if self.cuts_validation:
            lost = self.context - 1 + self.horizon
            rows = max(1, self.n_folds * (rows + lost) // n_folds - lost)
        return Design(
            n_folds=n_folds,
            fold_rows=rows,
            n_seeds=n_seeds,
            n_trials=n_trials,
            horizon_rows=self.horizon,
            fold_class=max(1, round(self.fold_class * rows / self.fold_rows)),
        )


def forecast_claims(
    study: Study,
    keys: Collection[str],
    rows: Rows,
    n_seeds: int,
    parts: VarianceParts,
    cost: Callable[[BoundClaim], Cost],
) -> tuple[Forecast, ...]:
    """Return what a plan can find about the claims whose every trial is in it.

    Parameters
    ----------
    keys
        Of the configurations that the plan runs.
    rows
        That they are validated on.
    parts
        Of the error that is expected.
    cost
        What it costs to run the trials of a claim.
    """
    bound = bind_claims(study)
    return tuple(
        forecast_claim(
            one, target, rows, parts, n_seeds=n_seeds, n_trials=len(keys), cost=cost(one)
        )
        for one in bound
        if {trial.configuration.key for trial in one.trials} <= set(keys)
        and (target := find_target(one, study.rope, ALPHA / len(bound))) is not None
    )


def forecast_claim(
    claim: BoundClaim,
    target: ClaimTarget,
    rows: Rows,
    parts: VarianceParts,
    *,
    n_seeds: int,
    n_trials: int,
    cost: Cost,
) -> Forecast:
    """Return what a plan of so many seeds and trials can find about one claim."""
    planned = rows.design(rows.n_folds, n_seeds, n_trials)
    largest = rows.design(rows.most_folds, MOST_SEEDS, n_trials)
    return Forecast(
        claim=claim,
        target=target,
        power=predict_power(target, parts, planned),
        utmost=predict_power(target, parts, largest),
        cheapest=find_deciding_plan(
            [target],
            parts,
            plan=lambda folds, seeds: rows.design(folds, seeds, n_trials),
            cost=cost,
            max_folds=rows.most_folds,
            max_seeds=MOST_SEEDS,
        ),
    )


def find_target(bound: BoundClaim, rope: float, alpha: float) -> ClaimTarget | None:
    """Return what counts as true of a claim; None where it is not about the study's metric."""
    claim = bound.claim
    if not claim.is_of_study_metric:
        return None
    return ClaimTarget(
        shape=_find_shape(bound),
        rope=rope,
        margin=margin_of(claim),
        bound=bound_of(claim) if claim.form is ClaimForm.EQUAL else None,
        alpha=alpha,
    )


def _find_shape(bound: BoundClaim) -> ClaimShape:
    claiming, references = len(bound.claiming), len(bound.references)
    match bound.claim.form:
        case ClaimForm.BEATS:
            is_every = bound.claim.sides == "every" and claiming + references > 2
            kind = ShapeKind.EVERY if is_every else ShapeKind.MEAN
            return ClaimShape(kind, claiming, references)
        case ClaimForm.ANY:
            return ClaimShape(ShapeKind.ANY, claiming, references)
        case ClaimForm.EQUAL:
            return ClaimShape(ShapeKind.EQUAL, claiming)
        case ClaimForm.RISES | ClaimForm.FALLS:
            return ClaimShape(ShapeKind.RISE, claiming, trials_by_value=(1,) * claiming)


def find_parts(runs: Sequence[Run]) -> tuple[VarianceParts, Run] | None:
    """Return what the errors of the first run that tells any are made of, and that run."""
    return next(_list_parts(runs), None)


def _list_parts(runs: Sequence[Run]) -> Iterator[tuple[VarianceParts, Run]]:
    for run in runs:
        horizon = run.info.study.label.horizon
        table = gather_scores(run.trained)
        fits = None if table is None else table.estimate_judged(horizon)
        parts = None if fits is None else estimate_parts(fits, horizon_rows=horizon)
        if parts is not None:
            yield parts, run
