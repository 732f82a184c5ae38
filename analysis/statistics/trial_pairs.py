"""Every pair of trials of a batch: differences of AUC, their errors, and their joint noise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats import t as student

from analysis.statistics.auc import AucEstimate, check_estimates
from analysis.statistics.bootstrap import draw_block_starts, sum_resamples
from analysis.statistics.contrast import combine_variances, is_short
from analysis.statistics.long_run_variance import choose_lag, sum_lagged_products


@dataclass(frozen=True, slots=True, eq=False)
class TrialPairs:
    """What a batch says about each pair of its K trials.

    Attributes
    ----------
    aucs : ndarray, shape (K,)
        Mean over seeds.
    errors, dfs : ndarray, shape (K, K)
        Standard error and degrees of freedom of ``aucs[i] - aucs[j]``, as in `contrast_trials`;
        an error of zero means that the two rank every pair of rows alike.
    seed_shares : ndarray, shape (K, K)
        Part of the standard deviation between seeds that is not noise of the rows,
        ``sqrt(max(0, V_seed - V_int) / V_seed)``.
    influences : ndarray, shape (K, N)
        Of the rows on each AUC, mean over seeds.
    seed_deviations : ndarray, shape (K, S)
        AUC with each seed less the mean.
    lag : int
        L.
    """

    aucs: NDArray[np.float64]
    errors: NDArray[np.float64]
    dfs: NDArray[np.float64]
    seed_shares: NDArray[np.float64]
    influences: NDArray[np.float64]
    seed_deviations: NDArray[np.float64]
    lag: int

    @property
    def is_provisional(self) -> bool:
        """Whether there is only one seed."""
        return int(self.seed_deviations.shape[1]) == 1

    @property
    def is_short(self) -> bool:
        """Whether there are too few rows to correct for autocorrelation."""
        return is_short(self.influences.shape[1], self.lag)

    @property
    def deviates(self) -> NDArray[np.float64]:
        """``aucs[i] - aucs[j]`` as the normal deviate with the p value of its t, shape (K, K).

        Few degrees of freedom thus cost a pair what they cost its contrast, and pairs with
        different ones can be compared. Zero with too few rows: nothing can be told apart.
        """
        differences = self.aucs[:, None] - self.aucs[None, :]
        if self.is_short:
            return np.zeros_like(differences)
        ratios = np.divide(
            differences, self.errors, out=np.zeros_like(differences), where=self.errors > 0
        )
        tails = norm.isf(student.sf(np.abs(ratios), self.dfs))
        return np.asarray(np.sign(ratios) * tails)


@dataclass(frozen=True, slots=True, eq=False)
class PairNoise:
    """Joint draws of the noise in the AUCs of K trials, in B resamples.

    Attributes
    ----------
    rows : ndarray, shape (B, K)
        From the circular block bootstrap.
    seeds : ndarray, shape (B, K)
        From normal multipliers of the deviations between seeds.
    seed_shares : ndarray, shape (K, K)
        As in `TrialPairs`.
    """

    rows: NDArray[np.float64]
    seeds: NDArray[np.float64]
    seed_shares: NDArray[np.float64]

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
        shares = self.seed_shares[trial, others]
        noise += shares * (self.seeds[:, [trial]] - self.seeds[:, others])
        spread = np.sqrt(np.square(noise).mean(axis=0))
        scaled = np.divide(noise, spread, out=np.zeros_like(noise), where=spread > 1e-12)
        return np.asarray(scaled)


def pair_trials(fits: AucEstimate, *, horizon_rows: int) -> TrialPairs:
    """Return the differences between all pairs of trials and their errors.

    The variances are those of `contrast_trials`, taken for all pairs at once from three K x K
    covariances: ``V_ij = C_ii + C_jj - 2 C_ij``.

    Parameters
    ----------
    fits : AucEstimate
        Of K trials with the same S seeds, ``values`` (K, S), on rows in time order.
    horizon_rows : int
        Rows that a label looks ahead.

    Raises
    ------
    ValueError
        If the shape does not fit.
    """
    fits = check_estimates(fits, "fits")
    lag = choose_lag(horizon_rows)
    n_seeds, n_rows = fits.influences.shape[1:]
    aucs = fits.values.mean(axis=1)
    influences = fits.influences.mean(axis=1)
    deviations = fits.values - aucs[:, None]  # (K, S)
    own = np.swapaxes(fits.influences - influences[:, None], 0, 1)  # (S, K, N)
    scale = max(n_seeds * (n_seeds - 1), 1)
    rows = _difference_variance(sum_lagged_products(influences, lag))
    seeds = _difference_variance(deviations @ deviations.T / scale)
    interaction = _difference_variance(sum_lagged_products(own, lag).sum(axis=0) / scale)
    errors, dfs = combine_variances(
        rows, seeds, interaction, n_rows=n_rows, n_seeds=n_seeds, lag=lag
    )
    kept = np.maximum(0, seeds - interaction)
    shares = np.sqrt(np.divide(kept, seeds, out=np.zeros_like(seeds), where=seeds > 0))
    return TrialPairs(aucs, errors, dfs, shares, influences, deviations, lag)


def draw_pair_noise(pairs: TrialPairs, n_resamples: int, rng: np.random.Generator) -> PairNoise:
    """Return joint draws of what rows and seeds do to the AUCs.

    Rows: the circular block bootstrap with blocks of L rows, whose variance is the Bartlett sum.
    Seeds: ``sum_s g_s (a_s - a) / sqrt(S (S - 1))`` with the same standard normal g for every
    trial, whose variance is V_seed; resampling two to five seeds would understate it.

    Parameters
    ----------
    pairs : TrialPairs
    n_resamples : int
        B.
    rng : numpy.random.Generator
    """
    n_rows, n_seeds = pairs.influences.shape[1], pairs.seed_deviations.shape[1]
    block_rows = min(pairs.lag, n_rows)
    starts = draw_block_starts(n_rows, block_rows, n_resamples, rng)
    rows = sum_resamples(pairs.influences, starts, block_rows)
    multipliers = rng.standard_normal((n_resamples, n_seeds))
    seeds = multipliers @ pairs.seed_deviations.T / np.sqrt(max(n_seeds * (n_seeds - 1), 1))
    return PairNoise(rows, seeds, pairs.seed_shares)


def _difference_variance(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    sums = np.add.outer(np.diag(covariance), np.diag(covariance))
    variance = sums - 2 * covariance
    return np.where(variance > 1e-12 * sums, variance, 0.0)
