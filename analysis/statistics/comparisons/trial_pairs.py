"""Every pair of trials of a batch: their differences, their errors, and their joint noise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats import t as student

from analysis.statistics.comparisons.contrast import combine_variances
from analysis.statistics.comparisons.limits import list_row_limits, list_seed_limits
from analysis.statistics.metrics.metric import MetricEstimate, check_estimates
from analysis.statistics.variances.row_variance import (
    choose_row_df,
    measure_pair_variances,
    resolve_rows,
    spread_pairs,
)
from analysis.statistics.variances.seed_pool import SeedPool, pool_seeds


@dataclass(frozen=True, slots=True, eq=False)
class TrialPairs:
    """What a batch says about each pair of its K trials.

    Attributes
    ----------
    means : ndarray, shape (K,)
        Over seeds.
    errors, dfs : ndarray, shape (K, K)
        Standard error and degrees of freedom of ``means[i] - means[j]``, as in
        `contrast_weighted`; an error of zero means that the two rank every pair of rows alike.
    seed_shares : ndarray, shape (K, K)
        Part of the standard deviation between seeds that is not noise of the rows,
        ``sqrt(max(0, V_seed - V_int) / V_seed)``.
    components : ndarray, shape (K, M)
        Of the rows, as `resolve_rows` gives them for the means over seeds.
    seed_deviations : ndarray, shape (K, S)
        Value with each seed less the mean.
    pool : SeedPool
    row_limits, seed_limits : tuple of str
        Why a comparison is inconclusive at most.
    """

    means: NDArray[np.float64]
    errors: NDArray[np.float64]
    dfs: NDArray[np.float64]
    seed_shares: NDArray[np.float64]
    components: NDArray[np.float64]
    seed_deviations: NDArray[np.float64]
    pool: SeedPool
    row_limits: tuple[str, ...]
    seed_limits: tuple[str, ...]

    @property
    def is_provisional(self) -> bool:
        """Whether there is only one seed."""
        return int(self.seed_deviations.shape[1]) == 1

    @property
    def limits(self) -> tuple[str, ...]:
        """Why a comparison is inconclusive at most."""
        return (*self.seed_limits, *self.row_limits)

    @property
    def deviates(self) -> NDArray[np.float64]:
        """``means[i] - means[j]`` as the normal deviate with the p value of its t, (K, K).

        ``z = Phi^-1(F_t(T; df))``: few degrees of freedom thus cost a pair what they cost its
        contrast, and pairs with different ones can be compared. Zero where rows or seeds are too
        few: nothing can be told apart (with one seed the rows alone tell).
        """
        differences = self.means[:, None] - self.means[None, :]
        if self.row_limits or (self.seed_limits and not self.is_provisional):
            return np.zeros_like(differences)
        ratios = np.divide(
            differences, self.errors, out=np.zeros_like(differences), where=self.errors > 0
        )
        tails = norm.isf(student.sf(np.abs(ratios), self.dfs))
        return np.asarray(np.sign(ratios) * tails)


@dataclass(frozen=True, slots=True, eq=False)
class PairNoise:
    """Joint draws of the noise in the means of K trials, B of them.

    Attributes
    ----------
    rows, seeds : ndarray, shape (B, K)
    pairs : TrialPairs
    """

    rows: NDArray[np.float64]
    seeds: NDArray[np.float64]
    pairs: TrialPairs

    def draw_deviates(self, trial: int, others: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the noise of a trial's differences to others in their standard deviations.

        Parameters
        ----------
        trial : int
        others : ndarray of int, shape (M,)

        Returns
        -------
        ndarray, shape (B, M)
            Zero for trials that are alike.
        """
        noise = self.rows[:, [trial]] - self.rows[:, others]
        shares = self.pairs.seed_shares[trial, others]
        noise += shares * (self.seeds[:, [trial]] - self.seeds[:, others])
        noise *= self.pairs.errors[trial, others] > 0
        spread = np.sqrt(np.square(noise).mean(axis=0))
        scaled = np.divide(noise, spread, out=np.zeros_like(noise), where=spread > 0)
        return np.asarray(scaled)


def pair_trials(
    fits: MetricEstimate, *, horizon_rows: int | None, pool: SeedPool | None = None
) -> TrialPairs:
    """Return the differences between all pairs of trials and their errors.

    Parameters
    ----------
    fits : MetricEstimate
        Of K trials with the same S seeds, ``values`` (K, S).
    horizon_rows, pool
        As in `contrast_weighted`.

    Raises
    ------
    ValueError
        If the shape does not fit.
    """
    fits = check_estimates(fits, "fits")
    pool = pool_seeds(fits, horizon_rows=horizon_rows) if pool is None else pool
    n_seeds, n_rows = fits.influences.shape[1:]
    means, influences = fits.values.mean(axis=1), fits.influences.mean(axis=1)
    deviations = fits.values - means[:, None]  # (K, S)
    rows = measure_pair_variances(influences, horizon_rows)
    seeds, interaction, seed_df = np.zeros_like(rows), np.zeros_like(rows), 0
    if n_seeds > 1:
        scale = n_seeds * (n_seeds - 1)
        own = np.swapaxes(fits.influences - influences[:, None], 0, 1)  # (S, K, N)
        seeds = spread_pairs(deviations) / scale
        interaction = measure_pair_variances(own, horizon_rows).sum(axis=0) / scale
        is_spread = rows + seeds > 0
        seeds, interaction, seed_df = pool.moderate(
            seeds, interaction, squared_weights=2.0 * is_spread, n_seeds=n_seeds
        )
    row_df = choose_row_df(n_rows, horizon_rows)
    errors, dfs = combine_variances(rows, seeds, interaction, row_df=row_df, seed_df=seed_df)
    kept = np.maximum(0, seeds - interaction)
    nu = None if horizon_rows is None else row_df
    return TrialPairs(
        means=means,
        errors=errors,
        dfs=dfs,
        seed_shares=np.sqrt(np.divide(kept, seeds, out=np.zeros_like(seeds), where=seeds > 0)),
        components=resolve_rows(influences, horizon_rows),
        seed_deviations=deviations,
        pool=pool,
        row_limits=list_row_limits(n_rows, nu, fits.smallest_class),
        seed_limits=list_seed_limits(n_seeds, seed_df, has_rows=n_rows > 0),
    )


def draw_pair_noise(pairs: TrialPairs, n_draws: int, rng: np.random.Generator) -> PairNoise:
    """Return joint draws of what rows and seeds do to the means.

    Rows: ``g . Lambda_k / sqrt(nu)`` with the same standard normal g (nu,) for every trial, whose
    covariance is ``Lambda_a . Lambda_b / nu``. Seeds: ``sum_s h_s (a_ks - a_k) / sqrt(S (S - 1))``
    with the same h for every trial, and a part of the pooled spread for each trial of its own, in
    the proportion in which `SeedPool.moderate` blends their variances.

    Parameters
    ----------
    pairs : TrialPairs
    n_draws : int
        B.
    rng : numpy.random.Generator
    """
    n_trials, n_seeds = pairs.seed_deviations.shape
    rows = rng.standard_normal((n_draws, pairs.components.shape[1])) @ pairs.components.T
    if n_seeds == 1:
        return PairNoise(rows, np.zeros_like(rows), pairs)
    df = pairs.pool.df + n_seeds - 1
    own = rng.standard_normal((n_draws, n_seeds)) @ pairs.seed_deviations.T
    pooled = rng.standard_normal((n_draws, n_trials)) * np.sqrt(pairs.pool.variance / n_seeds)
    seeds = own / np.sqrt(n_seeds * df) + pooled * np.sqrt(pairs.pool.df / df)
    return PairNoise(rows, seeds, pairs)
