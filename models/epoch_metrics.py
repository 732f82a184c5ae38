"""What an epoch is judged by: every metric of every task, fast enough to be computed each epoch.

Definitions are scikit-learn's, whose functions take hundreds of times as long on small splits and
whose import takes a second. Axes: `N` rows, `K` classes.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.metrics import log_loss, rank_auc
from models.objective import Loss
from models.task import Task

Floats = NDArray[np.float64]
ScoreEpoch = Callable[[NDArray[np.number], ArrayLike], float]


def _average_precision(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return sum_i (R_i - R_{i-1}) P_i over the thresholds, the highest first."""
    y, x = np.asarray(labels), np.asarray(scores, np.float64)
    order = np.argsort(-x, kind="stable")
    is_last = np.append(np.diff(x[order]) != 0, True)  # of the rows that share a score
    hits = np.cumsum(y[order])[is_last]
    precision = hits / (np.flatnonzero(is_last) + 1)
    return float(np.sum(np.diff(hits, prepend=0) / hits[-1] * precision))


def _mean_brier(labels: ArrayLike, logits: ArrayLike) -> float:
    """Return the mean squared difference of probability and label."""
    return float(np.mean((_sigmoid(logits) - np.asarray(labels)) ** 2))


def _binary_accuracy(labels: ArrayLike, logits: ArrayLike) -> float:
    """Return the share of rows on whose side of probability 0.5 the label lies."""
    return float(np.mean((_sigmoid(logits) >= 0.5) == (np.asarray(labels) == 1)))


def _class_accuracy(labels: ArrayLike, logits: ArrayLike) -> float:
    """Return the share of rows whose class has the highest of the scores (N, K)."""
    return float(np.mean(np.argmax(logits, axis=-1) == np.asarray(labels)))


def _macro_f1(labels: ArrayLike, logits: ArrayLike) -> float:
    """Return the mean F1 of the classes that are labelled or predicted; 0 where none is hit."""
    y, found = np.asarray(labels), np.argmax(logits, axis=-1)
    n = np.shape(logits)[1]
    hits, labelled, predicted = (np.bincount(v, minlength=n) for v in (y[y == found], y, found))
    total = labelled + predicted
    return float(np.mean(2 * hits[total > 0] / total[total > 0]))


def _macro_auc(labels: ArrayLike, logits: ArrayLike) -> float:
    """Return the mean over classes of the AUC of a class's probability against all others.

    Raises
    ------
    ValueError
        If a class has no row.
    """
    y, probability = np.asarray(labels), np.exp(_log_softmax(logits))
    return float(np.mean([rank_auc(y == k, column) for k, column in enumerate(probability.T)]))


def _class_log_loss(labels: ArrayLike, logits: ArrayLike) -> float:
    """Return the mean of -log p of the label's class, the cross-entropy in nats."""
    rows = np.asarray(labels)[:, np.newaxis]
    return float(-np.mean(np.take_along_axis(_log_softmax(logits), rows, 1)))


def _mean_squared_error(labels: ArrayLike, values: ArrayLike) -> float:
    """Return the mean squared error."""
    return float(np.mean(_errors(labels, values) ** 2))


def _root_mean_squared_error(labels: ArrayLike, values: ArrayLike) -> float:
    """Return the root of the mean squared error."""
    return float(np.sqrt(_mean_squared_error(labels, values)))


def _mean_absolute_error(labels: ArrayLike, values: ArrayLike) -> float:
    """Return the mean absolute error."""
    return float(np.mean(np.abs(_errors(labels, values))))


def _r_squared(labels: ArrayLike, values: ArrayLike) -> float:
    """Return 1 - sum of squared errors / sum of squared deviations from the labels' mean."""
    y = np.asarray(labels, np.float64)
    return float(1 - np.sum(_errors(y, values) ** 2) / np.sum((y - y.mean()) ** 2))


def _mean_huber(labels: ArrayLike, values: ArrayLike, delta: float) -> float:
    """Return the mean of e^2 / 2 for errors e up to delta, and of delta (|e| - delta / 2) beyond.

    Source: Huber (1964).
    """
    size = np.abs(_errors(labels, values))
    inner = np.minimum(size, delta)
    return float(np.mean(inner**2 / 2 + delta * (size - inner)))


def find_epoch_metric(task: Task, metric: str) -> ScoreEpoch:
    """Return the function of labels and scores that computes a task's metric.

    Scores are log-odds (N,), logits (N, K), or values (N,); labels are 0 and 1, classes counted
    from 0, or numbers.
    """
    return _METRICS[task][metric]


def find_epoch_loss(loss: Loss, deviation: float) -> ScoreEpoch:
    """Return the plain loss of an epoch: without smoothing and weights, in the label's units.

    Parameters
    ----------
    loss : str
    deviation : float
        Of the targets, in which `huber` has its delta of 1.
    """
    if loss == "huber":
        return lambda labels, values: _mean_huber(labels, values, deviation)
    return _LOSSES[loss]


def _errors(labels: ArrayLike, values: ArrayLike) -> Floats:
    errors: Floats = np.asarray(values, np.float64) - np.asarray(labels, np.float64)
    return errors


def _sigmoid(logits: ArrayLike) -> Floats:
    probability: Floats = np.exp(-np.logaddexp(0, -np.asarray(logits, np.float64)))
    return probability


def _log_softmax(logits: ArrayLike) -> Floats:
    z = np.asarray(logits, np.float64)
    z = z - z.max(-1, keepdims=True)
    shifted: Floats = z - np.log(np.exp(z).sum(-1, keepdims=True))
    return shifted


_METRICS: Mapping[Task, Mapping[str, ScoreEpoch]] = {
    "binary": {
        "auc": rank_auc,
        "average_precision": _average_precision,
        "log_loss": log_loss,
        "brier": _mean_brier,
        "accuracy": _binary_accuracy,
    },
    "multiclass": {
        "macro_f1": _macro_f1,
        "accuracy": _class_accuracy,
        "macro_auc": _macro_auc,
        "log_loss": _class_log_loss,
    },
    "regression": {
        "rmse": _root_mean_squared_error,
        "mae": _mean_absolute_error,
        "mse": _mean_squared_error,
        "r2": _r_squared,
    },
}
_LOSSES: Mapping[Loss, ScoreEpoch] = {
    "bce": log_loss,
    "cross_entropy": _class_log_loss,
    "mse": _mean_squared_error,
    "mae": _mean_absolute_error,
}
