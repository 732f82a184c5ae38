"""Rows cut into blocks, of which one half chooses and the other one scores."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FEWEST_ROWS = 40


def choose_block_rows(horizon_rows: int | None) -> int:
    """Return how many consecutive rows stay together: ``max(40, 4 horizon)``.

    Shorter blocks leave a bias, since what is chosen on one block fits its neighbours too. Rows
    without order have no neighbours: each is a block.

    Parameters
    ----------
    horizon_rows : int or None
        Rows that a label looks ahead; None for rows without order.
    """
    return 1 if horizon_rows is None else max(_FEWEST_ROWS, 4 * horizon_rows)


def find_even_blocks(
    n_rows: int, horizon_rows: int | None, fold_rows: Sequence[int] = ()
) -> NDArray[np.bool_]:
    """Return which rows lie in the first, third, ... block of their fold.

    Rows without order are dealt into halves (`deal_rows`).

    Parameters
    ----------
    n_rows : int
        N.
    horizon_rows : int or None
        As in `choose_block_rows`.
    fold_rows : sequence of int
        The rows of each fold, where there are several.

    Returns
    -------
    ndarray of bool, shape (N,)
    """
    sizes = fold_rows or (n_rows,)
    if horizon_rows is None:
        return np.concatenate([deal_rows(size, 2) == 0 for size in sizes])
    places = np.concatenate([np.arange(size) for size in sizes])
    return np.asarray(places // choose_block_rows(horizon_rows) % 2 == 0)


def deal_rows(n_rows: int, n_parts: int, groups: NDArray[Any] | None = None) -> NDArray[np.intp]:
    """Return which part each of some rows without order lies in.

    They are shuffled, always in the same way, and dealt in turn: rows that lie beside each other
    in a file may have more in common than others. Whole groups are dealt, the larger ones first.

    Parameters
    ----------
    n_rows : int
        N.
    n_parts : int
    groups : ndarray, shape (N,), or None
        Of each row, where some belong together.

    Returns
    -------
    ndarray of int, shape (N,)
    """
    if groups is not None:
        place, sizes = np.unique(groups, return_inverse=True, return_counts=True)[1:]
        order = _shuffle(sizes.size)
        order = order[np.argsort(-sizes[order], kind="stable")]
        return _deal(order, n_parts)[place]
    return _deal(_shuffle(n_rows), n_parts)


def number_blocks(n_rows: int, n_blocks: int) -> NDArray[np.intp]:
    """Return in which of so many equally long blocks each row lies, shape (N,)."""
    return np.asarray(np.arange(n_rows) * n_blocks // n_rows)


def spread_dates(of_dates: NDArray[Any], n_rows: int, starts: NDArray[np.intp]) -> NDArray[Any]:
    """Return for each row what is known of its date.

    Parameters
    ----------
    of_dates : ndarray, shape (M,)
    n_rows : int
        N.
    starts : ndarray of int, shape (M,)
        Where each date begins; the first at 0.
    """
    return np.repeat(of_dates, np.diff([*starts, n_rows]))


def find_blocks(
    n_rows: int,
    n_blocks: int,
    horizon_rows: int | None,
    *,
    starts: NDArray[np.intp] | None = None,
    groups: NDArray[Any] | None = None,
) -> NDArray[np.intp] | None:
    """Return in which of so many blocks each row lies; None where one would hold too few rows.

    Parameters
    ----------
    n_rows : int
        N.
    n_blocks : int
    horizon_rows : int or None
        Rows that a label looks ahead, fewer than a block holds; None for rows without order,
        which are dealt.
    starts : ndarray of int, shape (M,), or None
        Where each date begins, where several rows have one: dates are not torn apart.
    groups : ndarray, shape (N,), or None
        Of rows without order, where some belong together.

    Returns
    -------
    ndarray of int, shape (N,), or None
    """
    if horizon_rows is None:
        n_units = n_rows if groups is None else np.unique(groups).size
        return deal_rows(n_rows, n_blocks, groups) if n_units >= n_blocks else None
    n_dates = n_rows if starts is None else starts.size
    if n_dates < n_blocks * horizon_rows:
        return None
    blocks = number_blocks(n_dates, n_blocks)
    return blocks if starts is None else spread_dates(blocks, n_rows, starts)


def _shuffle(n_units: int) -> NDArray[np.intp]:
    """Return numbers from 0 in an order that no version of NumPy changes: by raw random bits."""
    return np.argsort(np.random.PCG64(0).random_raw(n_units), kind="stable")


def _deal(order: NDArray[np.intp], n_parts: int) -> NDArray[np.intp]:
    parts = np.empty(order.size, dtype=np.intp)
    parts[order] = np.arange(order.size) % n_parts
    return parts
