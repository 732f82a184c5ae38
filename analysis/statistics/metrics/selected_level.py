"""The level of a metric at the selected epoch, without what the choice has added."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.metrics.blocks import find_blocks
from analysis.statistics.metrics.cross_fit import check_epochs
from analysis.statistics.metrics.estimators import estimate_metric, explain_unusable
from analysis.statistics.metrics.metric import MetricEstimate
from analysis.statistics.metrics.selected_auc import estimate_selected_auc

_N_BLOCKS = 20


def estimate_selected_level(
    name: str,
    labels: ArrayLike,
    epoch_scores: ArrayLike,
    *,
    horizon_rows: int | None,
    starts: NDArray[np.intp] | None = None,
    groups: NDArray[Any] | None = None,
) -> NDArray[np.float64] | None:
    """Return a metric of the selected epoch with every row left out of the selection.

    The rows are cut into 20 blocks. Each is scored under the epoch that is best on the rows
    outside it and its neighbours; nine tenths of the rows choose, so that the value has the level
    of the procedure itself. What a part of the rows says of an epoch with value theta and
    influences f is ``theta + N / N_part * sum of the part's f``: of a mean over rows just the mean
    of the part, of any other metric the same to first order. An AUC goes by the pairs of rows that
    it counts, without an approximation (`estimate_selected_auc`).

    Parameters
    ----------
    name, labels, epoch_scores, starts, groups
        As in `cross_fit_metric`.
    horizon_rows : int or None
        Rows that a label looks ahead; None for rows without order, whose blocks are dealt and
        have no neighbours.

    Returns
    -------
    ndarray, shape (...), or None
        None where a block holds fewer rows than the horizon, or the labels outside some block do
        not give the metric.

    Raises
    ------
    ValueError
        As `cross_fit_metric` does.
    """
    labels = np.asarray(labels)
    if name == "auc":
        return estimate_selected_auc(
            labels, epoch_scores, horizon_rows=horizon_rows, starts=starts, groups=groups
        )
    scores, row_axis = check_epochs(name, labels, epoch_scores)
    blocks = find_blocks(labels.size, _N_BLOCKS, horizon_rows, starts=starts, groups=groups)
    if blocks is None:
        return None
    masks = _list_choosers(0 if horizon_rows is None else 1)
    n_classes = scores.shape[-1] if row_axis == -2 else None
    if any(explain_unusable(name, labels[mask[blocks]], n_classes) for mask in masks):
        return None
    return _leave_out(estimate_metric(name, labels, scores), blocks, masks)


def _list_choosers(n_beside: int) -> NDArray[np.bool_]:
    """Which blocks choose the epoch for each block (20, 20): those farther from it."""
    places = np.arange(_N_BLOCKS)
    return np.asarray(np.abs(places - places[:, None]) > n_beside)


def _leave_out(
    epochs: MetricEstimate, blocks: NDArray[np.intp], masks: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Value of estimates (..., E) with every block under the epoch that the others choose."""
    counts = np.bincount(blocks, minlength=_N_BLOCKS)
    shares = counts / blocks.size
    is_in = np.eye(_N_BLOCKS)[blocks]  # (N, 20)
    sums = epochs.influences @ is_in * np.sqrt(1 - 1 / blocks.size)  # (..., E, 20)
    outside = sums @ masks.T / (masks @ shares)
    chosen = (epochs.values[..., None] + outside).argmax(axis=-2)[..., None, :]
    parts = epochs.values[..., None] * shares + sums
    return np.asarray(np.take_along_axis(parts, chosen, axis=-2).sum(axis=(-2, -1)))
