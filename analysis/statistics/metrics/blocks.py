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
    block_rows = choose_block_rows(horizon_rows)
    places = [np.arange(size) for size in fold_rows or (n_rows,)]
    return np.asarray(np.concatenate(places) // block_rows % 2 == 0)


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
