"""Labels and scores of either kind, checked: two classes, several classes, and numbers."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_softmax

from analysis.statistics.metrics.auc import check_scores

FEWEST_CLASSES = 3


def check_binary(labels: ArrayLike) -> NDArray[np.bool_]:
    """Return which rows are positive, of a metric that needs no rows of either class.

    Raises
    ------
    ValueError
        If the labels are not one row of two or more zeros and ones.
    """
    array = _check_row(labels)
    odd = array[~np.isin(array, (0, 1))].tolist()
    if odd:
        raise ValueError(f"labels: got {odd[0]!r}, expected only 0 and 1")
    return array.astype(bool)


def check_numbers(labels: ArrayLike) -> NDArray[np.float64]:
    """Return the values to predict.

    Raises
    ------
    ValueError
        If the labels are not one row of two or more finite numbers.
    """
    array = _check_row(labels).astype(np.float64)
    wrong = int((~np.isfinite(array)).sum())
    if wrong:
        raise ValueError(f"labels: got {wrong} that are not finite, expected numbers alone")
    return array


def check_classes(labels: ArrayLike, n_classes: int | None = None) -> NDArray[np.intp]:
    """Return the class of each row.

    Parameters
    ----------
    labels : array_like, shape (N,)
        Whole numbers from 0.
    n_classes : int or None
        K, where it is known.

    Raises
    ------
    ValueError
        If the labels are not one row of two or more such numbers below K, or K is below three.
    """
    array = _check_row(labels)
    if n_classes is not None and n_classes < FEWEST_CLASSES:
        raise ValueError(f"got {n_classes} classes, expected {FEWEST_CLASSES} or more")
    below = np.inf if n_classes is None else n_classes
    odd = array[~((array >= 0) & (array < below) & (array == np.floor(array)))].tolist()
    if odd:
        last = "" if n_classes is None else f" to {n_classes - 1}"
        raise ValueError(f"labels: got {odd[0]!r}, expected whole numbers from 0{last}")
    return array.astype(np.intp)


def check_predictions(scores: ArrayLike, n_rows: int) -> NDArray[np.float64]:
    """Return log-odds or predicted values, all of them finite, shape (..., N).

    Raises
    ------
    ValueError
        As `check_scores` does, or if a score is infinite.
    """
    array = check_scores(scores, n_rows)
    wrong = int((~np.isfinite(array)).sum())
    if wrong:
        raise ValueError(f"scores: got {wrong} that are infinite, expected finite numbers")
    return array


def has_classes(labels: ArrayLike, scores: ArrayLike) -> bool:
    """Whether the rows lie on the last axis but one of the scores, so that the last is classes."""
    n_rows, shape = np.size(labels), np.shape(scores)
    return len(shape) > 1 and shape[-2] == n_rows != shape[-1]


def check_class_scores(scores: ArrayLike, n_rows: int) -> NDArray[np.float64]:
    """Return the logarithm of the probability of each class, by softmax.

    Parameters
    ----------
    scores : array_like, shape (..., N, K)
        Logits, or logarithms of probabilities; minus infinity is a probability of zero.
    n_rows : int
        N.

    Raises
    ------
    ValueError
        If there are fewer axes, other rows, or a row that gives no probabilities.
    """
    array = np.asarray(scores, dtype=np.float64)
    if array.ndim < 2 or array.shape[-2] != n_rows:
        raise ValueError(
            f"scores: got shape {array.shape}, expected {n_rows} rows and their classes on the "
            "last axes"
        )
    highest = array.max(axis=-1, initial=-np.inf)
    wrong = int((np.isnan(array).any(axis=-1) | ~np.isfinite(highest)).sum())
    if wrong:
        raise ValueError(f"scores: got {wrong} rows that give no probabilities, expected numbers")
    return np.asarray(log_softmax(array, axis=-1))


def _check_row(labels: ArrayLike) -> NDArray[Any]:
    array = np.asarray(labels)
    if array.ndim != 1 or array.size < 2:
        raise ValueError(f"labels: got shape {array.shape}, expected one dimension of 2 or more")
    return array
