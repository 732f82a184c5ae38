"""Baselines: what a constant, a linear model and boosted trees make of each window's last row.

Of a number that prices make up there are two more, which know no feature: its last value, and the
mean of its last ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.data.dataset import Dataset
from models.data.indicators.indicator import FloatArray
from models.data.labelling.labels import LabelArray, is_known
from models.data.splitting.samples import RowArray
from models.errors import DataError, listed, nearest
from models.task import Task

_BASELINES: dict[Task, tuple[str, ...]] = {
    "binary": ("prevalence", "logistic", "boosting"),
    "multiclass": ("majority", "logistic", "boosting"),
    "regression": ("mean", "ridge", "boosting"),
}
_OF_TARGETS = ("last_value", "moving_average")  # of numbers that the prices of next rows make up

# About a month of trading days. It is a convention that nobody tuned: of the embedded training rows
# the next log range is told best by the last 5 to 10 (5 % less RMSE), returns by more (60: 2 %).
MOVING_ROWS = 20

# Inverse strength of the L2 penalty. Of 1, 0.1, .. 0.0001 it has the best mean AUC in five
# forward-chained folds of the training rows, on the embedded data and on SPY alike.
LOGISTIC_C = 0.001
CLASSES_C = 1.0  # of several classes: scikit-learn's own, for tables of any kind
RIDGE_ALPHAS = tuple(10.0**power for power in range(-2, 5))  # of which leaving one out chooses


@dataclass(frozen=True, slots=True, eq=False)
class BaselineFit:
    """Scores of a fitted baseline, in the order of the dataset's rows.

    Two classes: log-odds (n,). Several: log-probabilities (n, K). Numbers: values (n,) in the
    label's own units.
    """

    train_scores: FloatArray  # of the training rows
    val_scores: FloatArray  # of the validation rows
    test_scores: FloatArray | None = None  # of the test rows, where they were asked for


def list_baselines(task: Task, *, is_target: bool = False) -> tuple[str, ...]:
    """Return the names of a task's baselines; of a target that prices make up there are more."""
    first, *rest = _BASELINES[task]
    return (first, *(_OF_TARGETS if is_target else ()), *rest)


def fit_baseline(
    name: str, dataset: Dataset, *, seed: int = 0, with_test: bool = False
) -> BaselineFit:
    """Fit a baseline on the training rows.

    Parameters
    ----------
    name : str
        One of the dataset's: ``prevalence`` and ``majority`` (the training shares of the
        classes everywhere) or ``mean`` (that of the training labels), ``logistic`` (regression with
        an L2 penalty) or ``ridge`` (whose penalty has the least error when each row in turn is left
        out), or ``boosting`` (of histogram-based trees). Of a target that prices make up also
        ``last_value``, what it was over the rows up to the row itself (with a horizon h the label
        of the row h before, or the last one before that is known), and ``moving_average``, the
        mean of its last `MOVING_ROWS` known values; the training mean where there is none yet.
    dataset : Dataset
        Of each window only the last row is used.
    seed : int
        For the random parts of a fit; the same seed gives the same scores.
    with_test : bool
        Whether the test rows are scored too.

    Returns
    -------
    BaselineFit
        Training and validation scores, and those of the test rows where they were asked for.

    Raises
    ------
    DataError
        If the task has no such baseline, or a class has no training rows.
    """
    names = list_baselines(dataset.task, is_target=dataset.target_horizon > 0)
    if name not in names:
        hint = nearest(name, names)
        raise DataError(f"baseline: found {name!r}; expected one of {listed(names)}{hint}")
    parts = [dataset.train_rows, dataset.val_rows, *([dataset.test_rows] if with_test else [])]
    if name in _OF_TARGETS:
        return BaselineFit(
            *_repeat_past(dataset, 1 if name == "last_value" else MOVING_ROWS, parts)
        )
    labels = dataset.labels[dataset.train_rows]
    if name == names[0]:
        constant = _find_constant(dataset, labels)
        return BaselineFit(*(np.full((len(rows), *constant.shape), constant) for rows in parts))
    features = [dataset.features[rows].astype(np.float64) for rows in parts]
    return BaselineFit(
        *_fit_model(_build_model(name, dataset.task, seed), dataset, labels, features)
    )


def _repeat_past(dataset: Dataset, most: int, parts: Sequence[RowArray]) -> Iterator[FloatArray]:
    """Tell each row of some parts the mean of the last values that are known at its close."""
    known = np.flatnonzero(is_known(dataset.labels))
    values, mean = dataset.labels[known], dataset.labels[dataset.train_rows].mean()
    for rows in parts:
        ends = np.searchsorted(known, rows - dataset.target_horizon, side="right")
        told = [values[max(0, end - most) : end].mean() if end else mean for end in ends]
        yield np.array(told, dtype=np.float64)


def _find_constant(dataset: Dataset, labels: LabelArray) -> FloatArray:
    """Return the scores that every row gets from what knows no feature, () or (K,)."""
    if dataset.task == "regression":
        return np.asarray(labels.mean())
    if dataset.task == "binary":
        return np.asarray(np.log(labels.mean() / (1 - labels.mean())))
    counts = np.bincount(labels, minlength=len(dataset.classes))
    _refuse_missing(dataset, counts)
    return np.log(counts / len(labels))


def _refuse_missing(dataset: Dataset, counts: LabelArray) -> None:
    missing = [name for name, count in zip(dataset.classes, counts, strict=True) if not count]
    if missing:
        raise DataError(f"{dataset.name}: class {missing[0]!r} has no training rows")


def _build_model(name: str, task: Task, seed: int) -> Any:  # noqa: ANN401 - scikit-learn is untyped
    from sklearn import ensemble, linear_model  # noqa: PLC0415 - takes a second

    if name == "logistic":
        strength = LOGISTIC_C if task == "binary" else CLASSES_C
        return linear_model.LogisticRegression(C=strength, max_iter=5000)
    if name == "ridge":
        return linear_model.RidgeCV(alphas=RIDGE_ALPHAS)
    kind = (
        ensemble.HistGradientBoostingRegressor
        if task == "regression"
        else ensemble.HistGradientBoostingClassifier
    )
    return kind(learning_rate=0.03, max_iter=150, max_leaf_nodes=8, random_state=seed)


def _fit_model(
    model: Any,  # noqa: ANN401
    dataset: Dataset,
    labels: LabelArray,
    parts: Sequence[FloatArray],
) -> list[FloatArray]:
    """Fit in one thread: more gain nothing on a few thousand rows and crawl beside busy workers.

    Of the parts' features the first are the training rows'; returned are the scores of all parts.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # noqa: PLC0415

    if dataset.task == "multiclass":
        _refuse_missing(dataset, np.bincount(labels, minlength=len(dataset.classes)))
    with threadpool_limits(limits=1):
        model.fit(parts[0], labels)
        if dataset.task == "regression":
            return [model.predict(features) for features in parts]
        scores = [model.decision_function(features) for features in parts]
    return scores if dataset.task == "binary" else [_normalise(one) for one in scores]


def _normalise(logits: FloatArray) -> FloatArray:
    """Return log-probabilities of logits (n, K)."""
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
