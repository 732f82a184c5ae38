"""A metric at the epoch that a fit's validation rows select, on rows that did not select it."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.metrics.auc import check_scores
from analysis.statistics.metrics.blocks import deal_rows, find_even_blocks, spread_dates
from analysis.statistics.metrics.estimators import estimate_metric, explain_unusable
from analysis.statistics.metrics.metric import MetricEstimate
from analysis.statistics.metrics.targets import check_class_scores, has_classes


def cross_fit_auc(
    labels: ArrayLike,
    epoch_scores: ArrayLike,
    *,
    horizon_rows: int | None,
    starts: NDArray[np.intp] | None = None,
) -> MetricEstimate | None:
    """Return `cross_fit_metric` of the AUC; pairs of rows count inside a half only."""
    return cross_fit_metric("auc", labels, epoch_scores, horizon_rows=horizon_rows, starts=starts)


def cross_fit_metric(
    name: str,
    labels: ArrayLike,
    epoch_scores: ArrayLike,
    *,
    horizon_rows: int | None,
    starts: NDArray[np.intp] | None = None,
    groups: NDArray[Any] | None = None,
) -> MetricEstimate | None:
    """Return a metric with the epoch chosen on one half of the rows and scored on the other.

    The highest of many epochs owes a part of its height to chance, and of a trial whose epochs
    are noisier it owes more: tabulated values of equal trials then differ. So the epoch with the
    highest value on the even blocks is scored on the odd ones and the other way round, and both
    are averaged: the influence of a row is half of that in its half, under the epoch that the
    other half chose. This is the cross-fitting of Chernozhukov et al. (2018), Econometrics
    Journal 21, C1-C68, with blocks for rows that follow each other (`choose_block_rows`); rows
    without order are dealt into halves, whole groups of them where there are groups.

    An epoch is chosen on half of the rows, so that the level lies a little below that of the
    procedure itself: use it for contrasts, and `estimate_selected_level` for the level. The
    training has seen all rows in any case, where it stops early.

    Parameters
    ----------
    name : str
        As in `estimate_metric`.
    labels : array_like, shape (N,)
    epoch_scores : array_like, shape (..., E, N) or (..., E, N, K)
        Of every epoch that is known; each of them is a candidate, of equal ones the first.
    horizon_rows : int or None
        Rows that a label looks ahead; None for rows without order.
    starts : ndarray of int, shape (M,), or None
        Where each date begins, where several rows have one: dates are cut into blocks, and the
        influences summed by date.
    groups : ndarray, shape (N,), or None
        Of each row without order, where some belong together: the influences are summed by group.

    Returns
    -------
    MetricEstimate or None
        ``values`` (...) and ``influences`` (..., N), or (..., M); None where the labels of a half
        do not give the metric.

    Raises
    ------
    ValueError
        If no metric has the name, or labels or scores do not give it.
    """
    labels = np.asarray(labels)
    scores, row_axis = check_epochs(name, labels, epoch_scores)
    is_even = _find_half(labels.size, horizon_rows, starts, groups)
    halves = (is_even, ~is_even)
    n_classes = scores.shape[-1] if row_axis == -2 else None
    if any(half.sum() == n_classes for half in halves):  # scores (K, K) do not tell their axes
        return None
    if any(explain_unusable(name, labels[half], n_classes) for half in halves):
        return None
    rows = [np.flatnonzero(half) for half in halves]
    parts = [np.take(scores, some, axis=row_axis) for some in rows]
    found = [estimate_metric(name, labels[s], part) for s, part in zip(rows, parts, strict=True)]
    chosen = [one.values.argmax(axis=-1)[..., None] for one in found[::-1]]  # by the other half
    shape = found[0].values.shape[:-1]
    values, influences = np.zeros(shape), np.empty((*shape, labels.size))
    for half, one, epoch in zip(halves, found, chosen, strict=True):
        values += np.take_along_axis(one.values, epoch, axis=-1)[..., 0] / 2
        of_epoch = np.take_along_axis(one.influences, epoch[..., None], axis=-2)
        influences[..., half] = of_epoch[..., 0, :] / 2
    first = scores[(0,) * (scores.ndim + row_axis)]
    whole = estimate_metric(name, labels, first)
    whole = replace(whole, values=np.asarray(values), influences=influences)
    if groups is not None:
        return whole.sum_by(groups)
    return whole if starts is None else whole.sum_within(starts)


def check_epochs(
    name: str, labels: NDArray[Any], epoch_scores: ArrayLike
) -> tuple[NDArray[np.float64], int]:
    """Return the scores of epochs in double precision, and which of their axes the rows are.

    Raises
    ------
    ValueError
        If no metric has the name, or labels or scores do not give it.
    """
    is_several = has_classes(labels, epoch_scores)
    n_classes = np.shape(epoch_scores)[-1] if is_several else None
    reason = explain_unusable(name, labels, n_classes)
    if reason is not None:
        raise ValueError(reason)
    if is_several:
        check_class_scores(epoch_scores, labels.size)
        if np.ndim(epoch_scores) < 3:
            raise ValueError(
                f"epoch_scores: got shape {np.shape(epoch_scores)}, expected epochs, "
                f"{labels.size} rows and their classes on the last axes"
            )
        return np.asarray(epoch_scores, dtype=np.float64), -2
    return check_scores(epoch_scores, labels.size, "epoch_scores", fewest_axes=2), -1


def _find_half(
    n_rows: int,
    horizon_rows: int | None,
    starts: NDArray[np.intp] | None,
    groups: NDArray[Any] | None,
) -> NDArray[np.bool_]:
    """Return which rows lie in even blocks, of dates or groups that are not torn apart."""
    if groups is not None:
        return np.asarray(deal_rows(n_rows, 2, groups) == 0)
    if starts is None:
        return find_even_blocks(n_rows, horizon_rows)
    return np.asarray(spread_dates(find_even_blocks(starts.size, horizon_rows), n_rows, starts))
