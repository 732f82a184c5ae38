"""Metrics that are means over rows: log loss, Brier score, accuracy, squared and absolute error."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from analysis.statistics.metrics.metric import MetricEstimate, estimate_mean
from analysis.statistics.metrics.targets import (
    check_binary,
    check_class_scores,
    check_classes,
    check_numbers,
    check_predictions,
    has_classes,
)


def estimate_log_loss(labels: ArrayLike, scores: ArrayLike) -> MetricEstimate:
    """Return minus the mean negative log-likelihood, in nats.

    It is taken from the scores, without probabilities in between, so that nothing is clipped.

    Parameters
    ----------
    labels : array_like, shape (N,)
        0 and 1, or the numbers of the classes.
    scores : array_like, shape (..., N) or (..., N, K)
        Log-odds, or logits of three classes or more.

    Raises
    ------
    ValueError
        If the shapes do not fit, a label is no class, or a loss is infinite.
    """
    if has_classes(labels, scores):
        chances, of_class = _check_several(labels, scores)
        return _average(chances[..., np.arange(of_class.size), of_class], of_class)
    positive = check_binary(labels)
    logits = check_predictions(scores, positive.size)
    return _average(positive * logits - np.logaddexp(0, logits), positive)


def estimate_brier(labels: ArrayLike, scores: ArrayLike) -> MetricEstimate:
    """Return minus the mean squared difference of probability and label: Brier (1950).

    Parameters
    ----------
    labels : array_like, shape (N,)
        0 and 1.
    scores : array_like, shape (..., N)
        Log-odds.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a label is neither.
    """
    positive = check_binary(labels)
    logits = check_predictions(scores, positive.size)
    return _average(-np.square(expit(logits) - positive), positive)


def estimate_accuracy(labels: ArrayLike, scores: ArrayLike) -> MetricEstimate:
    """Return the share of rows whose class is predicted.

    A row is predicted positive from log-odds of zero on, and of several classes to be of the one
    with the highest score, of equal ones the first.

    Parameters
    ----------
    labels, scores
        As in `estimate_log_loss`.

    Raises
    ------
    ValueError
        As there.
    """
    if has_classes(labels, scores):
        chances, of_class = _check_several(labels, scores)
        return _average(np.equal(chances.argmax(axis=-1), of_class), of_class)
    positive = check_binary(labels)
    return _average((check_predictions(scores, positive.size) >= 0) == positive, positive)


def estimate_squared_error(labels: ArrayLike, scores: ArrayLike) -> MetricEstimate:
    """Return minus the mean squared error.

    Parameters
    ----------
    labels : array_like, shape (N,)
        Numbers.
    scores : array_like, shape (..., N)
        Predicted values in the same units.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a value is not finite.
    """
    values = check_numbers(labels)
    return estimate_mean(-np.square(check_predictions(scores, values.size) - values))


def estimate_absolute_error(labels: ArrayLike, scores: ArrayLike) -> MetricEstimate:
    """Return minus the mean absolute error; everything else as in `estimate_squared_error`."""
    values = check_numbers(labels)
    return estimate_mean(-np.abs(check_predictions(scores, values.size) - values))


def _check_several(
    labels: ArrayLike, scores: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Logarithms of probabilities (..., N, K), and the class of each row."""
    chances = check_class_scores(scores, np.size(labels))
    return chances, check_classes(labels, chances.shape[-1])


def _average(gains: NDArray[np.generic], classes: NDArray[np.generic]) -> MetricEstimate:
    """Mean gain; the rarer class is all rows that are not of the most frequent one."""
    most = int(np.unique(classes, return_counts=True)[1].max())
    return replace(estimate_mean(gains), smallest_class=classes.size - most)
