"""Circular block bootstrap over rows in time order."""

import numpy as np
from numpy.typing import NDArray


def draw_block_starts(
    n_rows: int, block_rows: int, n_resamples: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return the first row of every block of every resample.

    A resample is blocks of `block_rows` consecutive rows, the end joined to the beginning, the
    last block cut so that it has `n_rows` rows: Politis & Romano (1992), in Exploring the Limits
    of Bootstrap, 263-270. The same starts serve every trial and seed, which keeps their
    correlation.

    Parameters
    ----------
    n_rows, block_rows : int
        Rows in all and in a block.
    n_resamples : int
        B.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int, shape (B, ceil(n_rows / block_rows))

    Raises
    ------
    ValueError
        If a block is empty or longer than the rows.
    """
    if not 1 <= block_rows <= n_rows:
        raise ValueError(f"block_rows: got {block_rows}, expected 1 to {n_rows}, the rows")
    n_blocks = -(-n_rows // block_rows)
    return rng.integers(n_rows, size=(n_resamples, n_blocks))


def sum_resamples(
    series: NDArray[np.float64], starts: NDArray[np.int64], block_rows: int
) -> NDArray[np.float64]:
    """Return the sum of each series over the rows of each resample.

    For influences, which sum to zero, this is how far the resample's AUC lies from the estimate,
    to first order. A block is looked up as one window sum, so a resample costs N/L additions.

    Parameters
    ----------
    series : ndarray, shape (K, N)
        In time order.
    starts : ndarray of int, shape (B, blocks)
        From `draw_block_starts` with the same `block_rows`.
    block_rows : int
        Rows in a block.

    Returns
    -------
    ndarray, shape (B, K)
    """
    last_rows = series.shape[1] - block_rows * (starts.shape[1] - 1)
    whole = _sum_circular_windows(series, block_rows)
    cut = _sum_circular_windows(series, last_rows)
    sums = [
        full[starts[:, :-1]].sum(axis=1) + part[starts[:, -1]]
        for full, part in zip(whole, cut, strict=True)
    ]
    return np.stack(sums, axis=1)


def _sum_circular_windows(series: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    joined = np.concatenate([np.zeros_like(series[:, :1]), series, series[:, : width - 1]], axis=1)
    totals = np.cumsum(joined, axis=1)
    return np.asarray(totals[:, width:] - totals[:, :-width])
