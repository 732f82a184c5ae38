"""The variance of a sum over rows that are correlated in time."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.metrics.folds import centre_folds

MOST_COSINES = 12


def choose_row_df(n_rows: int, horizon_rows: int | None) -> int:
    """Return the degrees of freedom of the rows: for rows in time order the cosines, nu.

    ``nu = min(12, N // max(2 horizon, 10))``, and N - 1 for rows without order. The slowest nu
    cosines hold what persists; twelve are few enough that scores and regimes which last a month
    still look slow to each of them.

    Parameters
    ----------
    n_rows : int
        N.
    horizon_rows : int or None
        Rows that a label looks ahead; None for rows without order.

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    ValueError
        If the horizon is below one row.
    """
    if horizon_rows is None:
        return max(n_rows - 1, 1)
    if horizon_rows < 1:
        raise ValueError(f"horizon_rows: got {horizon_rows}, expected 1 or more")
    return max(min(MOST_COSINES, n_rows // max(2 * horizon_rows, 10)), 1)


def resolve_rows(
    influences: NDArray[np.float64], horizon_rows: int | None, fold_rows: Sequence[int] = ()
) -> NDArray[np.float64]:
    """Return independent components of what the rows do to the sums of several series.

    For rows in time order ``Lambda_j / sqrt(nu)`` with ``Lambda_j = sqrt(2) sum_t f_t
    cos(pi j (t - 1/2) / N)``, j = 1..nu: the equal-weighted cosine transform of Mueller (2004),
    as recommended by Lazarus, Lewis, Stock & Watson (2018), Journal of Business & Economic
    Statistics 36, 541-559. For rows without order the influences themselves, about their fold's
    mean. The product of two series' components is the covariance of their sums.

    Parameters
    ----------
    influences : ndarray, shape (..., N)
    horizon_rows : int or None
        As in `choose_row_df`.
    fold_rows : sequence of int
        The rows of each fold, where there are several.

    Returns
    -------
    ndarray, shape (..., nu) or (..., N)
    """
    if horizon_rows is None:
        return centre_folds(influences, fold_rows)
    n_rows = influences.shape[-1]
    return np.asarray(influences @ _list_cosines(n_rows, choose_row_df(n_rows, horizon_rows)))


def measure_row_variance(
    influences: NDArray[np.float64],
    horizon_rows: int | None,
    fold_rows: Sequence[int] = (),
) -> NDArray[np.float64]:
    """Return the variance of the sum of each series.

    ``max(mean_j Lambda_j^2, sum_t f_t^2)``: the floor is the variance without autocorrelation, so
    that the correction may widen an interval and never narrows it. Of several folds the cosines
    run over the whole series, and the floor is that of the rows about their fold's value: how
    far the folds' values lie apart is nothing that independent rows do.

    Parameters
    ----------
    influences : ndarray, shape (..., N)
    horizon_rows : int or None
        As in `choose_row_df`.
    fold_rows : sequence of int
        The rows of each fold, where there are several.

    Returns
    -------
    ndarray, shape (...)
    """
    floor = np.square(centre_folds(influences, fold_rows)).sum(axis=-1)
    if horizon_rows is None:
        return np.asarray(floor)
    cosines = np.square(resolve_rows(influences, horizon_rows)).sum(axis=-1)
    return np.asarray(np.maximum(cosines, floor))


def measure_fold_variance(
    influences: NDArray[np.float64], horizon_rows: int | None, fold_rows: Sequence[int]
) -> NDArray[np.float64]:
    """Return the variance of the sum of each series, had every fold nothing but its own rows.

    The sum over folds of `measure_row_variance` of the fold's rows about their mean.

    Parameters
    ----------
    influences : ndarray, shape (..., N)
    horizon_rows, fold_rows
        As in `measure_row_variance`.

    Returns
    -------
    ndarray, shape (...)
    """
    folds = _split_folds(influences, fold_rows)
    return np.asarray(sum(measure_row_variance(fold, horizon_rows) for fold in folds))


def measure_fold_pairs(
    influences: NDArray[np.float64], horizon_rows: int | None, fold_rows: Sequence[int]
) -> NDArray[np.float64]:
    """Return `measure_fold_variance` of the difference of every pair of series.

    Parameters
    ----------
    influences : ndarray, shape (..., K, N)
    horizon_rows, fold_rows
        As in `measure_row_variance`.

    Returns
    -------
    ndarray, shape (..., K, K)
    """
    folds = _split_folds(influences, fold_rows)
    return np.asarray(sum(measure_pair_variances(fold, horizon_rows) for fold in folds))


def measure_pair_variances(
    influences: NDArray[np.float64],
    horizon_rows: int | None,
    fold_rows: Sequence[int] = (),
) -> NDArray[np.float64]:
    """Return `measure_row_variance` of the difference of every pair of series.

    Parameters
    ----------
    influences : ndarray, shape (..., K, N)
    horizon_rows, fold_rows
        As in `measure_row_variance`.

    Returns
    -------
    ndarray, shape (..., K, K)
    """
    floor = spread_pairs(centre_folds(influences, fold_rows))
    if horizon_rows is None:
        return floor
    return np.maximum(spread_pairs(resolve_rows(influences, horizon_rows)), floor)


def spread_pairs(components: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of squares of the difference of every pair of series.

    Parameters
    ----------
    components : ndarray, shape (..., K, M)

    Returns
    -------
    ndarray, shape (..., K, K)
        Zero where the two differ by rounding alone.
    """
    products = components @ np.swapaxes(components, -1, -2)
    squares = np.diagonal(products, axis1=-2, axis2=-1)
    sums = squares[..., :, None] + squares[..., None, :]
    spread = sums - 2 * products
    return np.where(spread > 1e-12 * sums, spread, 0.0)


def _split_folds(
    influences: NDArray[np.float64], fold_rows: Sequence[int]
) -> list[NDArray[np.float64]]:
    centred = centre_folds(influences, fold_rows)
    if not fold_rows:
        return [centred]
    return np.split(centred, np.cumsum(fold_rows)[:-1], axis=-1)


@lru_cache(maxsize=32)
def _list_cosines(n_rows: int, n_cosines: int) -> NDArray[np.float64]:
    """Cosines divided by sqrt(nu), shape (N, nu)."""
    middles = (np.arange(n_rows) + 0.5) / n_rows
    waves = np.cos(np.pi * middles[:, None] * np.arange(1, n_cosines + 1))
    cosines: NDArray[np.float64] = np.sqrt(2 / n_cosines) * waves
    cosines.flags.writeable = False
    return cosines
