"""The level of the AUC at the selected epoch, without what the choice has added."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.metrics.auc import check_labels, check_scores
from analysis.statistics.metrics.blocks import find_blocks

_N_BLOCKS = 20
_MOST_COUNTS = 4_000_000  # at once: 16 MB
_FIRST, _SECOND = np.triu_indices(_N_BLOCKS)  # every pair of blocks, those of one block too


def estimate_selected_auc(
    labels: ArrayLike,
    epoch_scores: ArrayLike,
    *,
    horizon_rows: int | None,
    starts: NDArray[np.intp] | None = None,
    groups: NDArray[Any] | None = None,
) -> NDArray[np.float64] | None:
    """Return the AUC of the selected epoch with every pair of rows left out of the selection.

    The rows are cut into 20 blocks. A pair of a positive and a negative row lies in one or two of
    them; it is scored under the epoch with the highest AUC on the rows outside these blocks and
    their neighbours. All wins over all pairs are the value: every pair counts, and nine tenths of
    the rows or more choose, so that it has the level of the procedure itself (leave-pair-out
    validation of Airola et al. 2011, Computational Statistics & Data Analysis 55, 1828-1844, by
    blocks).

    Parameters
    ----------
    labels, epoch_scores, starts, groups
        As in `cross_fit_metric`.
    horizon_rows : int or None
        Rows that a label looks ahead; None for rows without order, whose blocks are dealt and
        have no neighbours.

    Returns
    -------
    ndarray, shape (...), or None
        None where a block holds fewer rows than the horizon, or a class is missing outside some
        pair of blocks.

    Raises
    ------
    ValueError
        As `cross_fit_metric` does.
    """
    positive = check_labels(labels)
    scores = check_scores(epoch_scores, positive.size, "epoch_scores", fewest_axes=2)
    blocks = find_blocks(positive.size, _N_BLOCKS, horizon_rows, starts=starts, groups=groups)
    if blocks is None:
        return None
    masks = _list_choosers(0 if horizon_rows is None else 1)  # (P, 20)
    counts = [np.bincount(blocks[of], minlength=_N_BLOCKS) for of in (positive, ~positive)]
    pairs = (masks @ counts[0]) * (masks @ counts[1])  # (P,)
    if not pairs.all():
        return None
    wins = _count_wins(scores, positive, blocks)  # (..., E, 20, 20)
    flat = wins.reshape(*wins.shape[:-2], -1)
    choosing = flat @ (masks[:, :, None] * masks[:, None, :]).reshape(len(masks), -1).T / pairs
    chosen = choosing.argmax(axis=-2)[..., None, :]  # (..., 1, P)
    both = wins[..., _FIRST, _SECOND] + (_FIRST != _SECOND) * wins[..., _SECOND, _FIRST]
    total = np.take_along_axis(both, chosen, axis=-2).sum(axis=(-2, -1))
    return np.asarray(total / (counts[0].sum() * counts[1].sum()))


def _list_choosers(n_beside: int) -> NDArray[np.float64]:
    """Which blocks choose the epoch for each pair of blocks (P, 20): those farther from both."""
    places = np.arange(_N_BLOCKS)
    distances = [np.abs(places - one[:, None]) for one in (_FIRST, _SECOND)]
    return np.asarray(np.minimum(*distances) > n_beside, dtype=np.float64)


def _count_wins(
    scores: NDArray[np.float64], positive: NDArray[np.bool_], blocks: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Wins of the positives of one block over the negatives of another, (..., 20, 20)."""
    flat = scores.reshape(-1, scores.shape[-1])
    at_once = max(1, _MOST_COUNTS // (_N_BLOCKS * positive.size))
    parts = [
        _count_some(flat[first : first + at_once], positive, blocks)
        for first in range(0, len(flat), at_once)
    ]
    return np.concatenate(parts).reshape(*scores.shape[:-1], _N_BLOCKS, _N_BLOCKS)


def _count_some(
    scores: NDArray[np.float64], positive: NDArray[np.bool_], blocks: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Wins of some score vectors (A, N): one sort, then the negatives of each block below."""
    places = np.arange(_N_BLOCKS)
    order = np.argsort(scores, axis=-1)
    is_negative = ((blocks[:, None] == places) & ~positive[:, None]).astype(np.int32)  # (N, 20)
    below = np.zeros((len(scores), positive.size + 1, _N_BLOCKS), dtype=np.int32)
    np.cumsum(is_negative[order], axis=1, out=below[:, 1:])
    rows = np.arange(len(scores))[:, None]
    first, last = _find_ties(np.take_along_axis(scores, order, axis=-1))
    at = np.argsort(order, axis=-1)[:, positive]  # (A, m)
    won = below[rows, first[rows, at]] + below[rows, last[rows, at]]  # (A, m, 20), twice
    is_in = (blocks[positive] == places[:, None]).astype(np.float64)  # (20, m)
    return np.asarray(is_in @ won / 2)


def _find_ties(ordered: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """How many lie below each of ordered values (A, N), and how many below or level with it."""
    n_rows = ordered.shape[1]
    is_new = np.ones(ordered.shape, dtype=bool)
    is_new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    places = np.arange(n_rows)
    first = np.maximum.accumulate(np.where(is_new, places, 0), axis=1)
    ends = np.where(np.roll(is_new, -1, axis=1), places + 1, n_rows)
    last = np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1]
    return first, last
