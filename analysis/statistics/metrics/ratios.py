"""Metrics of a number that are functions of means over rows: RMSE and R squared."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.metrics.metric import MetricEstimate
from analysis.statistics.metrics.row_losses import estimate_squared_error
from analysis.statistics.metrics.targets import check_numbers, check_predictions


def estimate_rmse(labels: ArrayLike, scores: ArrayLike) -> MetricEstimate:
    """Return minus the root mean squared error.

    By the delta method the influence of row t is that on the mean squared error over twice the
    root, ``-(l_t - MSE) / (2 N RMSE) * sqrt(N / (N - 1))``; zero where the root is zero.

    Parameters
    ----------
    labels, scores
        As in `estimate_squared_error`.

    Raises
    ------
    ValueError
        As there.
    """
    squared = estimate_squared_error(labels, scores)
    values = -np.sqrt(-squared.values)
    twice = -2 * values[..., None]
    influences = np.divide(
        squared.influences, twice, out=np.zeros_like(squared.influences), where=twice > 0
    )
    return MetricEstimate(np.asarray(values), influences)


def check_spread(labels: ArrayLike) -> NDArray[np.float64]:
    """Return the values to predict, which differ.

    Raises
    ------
    ValueError
        If they are not numbers, or all the same.
    """
    values = check_numbers(labels)
    if np.ptp(values) == 0:
        raise ValueError(f"labels: got {values[0]} in every row, expected values that differ")
    return values


def estimate_r2(labels: ArrayLike, scores: ArrayLike) -> MetricEstimate:
    """Return R squared, one less the squared errors over those of the labels' mean.

    With l_t the squared error of row t, d_t its label's squared distance from the labels' mean,
    and D the mean of the d_t, the delta method gives the influence ``-(l_t - (1 - R2) d_t) / (N D)
    * sqrt(N / (N - 1))``.

    Parameters
    ----------
    labels, scores
        As in `estimate_squared_error`.

    Raises
    ------
    ValueError
        As there, or if all labels are the same.
    """
    values = check_spread(labels)
    losses = np.square(check_predictions(scores, values.size) - values)
    distances = np.square(values - values.mean())
    ratio = np.asarray(losses.mean(axis=-1) / distances.mean())
    scale = distances.mean() * np.sqrt(values.size * (values.size - 1))
    influences = (ratio[..., None] * distances - losses) / scale
    return MetricEstimate(1 - ratio, np.asarray(influences))
