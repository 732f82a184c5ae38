"""Every pair of trials of a batch: their differences, their errors, and their joint noise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats import t as student

from analysis.statistics.comparisons.limits import list_row_limits, list_seed_limits
from analysis.statistics.metrics.metric import MetricEstimate, check_estimates
from analysis.statistics.variances.row_variance import (
    choose_row_df,
    measure_fold_pairs,
    measure_pair_variances,
    resolve_rows,
    spread_pairs,
)
from analysis.statistics.variances.seed_pool import SeedPool, pool_seeds
from analysis.statistics.variances.standard_error import combine_variances


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
    period_shares : ndarray, shape (K, K)
        Part of the standard deviation between folds that the rest of the error lacks, ``sqrt(
        V_period / V_fold)``; zero with one fold.
    components : ndarray, shape (K, M)
        Of the rows, as `resolve_rows` gives them for the means over seeds.
    seed_deviations : ndarray, shape (K, k S)
        Value on each of k folds with each seed less the fold's mean, over k.
    fold_deviations : ndarray, shape (K, k)
        Value on each fold less the mean.
    n_seeds : int
        S.
    pool : SeedPool
    row_limits, seed_limits : tuple of str
        Why a comparison is inconclusive at most.
    """

    means: NDArray[np.float64]
    errors: NDArray[np.float64]
    dfs: NDArray[np.float64]
    seed_shares: NDArray[np.float64]
    period_shares: NDArray[np.float64]
    components: NDArray[np.float64]
    seed_deviations: NDArray[np.float64]
    fold_deviations: NDArray[np.float64]
    n_seeds: int
    pool: SeedPool
    row_limits: tuple[str, ...]
    seed_limits: tuple[str, ...]

    @property
    def is_provisional(self) -> bool:
        """Whether there is only one seed."""
        return self.n_seeds == 1

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
    periods : ndarray, shape (B, K), or None
        None where the folds add nothing.
    """

    rows: NDArray[np.float64]
    seeds: NDArray[np.float64]
    pairs: TrialPairs
    periods: NDArray[np.float64] | None = None

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
        if self.periods is not None:
            shares = self.pairs.period_shares[trial, others]
            noise += shares * (self.periods[:, [trial]] - self.periods[:, others])
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
    deviations = _deviate(fits)  # (K, k S)
    rows = measure_pair_variances(influences, horizon_rows, fits.fold_rows)
    seeds, interaction, seed_df = np.zeros_like(rows), np.zeros_like(rows), 0
    if n_seeds > 1:
        scale = n_seeds * (n_seeds - 1)
        own = np.swapaxes(fits.influences - influences[:, None], 0, 1)  # (S, K, N)
        seeds = spread_pairs(deviations) / scale
        interaction = measure_pair_variances(own, horizon_rows, fits.fold_rows).sum(axis=0) / scale
        is_spread = rows + seeds > 0
        seeds, interaction, seed_df = pool.moderate(
            seeds, interaction, squared_weights=2.0 * is_spread, n_seeds=n_seeds
        )
    row_df = choose_row_df(n_rows, horizon_rows)
    nu = None if horizon_rows is None else row_df
    kept = np.maximum(0, seeds - interaction)
    by_fold, n_folds = fits.by_fold.mean(axis=1), fits.n_folds
    fold_deviations = by_fold - by_fold.mean(axis=1, keepdims=True)  # (K, k)
    periods, shares, period_df = np.zeros_like(rows), np.zeros_like(rows), 0
    if pool.periods is not None and fits.fold_rows:
        known = measure_fold_pairs(influences, horizon_rows, fits.fold_rows) + kept
        periods, shares, period_df = pool.periods.moderate(
            spread_pairs(fold_deviations) / (n_folds * (n_folds - 1)),
            known,
            squared_weights=np.where(rows + seeds > 0, 2.0, 0.0),
            row_df=nu,
        )
    errors, dfs = combine_variances(
        rows,
        seeds,
        interaction,
        row_df=row_df,
        seed_df=seed_df,
        periods=periods,
        period_df=period_df,
    )
    return TrialPairs(
        means=means,
        errors=errors,
        dfs=dfs,
        seed_shares=np.sqrt(np.divide(kept, seeds, out=np.zeros_like(seeds), where=seeds > 0)),
        period_shares=np.sqrt(shares),
        components=resolve_rows(influences, horizon_rows, fits.fold_rows),
        seed_deviations=deviations,
        fold_deviations=fold_deviations,
        n_seeds=n_seeds,
        pool=pool,
        row_limits=list_row_limits(n_rows, nu, fits.smallest_class),
        seed_limits=list_seed_limits(n_seeds, seed_df, has_rows=n_rows > 0),
    )


def draw_pair_noise(pairs: TrialPairs, n_draws: int, rng: np.random.Generator) -> PairNoise:
    """Return joint draws of what rows and seeds do to the means.

    Rows: ``g . Lambda_k / sqrt(nu)`` with the same standard normal g (nu,) for every trial, whose
    covariance is ``Lambda_a . Lambda_b / nu``. Seeds: ``sum_s h_s (a_ks - a_k) / sqrt(S (S - 1))``
    with the same h for every trial (over folds the sum of such, each fold with its own h), and a
    part of the pooled spread for each trial of its own, in the proportion in which
    `SeedPool.moderate` blends their variances. Periods alike, by `PeriodPool.moderate`.

    Parameters
    ----------
    pairs : TrialPairs
    n_draws : int
        B.
    rng : numpy.random.Generator
    """
    rows = rng.standard_normal((n_draws, pairs.components.shape[1])) @ pairs.components.T
    n_folds = pairs.fold_deviations.shape[1]
    seeds, periods, pool = np.zeros_like(rows), None, pairs.pool
    if pairs.n_seeds > 1:
        df = pool.df + n_folds * (pairs.n_seeds - 1)
        own, pooled = _draw_both(pairs.seed_deviations, pool.variance / pairs.n_seeds, n_draws, rng)
        seeds = own / np.sqrt(pairs.n_seeds / n_folds * df) + pooled * np.sqrt(pool.df / df)
    if pool.periods is not None and pairs.period_shares.any():
        df = pool.periods.df + n_folds - 1
        own, pooled = _draw_both(pairs.fold_deviations, pool.periods.variance, n_draws, rng)
        periods = own / np.sqrt(n_folds * df) + pooled * np.sqrt(pool.periods.df / df)
    return PairNoise(rows, seeds, pairs, periods)


def _draw_both(
    deviations: NDArray[np.float64], variance: float, n_draws: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draws (B, K) of the trials' own deviations, and of a spread that each has for itself."""
    n_trials, n_deviations = deviations.shape
    own = rng.standard_normal((n_draws, n_deviations)) @ deviations.T
    return own, rng.standard_normal((n_draws, n_trials)) * np.sqrt(variance)


def _deviate(fits: MetricEstimate) -> NDArray[np.float64]:
    """Deviations from the means over seeds, fold by fold and over their number, (K, k S)."""
    by_fold = np.moveaxis(fits.by_fold, -1, 1)  # (K, k, S)
    deviations = (by_fold - by_fold.mean(axis=2, keepdims=True)) / fits.n_folds
    return np.asarray(deviations.reshape(len(deviations), -1))
