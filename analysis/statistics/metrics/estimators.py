"""Every metric that rows are known of, by its name."""

from collections.abc import Callable
from dataclasses import dataclass

from numpy.typing import ArrayLike

from analysis.statistics.metrics.auc import check_labels, estimate_auc
from analysis.statistics.metrics.average_precision import estimate_average_precision
from analysis.statistics.metrics.classes import (
    check_every_class,
    estimate_macro_auc,
    estimate_macro_f1,
)
from analysis.statistics.metrics.metric import MetricEstimate
from analysis.statistics.metrics.ratios import check_spread, estimate_r2, estimate_rmse
from analysis.statistics.metrics.row_losses import (
    estimate_absolute_error,
    estimate_accuracy,
    estimate_brier,
    estimate_log_loss,
    estimate_squared_error,
)
from analysis.statistics.metrics.targets import check_binary, check_classes, check_numbers

Estimator = Callable[[ArrayLike, ArrayLike], MetricEstimate]


@dataclass(frozen=True, slots=True)
class _RowMetric:
    """How a metric is estimated, and what looks at labels of two classes or numbers, or several."""

    estimate: Estimator
    check: Callable[[ArrayLike], object]
    check_several: Callable[[ArrayLike, int], object] | None = None


_METRICS = {
    "auc": _RowMetric(estimate_auc, check_labels),
    "average_precision": _RowMetric(estimate_average_precision, check_labels),
    "log_loss": _RowMetric(estimate_log_loss, check_binary, check_classes),
    "brier": _RowMetric(estimate_brier, check_binary),
    "accuracy": _RowMetric(estimate_accuracy, check_binary, check_classes),
    "macro_f1": _RowMetric(estimate_macro_f1, check_classes, check_classes),
    "macro_auc": _RowMetric(estimate_macro_auc, check_every_class, check_every_class),
    "mse": _RowMetric(estimate_squared_error, check_numbers),
    "mae": _RowMetric(estimate_absolute_error, check_numbers),
    "rmse": _RowMetric(estimate_rmse, check_numbers),
    "r2": _RowMetric(estimate_r2, check_spread),
}
ROW_METRICS = tuple(_METRICS)


def find_estimator(name: str) -> Estimator:
    """Return the function that estimates a metric from labels and scores.

    Raises
    ------
    ValueError
        If no metric of rows has the name.
    """
    return _find(name).estimate


def estimate_metric(name: str, labels: ArrayLike, scores: ArrayLike) -> MetricEstimate:
    """Return a metric of each fit and the influence of each row on it; more is better.

    Parameters
    ----------
    name : str
        Of two classes ``auc``, ``average_precision``, ``log_loss``, ``brier``, ``accuracy``; of
        three or more ``accuracy``, ``macro_f1``, ``macro_auc``, ``log_loss``; of numbers ``rmse``,
        ``mae``, ``mse``, ``r2``. Losses and errors come with their sign turned.
    labels : array_like, shape (N,)
        0 and 1, the numbers of classes from 0, or numbers.
    scores : array_like, shape (..., N) or (..., N, K)
        Log-odds, logits of K classes (softmax gives the probabilities), or predicted values.

    Returns
    -------
    MetricEstimate
        ``values`` (...) and ``influences`` (..., N). Its smallest class is None for numbers; for a
        mean over rows it is all rows but those of the most frequent class.

    Raises
    ------
    ValueError
        If no metric has the name, the shapes do not fit, or labels or scores do not give it.
    """
    return find_estimator(name)(labels, scores)


def explain_unusable(name: str, labels: ArrayLike, n_classes: int | None = None) -> str | None:
    """Return in a sentence why labels do not give a metric, whatever the scores; None if they do.

    Parameters
    ----------
    name : str
        As in `estimate_metric`.
    labels : array_like, shape (N,)
    n_classes : int or None
        K where there are three classes or more, None for two classes and for numbers.

    Raises
    ------
    ValueError
        If no metric of rows has the name.
    """
    metric = _find(name)
    try:
        if n_classes is None:
            metric.check(labels)
        elif metric.check_several is None:
            return f"{name} is not defined for {n_classes} classes"
        else:
            metric.check_several(labels, n_classes)
    except ValueError as error:
        return str(error)
    return None


def _find(name: str) -> _RowMetric:
    if name not in _METRICS:
        raise ValueError(f"metric: got {name!r}, expected one of {', '.join(_METRICS)}")
    return _METRICS[name]
