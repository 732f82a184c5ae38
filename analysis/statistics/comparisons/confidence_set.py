"""Which trials cannot be told from the best."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.comparisons.trial_pairs import PairNoise, draw_pair_noise, pair_trials
from analysis.statistics.metrics.metric import MetricEstimate
from analysis.statistics.variances.seed_pool import SeedPool


@dataclass(frozen=True, slots=True)
class ConfidenceSet:
    """The trials that cannot be told from the best one.

    Attributes
    ----------
    members : tuple of int
        Trials in the set, the best first.
    p_values : tuple of float
        Of every trial; those above 1 - level are members.
    best : int
        The trial with the highest mean.
    is_provisional : bool
        Whether there is only one seed (the set is then too small).
    limits : tuple of str
        Why nothing is conclusive; with too few rows or seeds the set holds every trial.
    """

    members: tuple[int, ...]
    p_values: tuple[float, ...]
    best: int
    is_provisional: bool
    limits: tuple[str, ...]


def find_confidence_set(
    fits: MetricEstimate,
    *,
    horizon_rows: int | None,
    rng: np.random.Generator,
    pool: SeedPool | None = None,
    n_draws: int = 2000,
    level: float = 0.95,
) -> ConfidenceSet:
    """Return the model confidence set of the trials.

    Hansen, Lunde & Nason (2011), Econometrica 79, 453-497, with their range statistic: the
    largest |T_ij| over all pairs still in the set is compared with its distribution, the
    trial that loses by it is struck out, and so on; a trial's p value is the largest up to
    its own step. The set holds the truly best trial with probability `level`. The range statistic
    uses each pair's own error, so that a trial close to the best one, but reliably below it, is
    told apart, where its distance from the average of the set would drown in noise. As in
    `challenge`, T_ij is the contrast's t as a normal deviate, and the noise is that of
    rows and seeds.

    Parameters
    ----------
    fits : MetricEstimate
    horizon_rows, pool
        As in `pair_trials`.
    rng : numpy.random.Generator
    n_draws : int
        B. Time and memory grow with B K^2 and B K.
    level : float
        Probability that the set holds the best.

    Raises
    ------
    ValueError
        If the shape does not fit.
    """
    pairs = pair_trials(fits, horizon_rows=horizon_rows, pool=pool)
    order, statistics = _rank_eliminations(pairs.deviates)
    noise = draw_pair_noise(pairs, n_draws, rng)
    steps = _compute_step_p_values(noise, order, statistics)
    p_values = np.empty(order.size)
    p_values[order] = np.maximum.accumulate(steps)
    by_mean = np.argsort(-pairs.means, kind="stable")
    return ConfidenceSet(
        members=tuple(int(trial) for trial in by_mean if p_values[trial] > 1 - level),
        p_values=tuple(p_values.tolist()),
        best=int(by_mean[0]),
        is_provisional=pairs.is_provisional,
        limits=pairs.limits,
    )


def _rank_eliminations(
    deviates: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Order in which the trials leave, and the statistic by which each does (the last: zero)."""
    left = list(range(deviates.shape[0]))
    order, statistics = [], []
    while len(left) > 1:
        losses = -deviates[np.ix_(left, left)].min(axis=1)
        loser = int(np.argmax(losses))
        statistics.append(float(losses[loser]))
        order.append(left.pop(loser))
    return np.array(order + left), np.array([*statistics, 0.0])


def _compute_step_p_values(
    noise: PairNoise, order: NDArray[np.int64], statistics: NDArray[np.float64]
) -> NDArray[np.float64]:
    """P value of each step; the sets are nested, so the maximum grows from the last step back."""
    n_draws = noise.rows.shape[0]
    largest = np.zeros(n_draws)
    p_values = np.ones(order.size)
    for step in range(order.size - 2, -1, -1):
        deviates = noise.draw_deviates(int(order[step]), order[step + 1 :])
        largest = np.maximum(largest, np.abs(deviates).max(axis=1))
        p_values[step] = (1 + np.sum(largest >= statistics[step])) / (1 + n_draws)
    return p_values
