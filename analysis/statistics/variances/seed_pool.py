"""What the seeds do to any trial of a run, pooled over its trials."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.metrics.metric import MetricEstimate, check_estimates
from analysis.statistics.variances.period_pool import MOST_POOLED_DF, PeriodPool, pool_periods
from analysis.statistics.variances.row_variance import measure_row_variance


@dataclass(frozen=True, slots=True)
class SeedPool:
    """The spread between seeds that the trials of a run share.

    Attributes
    ----------
    variance : float
        sigma^2, of one fit about its trial's mean and its seed's; over folds, of the mean of a
        trial's fits with one seed.
    interaction : float
        The part of it that is the rows' noise.
    df : int
        d0, the weight that it gets beside a contrast's own k (S - 1); zero where it tells
        nothing.
    n_trials : int
        K.
    n_folds : int
        k.
    periods : PeriodPool or None
        What the trials say of the spread between folds, where there are several.
    """

    variance: float
    interaction: float
    df: int
    n_trials: int
    n_folds: int = 1
    periods: PeriodPool | None = None

    def moderate(
        self,
        seeds: NDArray[np.float64],
        interaction: NDArray[np.float64],
        *,
        squared_weights: NDArray[np.float64] | float,
        n_seeds: int,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
        """Blend the variances of contrasts with the pooled ones.

        ``V_seed = (d0 V_pool + k (S - 1) V_own) / (d0 + k (S - 1))`` with ``V_pool = sigma^2 sum
        w^2 / S``, and V_int alike: the moderated variance of Smyth (2004), Statistical
        Applications in Genetics and Molecular Biology 3, article 3, with a prior that is worth at
        most four degrees of freedom, since trials need not be equally stable.

        Parameters
        ----------
        seeds, interaction : ndarray, shape (...)
            A contrast's own V_seed and V_int.
        squared_weights : ndarray or float, shape (...)
            Sum over trials of the squared weights, 1/G + 1/H for two means.
        n_seeds : int
            S of the contrast, 2 or more.

        Returns
        -------
        seeds, interaction : ndarray, shape (...)
        df : int
            d0 + k (S - 1).
        """
        own_df = self.n_folds * (n_seeds - 1)
        df = self.df + own_df
        scale = np.asarray(squared_weights) / n_seeds * self.df
        blended = (scale * self.variance + own_df * seeds) / df
        return blended, (scale * self.interaction + own_df * interaction) / df, df


def pool_seeds(fits: MetricEstimate, *, horizon_rows: int | None) -> SeedPool:
    """Return what the seeds of K trials say together.

    ``sigma^2 = sum_ks (a_ks - a_k. - a_.s + a_..)^2 / ((K - 1)(S - 1))`` and ``d0 = min(4,
    (K - 2)(S - 1))``; the rows' part is the same of the influences, each residual by
    `measure_row_variance`. Two trials say no more than their contrast does, so that d0 is zero.

    A fit on another fold is another fit, whatever its seed is called: seeds are nested in folds.
    sigma^2 is then the sum over the k folds of the fold's own, over k^2, and k (S - 1) takes the
    place of S - 1 in d0. Seeds that were lucky on every fold alike would be underrated.

    Parameters
    ----------
    fits : MetricEstimate
        Of all trials of a run that have the same S seeds, ``values`` (trials, S). Copies, with the
        same values with every seed, count once: they tell nothing of how much seeds differ.
    horizon_rows : int or None
        Rows that a label looks ahead; None for rows without order.

    Raises
    ------
    ValueError
        If the shape does not fit.
    """
    fits = check_estimates(fits, "fits")
    fits = fits.select(np.sort(np.unique(fits.values, axis=0, return_index=True)[1]).tolist())
    (n_trials, n_seeds), n_folds = fits.values.shape, fits.n_folds
    own_df = (n_trials - 1) * (n_seeds - 1)
    if own_df == 0:
        periods = pool_periods(fits, horizon_rows=horizon_rows, seed_variance=0.0)
        return SeedPool(0.0, 0.0, 0, n_trials, n_folds, periods)
    values = fits.values if fits.fold_values is None else fits.fold_values / n_folds
    variance = np.square(_take_out_means(values)).sum() / own_df
    residuals = _take_out_means(fits.influences)
    rows = measure_row_variance(residuals, horizon_rows, fits.fold_rows).sum() / own_df
    df = min(MOST_POOLED_DF, (n_trials - 2) * (n_seeds - 1) * n_folds)
    rest = float(max(0.0, variance - rows)) / n_seeds
    periods = pool_periods(fits, horizon_rows=horizon_rows, seed_variance=rest)
    return SeedPool(float(variance), float(rows), df, n_trials, n_folds, periods)


def _take_out_means(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """Residuals of the means by trial and by seed, the first two axes."""
    trials, seeds = array.mean(axis=1, keepdims=True), array.mean(axis=0, keepdims=True)
    return np.asarray(array - trials - seeds + array.mean(axis=(0, 1)))
