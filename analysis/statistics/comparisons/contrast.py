"""A contrast, "trials G beat trials H": a weighted sum of the trials' means and its error."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from analysis.statistics.comparisons.limits import list_row_limits, list_seed_limits
from analysis.statistics.metrics.metric import MetricEstimate, check_estimates, join_estimates
from analysis.statistics.variances.row_variance import (
    choose_row_df,
    measure_fold_variance,
    measure_row_variance,
)
from analysis.statistics.variances.seed_pool import SeedPool, pool_seeds
from analysis.statistics.variances.standard_error import combine_variances, split_seed_variance

# Of the largest value: one swapped pair of rows among 100,000 moves a mean of 100 AUCs by more;
# rounding, by less.
RESOLUTION = 1e-13
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Contrast:
    """A weighted sum of the means of some trials, on the same rows and seeds.

    Attributes
    ----------
    estimate : float
        Mean of the candidates less mean of the references; more is better.
    standard_error, df : float
        The t distribution's scale and degrees of freedom.
    low, high : float
        Interval for the difference, by t; infinite where no error can be estimated.
    p_value : float
        Two-sided, for a difference of zero.
    variance_rows, variance_seeds, variance_interaction : float
        V_rows, V_seed and V_int; with one seed the latter two are zero.
    row_df, seed_df : int
        Degrees of freedom of the rows (of EWC nu) and of the seeds (d0 + k (S - 1)).
    seed_estimates : tuple of float
        The estimate with each seed alone.
    n_rows, n_seeds, n_trials : int
        What it rests on: rows (none for a metric without rows), seeds, and the trials over which
        the spread between seeds is pooled.
    is_ordered : bool
        Whether the rows are in time order, so that autocorrelation is accounted for.
    smallest_class : int or None
        Rows of the rarer class, where the metric knows classes.
    fold_estimates : tuple of float
        The estimate on each fold alone, over all seeds; empty where the rows are one period.
    variance_periods : float
        V_period, what folds differ by beyond their rows and seeds; zero with one fold.
    period_df : int
        Degrees of freedom of it (d0 + k - 1).
    """

    estimate: float
    standard_error: float
    df: float
    low: float
    high: float
    p_value: float
    variance_rows: float
    variance_seeds: float
    variance_interaction: float
    row_df: int
    seed_df: int
    seed_estimates: tuple[float, ...]
    n_rows: int
    n_seeds: int
    n_trials: int
    is_ordered: bool
    smallest_class: int | None
    fold_estimates: tuple[float, ...] = ()
    variance_periods: float = 0.0
    period_df: int = 0

    @property
    def n_folds(self) -> int:
        """Over how many folds it is pooled, k; 1 where the rows are one period."""
        return max(len(self.fold_estimates), 1)

    @property
    def nu(self) -> int | None:
        """The number of cosines behind V_rows; None for rows without order."""
        return self.row_df if self.is_ordered else None

    @property
    def rows_counted(self) -> bool:
        """Whether the error holds the rows, and not the seeds alone."""
        return self.n_rows > 0

    @property
    def is_provisional(self) -> bool:
        """Whether there is only one seed, so that the interval covers rows only."""
        return self.n_seeds == 1

    @property
    def is_identical(self) -> bool:
        """Whether both groups rank every pair of rows alike."""
        is_known = self.rows_counted or self.n_seeds > 1
        return is_known and self.standard_error == 0 and self.estimate == 0

    @property
    def is_without_spread(self) -> bool:
        """Whether the difference is the same everywhere: no error can be estimated."""
        return self.standard_error == 0 and self.estimate != 0

    @property
    def limits(self) -> tuple[str, ...]:
        """Why a claim on this contrast is inconclusive at most; empty where nothing forbids."""
        seeds = list_seed_limits(self.n_seeds, self.seed_df, has_rows=self.rows_counted)
        if self.is_identical:
            return seeds if self.is_provisional else ()
        found = (*seeds, *list_row_limits(self.n_rows, self.nu, self.smallest_class))
        if self.is_without_spread:
            where = "row" if self.rows_counted else "seed"
            said = f"the difference is the same on every {where}: its error cannot be estimated"
            return (*found, said)
        return found

    def find_p_value(self, margin: float) -> float:
        """Return the two-sided p value for a difference of the margin."""
        return _find_p_value(self.estimate - margin, self.standard_error, self.df)

    def find_interval(self, level: float) -> tuple[float, float]:
        """Return the interval that covers the difference with probability `level`."""
        return _find_interval(self.estimate, self.standard_error, self.df, level)


def contrast_trials(
    candidates: MetricEstimate,
    references: MetricEstimate,
    *,
    horizon_rows: int | None,
    pool: SeedPool | None = None,
    level: float = LEVEL,
) -> Contrast:
    """Compare the mean of the candidates with that of the references; see `contrast_weighted`.

    Parameters
    ----------
    candidates : MetricEstimate
        Of G trials with S seeds, ``values`` (G, S); seed s is the same in every trial of both
        groups.
    references : MetricEstimate
        Of H trials on the same rows; that of a method without a seed is repeated S times.
    horizon_rows, pool, level
        As in `contrast_weighted`.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    better = check_estimates(candidates, "candidates")
    worse = check_estimates(references, "references")
    if better.influences.shape[1:] != worse.influences.shape[1:]:
        raise ValueError(
            f"references: got (seeds, rows) {worse.influences.shape[1:]}, "
            f"expected those of the candidates, {better.influences.shape[1:]}"
        )
    n_better, n_worse = len(better.values), len(worse.values)
    weights = np.repeat([1 / n_better, -1 / n_worse], [n_better, n_worse])
    fits = join_estimates([better, worse])
    return contrast_weighted(fits, weights, horizon_rows=horizon_rows, pool=pool, level=level)


def contrast_weighted(
    fits: MetricEstimate,
    weights: ArrayLike,
    *,
    horizon_rows: int | None,
    pool: SeedPool | None = None,
    level: float = LEVEL,
) -> Contrast:
    """Estimate a weighted sum of the means of K trials.

    With w the weights, delta_s and f_s the weighted sums of the values and influences of seed s,
    and f the mean of the f_s:

    - ``V_rows`` is that of f by the equal-weighted cosines with their floor, on nu degrees of
      freedom (see `row_variance`);
    - ``V_seed = var(delta_s) / S``, moderated by what the seeds do to the other trials, on
      d0 + S - 1 degrees of freedom (see `seed_pool`);
    - as V_rows already holds the seed-by-row part ``V_int = sum_s V_rows(f_s - f) / (S (S - 1))``,
      moderated alike, it is taken out once: ``SE^2 = V_rows + max(0, V_seed - V_int)``.

    Over k folds (`pool_folds`) the cosines run over all rows in time order. Each fold has fits of
    its own, so that ``V_seed = k^-2 sum_q var(delta_qs) / S`` with delta_qs those of fold q, and
    k (S - 1) takes the place of S - 1. What the folds' values add to f is taken out once with
    V_int, like the rest of what the rows' part holds of the seeds' noise. Where the folds differ
    by more than their rows and seeds explain, ``V_period`` is added (see `period_pool`).

    Parameters
    ----------
    fits : MetricEstimate
        Of K trials with S seeds, ``values`` (K, S).
    weights : array_like, shape (K,)
        They sum to zero.
    horizon_rows : int or None
        Rows that a label looks ahead; None for rows without order.
    pool : SeedPool or None
        Of the whole run; None: of the trials given.
    level : float
        Coverage of the interval.

    Returns
    -------
    Contrast
        With one seed the interval covers rows only (`Contrast.is_provisional`). Without any
        spread over the rows and seeds it is [0, 0] for groups that rank alike, else infinite.

    Raises
    ------
    ValueError
        If the shapes do not fit, or the weights do not sum to zero.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44, 837-845 (rows without order); Lazarus,
    Lewis, Stock & Watson (2018), Journal of Business & Economic Statistics 36, 541-559 (cosines);
    Smyth (2004), Statistical Applications in Genetics and Molecular Biology 3, article 3 (seeds);
    Welch (1947), Biometrika 34, 28-35, and Satterthwaite (1946), Biometrics Bulletin 2, 110-114
    (degrees of freedom).
    """
    fits = check_estimates(fits, "fits")
    chosen = np.asarray(weights, dtype=np.float64)
    if chosen.shape != fits.values.shape[:1] or abs(chosen.sum()) > 1e-9 * np.abs(chosen).sum():
        raise ValueError(
            f"weights: got {chosen.tolist()}, expected {len(fits.values)} that sum to zero"
        )
    pool = pool_seeds(fits, horizon_rows=horizon_rows) if pool is None else pool
    deltas = chosen @ fits.values  # (S,)
    influences = np.tensordot(chosen, fits.influences, axes=1)  # (S, N)
    n_seeds, n_rows = influences.shape
    row_df, largest = choose_row_df(n_rows, horizon_rows), float(np.abs(fits.values).max())
    rows = measure_row_variance(influences.mean(axis=0), horizon_rows, fits.fold_rows)
    by_fold = _weigh_folds(fits, chosen, deltas)
    seeds, interaction = split_seed_variance(by_fold, influences, horizon_rows, fits.fold_rows)
    squares, seed_df = float(chosen @ chosen), 0
    is_spread = _round_off(np.sqrt(rows + seeds), largest) > 0  # copies stay copies
    squares *= is_spread or n_rows == 0
    if n_seeds > 1 and squares:
        seeds, interaction, seed_df = pool.moderate(
            seeds, interaction, squared_weights=squares, n_seeds=n_seeds
        )
    within = measure_fold_variance(influences.mean(axis=0), horizon_rows, fits.fold_rows)
    within = within + np.maximum(0, seeds - interaction)
    nu = None if horizon_rows is None else row_df
    periods, period_df = _find_periods(by_fold.mean(axis=1), within, pool, squares, nu)
    parts = {"row_df": row_df, "seed_df": seed_df, "period_df": period_df}
    errors, dfs = combine_variances(rows, seeds, interaction, periods=periods, **parts)
    estimate, error = _round_off(deltas.mean(), largest), _round_off(errors, largest)
    low, high = _find_interval(estimate, error, float(dfs), level)
    return Contrast(
        estimate=estimate,
        standard_error=error,
        df=float(dfs),
        low=low,
        high=high,
        p_value=_find_p_value(estimate, error, float(dfs)),
        variance_rows=float(rows),
        variance_seeds=float(seeds),
        variance_interaction=float(interaction),
        seed_estimates=tuple(deltas.tolist()),
        n_rows=n_rows,
        n_seeds=n_seeds,
        n_trials=pool.n_trials,
        is_ordered=horizon_rows is not None,
        smallest_class=fits.smallest_class,
        fold_estimates=tuple(by_fold.mean(axis=1).tolist()) if fits.fold_rows else (),
        variance_periods=float(periods),
        **parts,
    )


def _find_periods(
    by_fold: NDArray[np.float64],
    within: NDArray[np.float64],
    pool: SeedPool,
    squared_weights: float,
    nu: int | None,
) -> tuple[NDArray[np.float64], int]:
    """V_period and its degrees of freedom, of estimates by fold (k,); zero of copies."""
    n_folds = by_fold.size
    if pool.periods is None or n_folds == 1 or not squared_weights:
        return np.zeros(()), 0
    spread = np.asarray(by_fold.var(ddof=1) / n_folds)
    periods, _, df = pool.periods.moderate(
        spread, within, squared_weights=squared_weights, row_df=nu
    )
    return periods, df


def _weigh_folds(
    fits: MetricEstimate, weights: NDArray[np.float64], deltas: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weighted sums by fold and seed (k, S); of one fold those that are given."""
    if fits.fold_values is None:
        return deltas[None]
    return np.ascontiguousarray(np.tensordot(weights, fits.fold_values, axes=1).T)


def _round_off(value: NDArray[np.float64], largest: float) -> float:
    return 0.0 if abs(value) <= RESOLUTION * largest else float(value)


def _find_interval(estimate: float, error: float, df: float, level: float) -> tuple[float, float]:
    if error == 0:  # identical, or nothing to judge by
        return (0.0, 0.0) if estimate == 0 else (-np.inf, np.inf)
    reach = float(student.ppf((1 + level) / 2, df)) * error
    return estimate - reach, estimate + reach


def _find_p_value(estimate: float, error: float, df: float) -> float:
    if error == 0:
        return 1.0
    return min(1.0, 2 * float(student.sf(abs(estimate / error), df)))
