"""What a planned batch can find about each claim, and the cheapest plan that would decide it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from analysis.numbers import choose_decimals, count_noun, format_difference
from analysis.runs.whole import take_whole
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.planning.claim_power import ClaimPower, ClaimTarget, predict_power
from analysis.statistics.planning.claim_shape import ClaimShape, ShapeKind
from analysis.statistics.planning.deciding_plan import DecidingPlan, find_deciding_plan
from analysis.statistics.planning.design import Design
from analysis.statistics.planning.looks import list_thresholds
from analysis.verdicts.expected_parts import ExpectedParts
from analysis.verdicts.margins import bound_of, margin_of
from trial_sets.claim import ClaimForm
from trial_sets.claims.binding import BoundClaim
from trial_sets.records.run_info import DataSummary, RunInfo
from trial_sets.study import Study
from trial_sets.wording import join_words

SEARCHED_FOLDS, SEARCHED_SEEDS = 16, 30  # of a plan that is searched for


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a plan can find about one claim.

    Attributes
    ----------
    claim : BoundClaim
    target : ClaimTarget
        What counts as true and as false of it, and its level: Holm's first step.
    expected : ExpectedParts
        Of its error.
    power : ClaimPower
        Of the plan; where the study declares looks, at the threshold of the last that it reaches.
    cheapest : DecidingPlan or None
        That confirms a true claim and refutes a false one with 80 % each; None where no plan of
        as many folds as there can be and `SEARCHED_SEEDS` at most does. It is looked at once; its
        cost is the fits of the claim's own trials.
    largest : Design
        That largest plan.
    utmost : ClaimPower
        Of it.
    """

    claim: BoundClaim
    target: ClaimTarget
    expected: ExpectedParts
    power: ClaimPower
    cheapest: DecidingPlan | None
    largest: Design
    utmost: ClaimPower

    def describe_largest(self) -> str:
        """Say what the largest plan falls short in."""
        plan = f"the largest, {write_design(self.largest)}"
        if self.utmost.limits:
            return f"{plan}, confirms and refutes nothing: {join_words(self.utmost.limits)}"
        is_equal = self.target.bound is not None
        decimals = choose_decimals(self.target.rope)
        truth = format_difference(self.target.truth, decimals=decimals)
        true = "equality" if is_equal else f"a true {truth}"
        said = f"{plan}, confirms {true} with {self.utmost.confirms:.0%}"
        if self.utmost.refutes is not None:
            false = "refutes it two bounds apart" if is_equal else "refutes a true zero"
            said += f" and {false} with {self.utmost.refutes:.0%}"
        return said.replace("%", " %")


@dataclass(frozen=True, slots=True)
class Rows:
    """The validation rows that a study may plan with.

    Attributes
    ----------
    n_folds, fold_rows : int
        The folds that there are, and the rows of each.
    fold_class : int or None
        Those of the rarest class; None of labels that are numbers.
    context : int
    horizon : int or None
        Rows that a border costs; no horizon of rows without order.
    most_folds : int
        As many as leave the first of them as many rows to train on as a fold has.
    cuts_validation : bool
        Whether more folds cut the same period into smaller parts.
    shared_rows : int
        Of rows without order: those that train and those that validate together, which folds
        share out.
    """

    n_folds: int
    fold_rows: int
    fold_class: int | None
    context: int
    horizon: int | None
    most_folds: int
    cuts_validation: bool
    shared_rows: int = 0

    @classmethod
    def of_run(cls, info: RunInfo) -> "Rows | None":
        """Return the rows that a run has, and may have where it is asked for as it was.

        None for a run that knows no data, as of a script that reads its own.
        """
        has_folds = any(fold.validation is not None for fold in info.data.folds)
        if not has_folds and not {"train", "validation"} <= info.data.splits.keys():
            return None
        study = info.study
        horizon = study.label.horizon if study.is_ordered else None
        is_cut = info.request is not None and info.request.data.val_start is not None
        return cls.of_data(info.data, horizon, cuts_validation=is_cut)

    @classmethod
    def of_data(cls, data: DataSummary, horizon: int | None, *, cuts_validation: bool) -> "Rows":
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
        length = n_rows + data.context - 1 + (horizon or 0)
        free = max(0, train // length - 1)
        return cls(
            n_folds=len(splits),
            fold_rows=n_rows,
            fold_class=min(take_whole(one.smallest_class for one in splits) or (), default=None),
            context=data.context,
            horizon=horizon,
            most_folds=SEARCHED_FOLDS
            if cuts_validation or horizon is None
            else min(SEARCHED_FOLDS, len(splits) + free),
            cuts_validation=cuts_validation,
            shared_rows=train + n_rows if horizon is None else 0,
        )

    def design(self, n_folds: int, n_seeds: int, n_trials: int) -> Design:
        """Return a batch on so many folds."""
        rows = self.fold_rows
        if self.cuts_validation:
            lost = self.context - 1 + (self.horizon or 0)
            rows = max(1, self.n_folds * (rows + lost) // n_folds - lost)
        if self.shared_rows and n_folds > 1:
            rows = max(1, self.shared_rows // n_folds)
        return Design(
            n_folds=n_folds,
            fold_rows=rows,
            n_seeds=n_seeds,
            n_trials=n_trials,
            horizon_rows=self.horizon,
            fold_class=None
            if self.fold_class is None
            else max(1, round(self.fold_class * rows / self.fold_rows)),
            test_to_train=1 / (n_folds - 1) if self.shared_rows and n_folds > 1 else None,
        )


def forecast_claims(
    study: Study,
    claims: Iterable[BoundClaim],
    rows: Rows,
    *,
    n_trials: int,
    n_seeds: Callable[[BoundClaim], int],
    expect: Callable[[BoundClaim], ExpectedParts | None],
) -> tuple[Forecast, ...]:
    """Return what a plan can find about claims whose every trial is in it.

    Parameters
    ----------
    claims
        Those about the study's metric are forecast. The family is all that the study declares.
    rows
        That the plan is validated on.
    n_trials
        Configurations that it runs.
    n_seeds
        Of a claim's trials in it.
    expect
        What a claim's error is made of; None where nothing tells, so that it is not forecast.
    """
    alpha = ALPHA / max(1, sum(1 for _ in study.expectations()))
    return tuple(
        forecast_claim(
            one,
            target,
            rows,
            parts,
            n_seeds=n_seeds(one),
            n_trials=n_trials,
            looks=study.looks,
        )
        for one in claims
        if (target := find_target(one, study.rope, alpha)) is not None
        and (parts := expect(one)) is not None
    )


def forecast_claim(
    claim: BoundClaim,
    target: ClaimTarget,
    rows: Rows,
    expected: ExpectedParts,
    *,
    n_seeds: int,
    n_trials: int,
    looks: tuple[int, ...] | None = None,
) -> Forecast:
    """Return what a plan of so many seeds and trials can find about one claim."""
    parts = expected.parts
    n_claimed = len({trial.configuration.key for trial in claim.trials})
    planned = rows.design(rows.n_folds, n_seeds, n_trials)
    largest = rows.design(rows.most_folds, SEARCHED_SEEDS, n_trials)
    share = _find_threshold(looks, n_seeds) / ALPHA
    return Forecast(
        claim=claim,
        target=target,
        expected=expected,
        power=predict_power(replace(target, alpha=target.alpha * share), parts, planned),
        largest=largest,
        utmost=predict_power(target, parts, largest),
        cheapest=find_deciding_plan(
            [target],
            parts,
            plan=lambda folds, seeds: rows.design(folds, seeds, n_trials),
            cost=lambda folds, seeds: n_claimed * folds * seeds,
            max_folds=rows.most_folds,
            max_seeds=SEARCHED_SEEDS,
        ),
    )


def _find_threshold(looks: tuple[int, ...] | None, n_seeds: int) -> float:
    """Return what p is held to at the last look that so many seeds reach, at the first at least."""
    if looks is None:
        return ALPHA
    n_reached = sum(look <= n_seeds for look in looks)
    return list_thresholds(looks)[max(n_reached, 1) - 1]


def write_design(design: Design) -> str:
    """Write what a batch is planned with: ``7 folds x 8 seeds``."""
    return f"{count_noun(design.n_folds, 'fold')} x {count_noun(design.n_seeds, 'seed')}"


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
