"""The variance of a sum over rows that are correlated in time."""

import numpy as np
from numpy.typing import NDArray


def choose_lag(horizon_rows: int) -> int:
    """Return the number of lags L that the Bartlett weights span, ``max(2 * horizon, 20)``.

    Labels that look `horizon_rows` ahead overlap for that long; scores of models that read a
    window of days persist about a month.

    Raises
    ------
    ValueError
        If the horizon is below one row.
    """
    if horizon_rows < 1:
        raise ValueError(f"horizon_rows: got {horizon_rows}, expected 1 or more")
    return max(2 * horizon_rows, 20)


def sum_windows(series: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return the sum of every window of `width` rows, with zeros beyond both ends.

    Parameters
    ----------
    series : ndarray, shape (..., N)
        In time order.
    width : int
        Rows in a window, 1 or more.

    Returns
    -------
    ndarray, shape (..., N + width - 1)
        Window k ends with row k.
    """
    ends = [(0, 0)] * (series.ndim - 1) + [(width, width - 1)]
    totals = np.cumsum(np.pad(series, ends), axis=-1)
    return np.asarray(totals[..., width:] - totals[..., :-width])


def sum_lagged_products(series: NDArray[np.float64], lag: int) -> NDArray[np.float64]:
    """Return the long-run covariance of the sums of several series.

    ``V_ab = sum_(|l| < L) (1 - |l|/L) sum_t a_t b_(t-l)``, the Bartlett weights of Newey & West
    (1987), Econometrica 55, 703-708. These weights are the overlap of two windows of L rows, so
    the same number is the sum over all windows of ``(sum of a) * (sum of b) / L``: O(N), and
    never negative definite.

    Parameters
    ----------
    series : ndarray, shape (..., K, N)
        K series in time order.
    lag : int
        L; 1 takes the rows as independent.

    Returns
    -------
    ndarray, shape (..., K, K)
    """
    windows = sum_windows(series, lag)
    return np.asarray(windows @ np.swapaxes(windows, -1, -2) / lag)


def measure_long_run_variance(series: NDArray[np.float64], lag: int) -> NDArray[np.float64]:
    """Return the variance of the sum of each series: the diagonal of `sum_lagged_products`.

    ``sum_t f_t^2 + 2 sum_(0 < l < L) (1 - l/L) sum_t f_t f_(t-l)``.

    Parameters
    ----------
    series : ndarray, shape (..., N)
        In time order.
    lag : int
        L; 1 takes the rows as independent.

    Returns
    -------
    ndarray, shape (...)
    """
    return np.asarray(np.square(sum_windows(series, lag)).sum(axis=-1) / lag)
