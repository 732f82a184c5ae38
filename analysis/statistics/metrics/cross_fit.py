"""The AUC of the epoch that a fit's validation rows select, on rows that did not select it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.metrics.auc import check_labels, check_scores, estimate_auc
from analysis.statistics.metrics.blocks import find_even_blocks, spread_dates
from analysis.statistics.metrics.metric import MetricEstimate


def cross_fit_auc(
    labels: ArrayLike,
    epoch_scores: ArrayLike,
    *,
    horizon_rows: int | None,
    starts: NDArray[np.intp] | None = None,
) -> MetricEstimate | None:
    """Return the AUC with the epoch chosen on one half of the rows and scored on the other.

    The highest of many epochs owes a part of its height to chance, and of a trial whose epochs
    are noisier it owes more: tabulated values of equal trials then differ. So the epoch with the
    highest AUC on the even blocks is scored on the odd ones and the other way round, and both are
    averaged: the influence of a row is half of that in its half, under the epoch that the other
    half chose. This is the cross-fitting of Chernozhukov et al. (2018), Econometrics Journal 21,
    C1-C68, with blocks for rows that follow each other (`choose_block_rows`).

    Pairs of rows count inside a half only, and an epoch is chosen on half of the rows, so that
    the level lies a little below that of the procedure itself: use it for contrasts, and
    `estimate_selected_auc` for the level. The training has seen all rows in any case, where it
    stops early.

    Parameters
    ----------
    labels : array_like, shape (N,)
        Booleans, or the numbers 0 and 1.
    epoch_scores : array_like, shape (..., E, N)
        Of every epoch that is known; each of them is a candidate, of equal ones the first.
    horizon_rows : int or None
        Rows that a label looks ahead; None for rows without order.
    starts : ndarray of int, shape (M,), or None
        Where each date begins, where several rows have one: dates are cut into blocks, and the
        influences summed by date.

    Returns
    -------
    MetricEstimate or None
        ``values`` (...) and ``influences`` (..., N), or (..., M); None where a half has fewer
        than two rows of a class.

    Raises
    ------
    ValueError
        If the labels do not pass `check_labels`, the lengths differ or a score is NaN.
    """
    positive = check_labels(labels)
    scores = check_scores(epoch_scores, positive.size, "epoch_scores", fewest_axes=2)
    is_even = find_even_blocks(positive.size if starts is None else starts.size, horizon_rows)
    is_even = is_even if starts is None else spread_dates(is_even, positive.size, starts)
    halves = (is_even, ~is_even)
    if any(not 2 <= positive[half].sum() <= half.sum() - 2 for half in halves):
        return None
    found = [estimate_auc(positive[half], scores[..., half]) for half in halves]
    chosen = [one.values.argmax(axis=-1)[..., None] for one in found[::-1]]  # by the other half
    values, influences = np.zeros(scores.shape[:-2]), np.empty((*scores.shape[:-2], positive.size))
    for half, one, epoch in zip(halves, found, chosen, strict=True):
        values += np.take_along_axis(one.values, epoch, axis=-1)[..., 0] / 2
        of_epoch = np.take_along_axis(one.influences, epoch[..., None], axis=-2)
        influences[..., half] = of_epoch[..., 0, :] / 2
    smallest = min(int(positive.sum()), int((~positive).sum()))
    whole = MetricEstimate(np.asarray(values), influences, smallest)
    return whole if starts is None else whole.sum_within(starts)
