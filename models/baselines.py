"""Baselines: what prevalence, a linear model and boosted trees make of each window's last row."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.data.dataset import Dataset
from models.data.indicators.indicator import FloatArray
from models.data.labelling.labels import LabelArray
from models.errors import DataError, listed, nearest

BASELINES = ("prevalence", "logistic", "boosting")

# Inverse strength of the L2 penalty. Of 1, 0.1, .. 0.0001 it has the best mean AUC in five
# forward-chained folds of the training rows, on the embedded data and on SPY alike.
LOGISTIC_C = 0.001


@dataclass(frozen=True, slots=True, eq=False)
class BaselineFit:
    """Logits of a fitted baseline, in the order of the dataset's rows."""

    train_logits: FloatArray  # (train rows,)
    val_logits: FloatArray  # (validation rows,)


def fit_baseline(name: str, dataset: Dataset, *, seed: int = 0) -> BaselineFit:
    """Fit a baseline on the training rows.

    Parameters
    ----------
    name : str
        ``prevalence`` (the training share of positives everywhere), ``logistic`` (regression with
        an L2 penalty) or ``boosting`` (of histogram-based trees).
    dataset : Dataset
        Of each window only the last row is used.
    seed : int
        For the random parts of a fit; the same seed gives the same logits.

    Returns
    -------
    BaselineFit
        Training and validation logits.

    Raises
    ------
    DataError
        If there is no such baseline.
    """
    if name not in BASELINES:
        hint = nearest(name, BASELINES)
        raise DataError(f"baseline: found {name!r}; expected one of {listed(BASELINES)}{hint}")
    train, val = (
        dataset.features[rows].astype(np.float64) for rows in (dataset.train_rows, dataset.val_rows)
    )
    labels = dataset.labels[dataset.train_rows]
    if name == "prevalence":
        logit = np.log(labels.mean() / (1 - labels.mean()))
        return BaselineFit(np.full(len(train), logit), np.full(len(val), logit))
    return _fit_classifier(_build_classifier(name, seed), train, labels, val)


def _build_classifier(name: str, seed: int) -> Any:  # noqa: ANN401 - scikit-learn is untyped
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - takes a second
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    if name == "logistic":
        return LogisticRegression(C=LOGISTIC_C, max_iter=5000)
    return HistGradientBoostingClassifier(
        learning_rate=0.03, max_iter=150, max_leaf_nodes=8, random_state=seed
    )


def _fit_classifier(
    model: Any,  # noqa: ANN401
    train: FloatArray,
    labels: LabelArray,
    val: FloatArray,
) -> BaselineFit:
    """Fit in one thread: more gain nothing on a few thousand rows and crawl beside busy workers."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # noqa: PLC0415

    with threadpool_limits(limits=1):
        model.fit(train, labels)
        return BaselineFit(model.decision_function(train), model.decision_function(val))
