"""What the product's own functions say of simulated batches."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.statistics.comparisons.challenge import challenge_control
from analysis.statistics.comparisons.confidence_set import find_confidence_set
from analysis.statistics.comparisons.contrast import contrast_trials
from analysis.statistics.comparisons.inference import Inference, infer_difference, infer_every
from analysis.statistics.comparisons.multiplicity import ALPHA, adjust_holm
from analysis.statistics.metrics.metric import MetricEstimate
from analysis.statistics.planning.looks import USUAL_PLAN, adjust_for_looks, list_thresholds
from analysis.statistics.variances.seed_pool import pool_seeds
from tests.analysis.simulation.first_edition import challenge_first, contrast_first
from tests.analysis.simulation.process import Process
from tests.analysis.simulation.scoring import SEED, score_batches, take_seeds

ROPE = 0.005
N_DRAWS = 1000
# Of seven trials, with the sides of the five claims of a50.
CLAIMS = (((2, 3), (0, 1)), ((1, 2), (0,)), ((4, 5), (3,)), ((0,), (6,)), ((4, 6), (5,)))


@dataclass(frozen=True, slots=True)
class Share:
    """A share of replicates with its Monte Carlo error."""

    value: float
    error: float

    @classmethod
    def of(cls, found: Sequence[float] | np.ndarray) -> "Share":
        array = np.asarray(found, dtype=float)
        return cls(float(array.mean()), float(array.std() / np.sqrt(array.size)))

    def __str__(self) -> str:
        return f"{self.value:.3f}".removeprefix("0")


@dataclass(frozen=True, slots=True)
class Edition:
    """How an edition's error fared with five claims that are not true.

    Attributes
    ----------
    coverage : Share
        Of the 95 % intervals of single claims.
    false : Share
        Any of the five claims confirmed.
    width : float
        Mean width of the intervals over that by the true standard deviation.
    """

    coverage: Share
    false: Share
    width: float


def measure_claims(process: Process, n_batches: int) -> tuple[Edition, Edition]:
    """Judge five claims by Holm and the ROPE in every batch, by the first edition and by ours."""
    first, second = _Tally(), _Tally()
    for fits in score_batches(process, n_batches):
        pool = pool_seeds(fits, horizon_rows=process.horizon_rows)
        sides = [(fits.select(list(g)), fits.select(list(h))) for g, h in CLAIMS]
        ours = [
            contrast_trials(*pair, horizon_rows=process.horizon_rows, pool=pool) for pair in sides
        ]
        second.add(
            [one.estimate for one in ours],
            [(one.high - one.low) / 2 for one in ours],
            [1.0 if one.limits else one.p_value for one in ours],
        )
        old = [contrast_first(*pair, process.horizon_rows) for pair in sides]
        first.add(
            [one.estimate for one in old],
            [one.reach for one in old],
            [one.p_value for one in old],
        )
    return first.conclude(), second.conclude()


def measure_pooled(process: Process, n_batches: int) -> Edition:
    """Judge the five claims over folds; with two trials the one that the first beats the second."""
    claims = CLAIMS if process.n_trials > 2 else (((0,), (1,)),)
    tally = _Tally()
    for fits in score_batches(process, n_batches):
        pool = pool_seeds(fits, horizon_rows=process.horizon_rows)
        found = [
            contrast_trials(
                fits.select(list(g)),
                fits.select(list(h)),
                horizon_rows=process.horizon_rows,
                pool=pool,
            )
            for g, h in claims
        ]
        tally.add(
            [one.estimate for one in found],
            [(one.high - one.low) / 2 for one in found],
            [1.0 if one.limits else one.p_value for one in found],
        )
    return tally.conclude()


def measure_every(process: Process, n_batches: int) -> tuple[Share, Share]:
    """Confirm "the first beats the second and the third", by their mean and by every one."""
    by_mean, by_every = [], []
    for fits in score_batches(process, n_batches):
        pool = pool_seeds(fits, horizon_rows=process.horizon_rows)
        mean, *parts = (
            contrast_trials(
                fits.select([0]), fits.select(others), horizon_rows=process.horizon_rows, pool=pool
            )
            for others in ([1, 2], [1], [2])
        )
        by_mean.append(is_confirmed(infer_difference(mean)))
        by_every.append(is_confirmed(infer_every(parts)))
    return Share.of(by_mean), Share.of(by_every)


def measure_champion(process: Process, n_batches: int) -> tuple[Share, Share, Share]:
    """Any of six told from the control, first edition and ours; and the control out of the set."""
    first, second, left_out = [], [], []
    rng = np.random.default_rng(SEED + 1)
    for fits in score_batches(process, n_batches):
        candidates, control = fits.select(range(1, process.n_trials)), fits.select(0)
        found = challenge_control(
            candidates, control, horizon_rows=process.horizon_rows, rope=ROPE, rng=rng,
            n_draws=N_DRAWS,
        )  # fmt: skip
        second.append(min(found.p_values) < ALPHA)
        first.append(challenge_first(fits, process.horizon_rows, rng, N_DRAWS) < ALPHA)
        kept = find_confidence_set(
            fits, horizon_rows=process.horizon_rows, rng=rng, n_draws=N_DRAWS
        )
        left_out.append(0 not in kept.members)
    return Share.of(first), Share.of(second), Share.of(left_out)


def measure_looks(process: Process, n_batches: int) -> tuple[Share, Share, Share]:
    """Confirm one claim at any look: as if each were the first, charged, and by the usual plan."""
    plan = dict(zip(USUAL_PLAN, list_thresholds(USUAL_PLAN), strict=True))
    plain, charged, planned = [], [], []
    for fits in score_batches(process, n_batches):
        found = [_look(fits, n_seeds, process.horizon_rows) for n_seeds in range(2, 11)]
        reached = [one.reaches(ROPE, rope=ROPE) and not one.limits for one in found]
        looks = list(zip(range(1, 10), found, reached, strict=True))
        plain.append(any(ok and one.p_value < ALPHA for _, one, ok in looks))
        charged.append(any(ok and adjust_for_looks(one.p_value, n) < ALPHA for n, one, ok in looks))
        planned.append(any(ok and one.p_value < plan.get(n + 1, 0) for n, one, ok in looks))
    return Share.of(plain), Share.of(charged), Share.of(planned)


def is_confirmed(found: Inference) -> bool:
    """Whether a claim that is alone in its family is confirmed."""
    return found.p_value < ALPHA and found.reaches(ROPE, rope=ROPE) and not found.limits


def _look(fits: MetricEstimate, n_seeds: int, horizon_rows: int) -> Inference:
    seen = take_seeds(fits, n_seeds)
    pool = pool_seeds(seen, horizon_rows=horizon_rows)
    sides = seen.select([0]), seen.select([1])
    return infer_difference(contrast_trials(*sides, horizon_rows=horizon_rows, pool=pool))


class _Tally:
    """Counts over batches."""

    def __init__(self) -> None:
        self.estimates: list[list[float]] = []
        self.reaches: list[list[float]] = []
        self.false: list[bool] = []

    def add(self, estimates: list[float], reaches: list[float], p_values: list[float]) -> None:
        self.estimates.append(estimates)
        self.reaches.append(reaches)
        adjusted = adjust_holm(p_values)
        claims = zip(estimates, adjusted, strict=True)
        self.false.append(any(p < ALPHA and estimate >= ROPE for estimate, p in claims))

    def conclude(self) -> Edition:
        estimates, reaches = np.array(self.estimates), np.array(self.reaches)
        covered = np.abs(estimates) <= reaches
        ideal = 1.96 * estimates.std(axis=0)
        width = float((reaches.mean(axis=0) / ideal).mean())
        return Edition(Share.of(covered.mean(axis=1)), Share.of(self.false), width)
