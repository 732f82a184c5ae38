"""A contrast, "trials G beat trials H": the difference of their mean AUCs and its error."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from analysis.statistics.auc import AucEstimate, check_estimates
from analysis.statistics.long_run_variance import choose_lag, measure_long_run_variance

# One swapped pair of rows among 100,000 moves a mean of 100 AUCs by more; rounding, by less.
RESOLUTION = 1e-13


@dataclass(frozen=True, slots=True)
class Contrast:
    """The difference of the mean AUCs of two groups of trials, on the same rows and seeds.

    Attributes
    ----------
    estimate : float
        Mean AUC of the candidates less mean AUC of the references.
    standard_error, df : float
        The t distribution's scale and degrees of freedom.
    low, high : float
        Interval for the difference, by t.
    p_value : float
        Two-sided, for a difference of zero.
    p_greater : float
        P(difference > 0), the one-sided tail of the same t.
    variance_rows, variance_seeds, variance_interaction : float
        V_rows, V_seed and V_int; with one seed the latter two are zero.
    seed_estimates : tuple of float
        The estimate with each seed alone.
    n_rows, n_positive, n_seeds : int
        What the estimate rests on.
    lag : int
        Rows that the correction for autocorrelation spans, L.
    """

    estimate: float
    standard_error: float
    df: float
    low: float
    high: float
    p_value: float
    p_greater: float
    variance_rows: float
    variance_seeds: float
    variance_interaction: float
    seed_estimates: tuple[float, ...]
    n_rows: int
    n_positive: int
    n_seeds: int
    lag: int

    @property
    def is_provisional(self) -> bool:
        """Whether there is only one seed, so that the interval covers rows only."""
        return self.n_seeds == 1

    @property
    def is_short(self) -> bool:
        """Whether there are too few rows to correct for autocorrelation."""
        return is_short(self.n_rows, self.lag)

    @property
    def is_identical(self) -> bool:
        """Whether both groups rank every pair of rows alike."""
        return self.standard_error == 0 and self.estimate == 0

    @property
    def is_without_spread(self) -> bool:
        """Whether the groups differ by the same amount on all rows: no error can be estimated."""
        return self.standard_error == 0 and self.estimate != 0


def is_short(n_rows: int, lag: int) -> bool:
    """Return whether the rows hold fewer than three independent stretches of `lag` rows."""
    return n_rows < 3 * lag


def contrast_trials(
    candidates: AucEstimate,
    references: AucEstimate,
    *,
    horizon_rows: int,
    level: float = 0.95,
) -> Contrast:
    """Compare the mean AUC of the candidates with that of the references.

    The estimate is the mean over pairs (i, j) of the kernel D, the mean of psi over the
    candidates' trials and seeds less that over the references'. The influences f of the rows on
    it (see `auc.estimate_auc`) are averages of those of the single fits, because they
    are linear in D. Their Bartlett sum is V_rows(f) (see `long_run_variance`).
    ``V_seed = var(delta_s) / S``. As V_rows of the seed mean already holds the seed-by-row part
    ``V_int = sum_s V_rows(f_s - f) / (S (S - 1))``, it is taken out once:
    ``SE^2 = V_rows(f) + max(0, V_seed - V_int)``.

    Parameters
    ----------
    candidates : AucEstimate
        Of G trials with S seeds, ``values`` (G, S), on rows in time order; seed s is the same in
        every trial of both groups.
    references : AucEstimate
        Of H trials on the same rows; that of a method without a seed is repeated S times.
    horizon_rows : int
        Rows that a label looks ahead.
    level : float
        Coverage of the interval.

    Returns
    -------
    Contrast
        With one seed the interval covers rows only (`Contrast.is_provisional`). Without any
        spread over the rows and seeds it is [0, 0] for groups that rank alike, else [-1, 1].

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44, 837-845 (rows, L = 1); Newey & West
    (1987), Econometrica 55, 703-708 (weights); Welch (1947), Biometrika 34, 28-35, and
    Satterthwaite (1946), Biometrics Bulletin 2, 110-114 (degrees of freedom).
    """
    better = check_estimates(candidates, "candidates")
    worse = check_estimates(references, "references")
    if better.influences.shape[1:] != worse.influences.shape[1:]:
        raise ValueError(
            f"references: got (seeds, rows) {worse.influences.shape[1:]}, "
            f"expected those of the candidates, {better.influences.shape[1:]}"
        )
    deltas = better.values.mean(axis=0) - worse.values.mean(axis=0)  # (S,)
    influences = better.influences.mean(axis=0) - worse.influences.mean(axis=0)  # (S, N)
    return _conclude(deltas, influences, better.n_positive, choose_lag(horizon_rows), level)


def combine_variances(
    rows: NDArray[np.float64],
    seeds: NDArray[np.float64],
    interaction: NDArray[np.float64],
    *,
    n_rows: int,
    n_seeds: int,
    lag: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return standard errors and their degrees of freedom.

    ``SE^2 = V_rows + B`` with ``B = max(0, V_seed - V_int)``, and by Welch-Satterthwaite
    ``df = SE^4 / (V_rows^2 / (N/L - 1) + B^2 / (S - 1))``. The rows count as N/L independent
    stretches, and as no fewer than two.

    Parameters
    ----------
    rows, seeds, interaction : ndarray, shape (...)
        V_rows, V_seed and V_int.
    n_rows, n_seeds, lag : int
        N, S and L.

    Returns
    -------
    standard_error, df : ndarray, shape (...)
        Where the error is zero, `df` is that of the rows.
    """
    seed_part = np.maximum(0, seeds - interaction)
    total = rows + seed_part
    rows_df = max(n_rows / lag - 1, 1)
    spread = rows**2 / rows_df + seed_part**2 / max(n_seeds - 1, 1)
    df = np.divide(total**2, spread, out=np.full_like(total, rows_df), where=spread > 0)
    return np.sqrt(total), df


def _conclude(
    deltas: NDArray[np.float64],
    influences: NDArray[np.float64],
    n_positive: int,
    lag: int,
    level: float,
) -> Contrast:
    n_seeds, n_rows = influences.shape
    variances = _split_variance(deltas, influences, lag)
    errors, dfs = combine_variances(*variances, n_rows=n_rows, n_seeds=n_seeds, lag=lag)
    estimate, error, df = _round_off(deltas.mean()), _round_off(errors), float(dfs)
    low, high, p_value, p_greater = _infer(estimate, error, df, level)
    return Contrast(
        estimate=estimate,
        standard_error=error,
        df=df,
        low=low,
        high=high,
        p_value=p_value,
        p_greater=p_greater,
        variance_rows=float(variances[0]),
        variance_seeds=float(variances[1]),
        variance_interaction=float(variances[2]),
        seed_estimates=tuple(deltas.tolist()),
        n_rows=n_rows,
        n_positive=n_positive,
        n_seeds=n_seeds,
        lag=lag,
    )


def _split_variance(
    deltas: NDArray[np.float64], influences: NDArray[np.float64], lag: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    n_seeds = deltas.size
    mean = influences.mean(axis=0)
    rows = measure_long_run_variance(mean, lag)
    if n_seeds == 1:
        return rows, np.zeros(()), np.zeros(())
    seeds = np.asarray(deltas.var(ddof=1) / n_seeds)
    own = measure_long_run_variance(influences - mean, lag).sum()
    return rows, seeds, np.asarray(own / (n_seeds * (n_seeds - 1)))


def _round_off(value: NDArray[np.float64]) -> float:
    return 0.0 if abs(value) < RESOLUTION else float(value)


def _infer(
    estimate: float, error: float, df: float, level: float
) -> tuple[float, float, float, float]:
    if error == 0:  # identical, or nothing to judge by
        bound = 0.0 if estimate == 0 else 1.0
        return -bound, bound, 1.0, 0.5
    reach = student.ppf((1 + level) / 2, df) * error
    ratio = estimate / error
    p_value = min(1.0, 2 * float(student.sf(abs(ratio), df)))
    return estimate - reach, estimate + reach, p_value, float(student.cdf(ratio, df))
