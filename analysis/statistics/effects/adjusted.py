"""The effect of each level of a hyperparameter, adjusted for the other hyperparameters.

A search does not try every value with every other: a sampler's favourite value keeps company with
its other favourites. The adjusted effect asks what a level does at equal other hyperparameters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.effects.regression import compare_nested, fit_least_squares


@dataclass(frozen=True, slots=True, eq=False)
class AdjustedEffects:
    """Adjusted effects of the levels of one hyperparameter.

    Attributes
    ----------
    effects, lows, highs
        Shape (levels,): the difference from the average configuration and its 95 % interval; NaN
        for a level that the others determine.
    p_value
        Of the F test that no level differs from another; NaN where too few configurations are left
        to tell.
    share, chance
        The share of the variance that the levels alone explain, and the one that they would reach
        by chance in one of twenty.
    n
        Distinct configurations used.
    """

    effects: NDArray[np.float64]
    lows: NDArray[np.float64]
    highs: NDArray[np.float64]
    p_value: float
    share: float
    chance: float
    n: int

    @property
    def span(self) -> float:
        """The largest difference between two levels; NaN when fewer than two are known."""
        known = self.effects[np.isfinite(self.effects)]
        return float(np.ptp(known)) if len(known) > 1 else np.nan


def adjust_levels(
    codes: NDArray[np.int64],
    n_levels: int,
    others: NDArray[np.float64],
    metric: NDArray[np.float64],
) -> AdjustedEffects:
    """Regress the metric on the levels and the other hyperparameters' main effects.

    Ordinary least squares of the metric on one indicator a level and the other columns, one row a
    distinct configuration; an effect is a level's coefficient minus the mean coefficient weighted
    by the levels' counts, with a t interval.

    Parameters
    ----------
    codes
        Shape (n,), the level of each configuration, none missing.
    others
        Shape (n, p), centred columns; level indicators too, since a term that is linear in a value
        or its logarithm misses a hump.
    metric
        Shape (n,).
    """
    indicators = np.asarray(codes[:, None] == np.arange(n_levels)[None, :], dtype="float64")
    full = fit_least_squares(np.column_stack([indicators, others]), metric)
    null = fit_least_squares(np.column_stack([np.ones(len(metric)), others]), metric)
    weights = indicators.mean(axis=0)
    contrasts = np.zeros((n_levels, indicators.shape[1] + others.shape[1]))
    contrasts[:, :n_levels] = np.eye(n_levels) - weights
    pairs = [full.estimate(contrast) for contrast in contrasts]
    effects = np.array([value for value, _ in pairs])
    halves = np.array([full.halfwidth(error) for _, error in pairs])
    total = float(((metric - metric.mean()) ** 2).sum())
    test = compare_nested(null, full, total)
    return AdjustedEffects(
        effects=effects,
        lows=effects - halves,
        highs=effects + halves,
        p_value=test.p_value,
        share=test.share,
        chance=test.chance,
        n=len(metric),
    )
