"""Average precision, and what each row contributes to it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.metrics.auc import check_labels, check_scores
from analysis.statistics.metrics.metric import MetricEstimate


def estimate_average_precision(labels: ArrayLike, scores: ArrayLike) -> MetricEstimate:
    """Return the mean over positives of the precision among the rows scored as high or higher.

    With T(s) the positives and A(s) the rows that score s or more, the precision is P(s) = T(s) /
    A(s), and the average precision the mean of P(s_i) over the m positives i: with ties the sum of
    recall steps times precision. Its derivative by the weight of row j, the influence, is

        1[j positive] (P(s_j) - AP) / m + sum_(i positive, s_i <= s_j) (1[j positive] - P(s_i)) /
        (m A(s_i))

    times ``sqrt(N / (N - 1))``. It holds that the share of positives is a matter of chance too,
    since precision goes by it.

    Parameters
    ----------
    labels : array_like, shape (N,)
        Booleans, or the numbers 0 and 1.
    scores : array_like, shape (..., N)
        Any increasing function of the predicted probability, such as logits.

    Raises
    ------
    ValueError
        As `estimate_auc` does.
    """
    positive = check_labels(labels)
    scores = check_scores(scores, positive.size)
    values, influences = np.empty(scores.shape[:-1]), np.empty(scores.shape)
    for fit in np.ndindex(scores.shape[:-1]):
        values[fit], influences[fit] = _rank(positive, scores[fit])
    influences *= np.sqrt(positive.size / (positive.size - 1))
    m = int(positive.sum())
    return MetricEstimate(values, influences, min(m, positive.size - m))


def _rank(
    positive: NDArray[np.bool_], scores: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Average precision of one fit and its derivatives, by distinct scores in rising order."""
    place, n_rows = np.unique(scores, return_inverse=True, return_counts=True)[1:]
    n_positive = np.bincount(place, weights=positive, minlength=n_rows.size)
    at_least = np.cumsum(n_rows[::-1])[::-1]
    precision = np.cumsum(n_positive[::-1])[::-1] / at_least
    m = n_positive.sum()
    value = float(n_positive @ precision / m)
    gained = np.cumsum(n_positive / at_least)[place]
    lost = np.cumsum(n_positive * precision / at_least)[place]
    own = positive * (precision[place] - value + gained)
    return value, (own - lost) / m
