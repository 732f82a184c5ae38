"""Every metric of an epoch against scikit-learn's, and by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sklearn.metrics as theirs
import torch
from torch.nn import functional

from models.epoch_metrics import find_epoch_loss, find_epoch_metric
from models.objective import METRICS
from models.task import Task

N, K = 200, 4


def softmax(z: np.ndarray) -> np.ndarray:
    z = z - z.max(1, keepdims=True)
    return np.exp(z - np.log(np.exp(z).sum(1, keepdims=True)))  # which rounds, and so ties, as ours


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def macro_f1(y: np.ndarray, z: np.ndarray) -> float:
    return float(theirs.f1_score(y, z.argmax(1), average="macro", zero_division=0.0))


ORACLES: dict[Task, dict[str, Callable[[Any, Any], Any]]] = {
    "binary": {
        "auc": theirs.roc_auc_score,
        "average_precision": theirs.average_precision_score,
        "log_loss": lambda y, z: theirs.log_loss(y, sigmoid(z)),
        "brier": lambda y, z: theirs.brier_score_loss(y, sigmoid(z)),
        "accuracy": lambda y, z: theirs.accuracy_score(y, sigmoid(z) >= 0.5),
    },
    "multiclass": {
        "macro_f1": macro_f1,
        "accuracy": lambda y, z: theirs.accuracy_score(y, z.argmax(1)),
        "macro_auc": lambda y, z: theirs.roc_auc_score(
            y, softmax(z), multi_class="ovr", average="macro"
        ),
        "log_loss": lambda y, z: theirs.log_loss(y, softmax(z), labels=range(K)),
    },
    "regression": {
        "rmse": theirs.root_mean_squared_error,
        "mae": theirs.mean_absolute_error,
        "mse": theirs.mean_squared_error,
        "r2": theirs.r2_score,
    },
}
CASES = [(task, metric) for task, metrics in METRICS.items() for metric in metrics]


def draw(task: Task, rng: np.random.Generator, *, tied: bool) -> tuple[np.ndarray, np.ndarray]:
    if task == "regression":
        labels = 300 + rng.normal(size=N)
        scores = labels + rng.normal(size=N)
    elif task == "binary":
        labels = (rng.random(N) < 0.3).astype(np.int8)
        scores = rng.normal(size=N) + labels
    else:
        labels = rng.integers(0, K, N).astype(np.int32)
        scores = 2 * rng.normal(size=(N, K)) + np.eye(K)[labels]
    return labels, np.round(scores, 0 if tied else 9)


def test_every_metric_has_an_oracle() -> None:
    assert {task: tuple(oracles) for task, oracles in ORACLES.items()} == METRICS


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize(("task", "metric"), CASES)
def test_a_metric_equals_that_of_scikit_learn(
    task: Task, metric: str, tied: bool, rng: np.random.Generator
) -> None:
    score = find_epoch_metric(task, metric)
    for _ in range(3):
        labels, scores = draw(task, rng, tied=tied)
        expected = ORACLES[task][metric](labels, scores)
        assert score(labels, scores) == pytest.approx(expected, rel=1e-12, abs=1e-14)
        single = score(labels, scores.astype(np.float32))
        assert single == pytest.approx(expected, rel=1e-3, abs=1e-3)


def test_macro_f1_counts_the_classes_that_are_labelled_or_predicted() -> None:
    """Class 0: 2 of 2 and 3; class 1: none of 1; class 2 does not occur; class 3: none of 1."""
    labels, logits = np.array([0, 0, 1]), np.eye(4)[[0, 0, 3]]
    found = find_epoch_metric("multiclass", "macro_f1")(labels, logits)
    assert found == pytest.approx((1 + 0 + 0) / 3)
    assert found == pytest.approx(macro_f1(labels, logits))


def test_average_precision_by_hand() -> None:
    """The positives come first and third: (1 + 2/3) / 2."""
    found = find_epoch_metric("binary", "average_precision")([1, 0, 1, 0], [4.0, 3.0, 2.0, 1.0])
    assert found == pytest.approx(5 / 6)


def test_large_scores_neither_overflow_nor_warn() -> None:
    far = np.array([-1e4, 1e4])
    labels = np.array([1, 0])
    assert find_epoch_metric("binary", "log_loss")(labels, far) == 1e4
    assert find_epoch_metric("binary", "brier")(labels, far) == 1.0
    wide = np.array([[1e4, 0, -1e4]])
    assert find_epoch_metric("multiclass", "log_loss")(np.array([2]), wide) == 2e4


def test_a_class_without_rows_has_no_auc() -> None:
    with pytest.raises(ValueError, match="expected both 0 and 1"):
        find_epoch_metric("multiclass", "macro_auc")(np.array([0, 0, 1]), np.eye(3))


@pytest.mark.parametrize("deviation", [0.3, 1.0, 5.0])
def test_losses_are_those_of_torch(deviation: float, rng: np.random.Generator) -> None:
    labels, values = draw("regression", rng, tied=False)
    y, x = torch.from_numpy(labels), torch.from_numpy(values)
    expected = {
        "mse": functional.mse_loss(x, y),
        "mae": functional.l1_loss(x, y),
        "huber": functional.huber_loss(x, y, delta=deviation),
    }
    kinds: Any = expected
    for kind in kinds:
        found = find_epoch_loss(kind, deviation)(labels, values)
        assert found == pytest.approx(float(expected[kind]), rel=1e-12)
    classes, logits = draw("multiclass", rng, tied=False)
    theirs_too = functional.cross_entropy(
        torch.from_numpy(logits), torch.from_numpy(classes).long()
    )
    assert find_epoch_loss("cross_entropy", 1.0)(classes, logits) == pytest.approx(
        float(theirs_too)
    )
