"""Every metric of rows: scikit-learn's value, and influences that agree with the jackknife."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import expit, softmax
from sklearn import metrics as reference

from analysis.statistics.metrics.estimators import (
    ROW_METRICS,
    estimate_metric,
    explain_unusable,
    find_estimator,
)

N_ROWS = 400
TWO = ("auc", "average_precision", "log_loss", "brier", "accuracy")
SEVERAL = ("accuracy", "macro_f1", "macro_auc", "log_loss")
NUMBERS = ("mse", "mae", "rmse", "r2")
CASES = [
    *(("two", name) for name in TWO),
    *(("several", name) for name in SEVERAL),
    *(("numbers", name) for name in NUMBERS),
]
Scored = tuple[np.ndarray, np.ndarray]


def draw(task: str, rng: np.random.Generator, n_rows: int = N_ROWS) -> Scored:
    """Labels (N,) and scores (2, 3, N) or (2, 3, N, 4); some scores are tied."""
    if task == "two":
        labels = (rng.random(n_rows) < 0.3).astype(np.int8)
        return labels, np.round(1.5 * labels - 1 + rng.standard_normal((2, 3, n_rows)), 1)
    if task == "numbers":
        labels = 3 + rng.standard_normal(n_rows)
        return labels, labels + 0.6 * rng.standard_normal((2, 3, n_rows))
    labels = np.asarray(rng.choice(4, n_rows, p=[0.4, 0.3, 0.2, 0.1]), dtype=np.int32)
    scores = rng.standard_normal((2, 3, n_rows, 4))
    return labels, np.round(scores + 1.2 * np.eye(4)[labels], 1)


def macro_auc(labels: np.ndarray, scores: np.ndarray) -> float:
    chances = softmax(scores, axis=-1)
    return float(reference.roc_auc_score(labels, chances, multi_class="ovr", average="macro"))


EXPECTED: dict[tuple[str, str], Callable[[np.ndarray, np.ndarray], float]] = {
    ("two", "auc"): reference.roc_auc_score,
    ("two", "average_precision"): reference.average_precision_score,
    ("two", "log_loss"): lambda y, z: -reference.log_loss(y, expit(z)),
    ("two", "brier"): lambda y, z: -reference.brier_score_loss(y, expit(z)),
    ("two", "accuracy"): lambda y, z: reference.accuracy_score(y, expit(z) >= 0.5),
    ("several", "accuracy"): lambda y, z: reference.accuracy_score(y, z.argmax(axis=1)),
    ("several", "macro_f1"): lambda y, z: reference.f1_score(
        y, z.argmax(axis=1), average="macro", zero_division=0
    ),
    ("several", "macro_auc"): macro_auc,
    ("several", "log_loss"): lambda y, z: (
        -reference.log_loss(y, softmax(z, axis=1), labels=range(z.shape[1]))
    ),
    ("numbers", "mse"): lambda y, z: -reference.mean_squared_error(y, z),
    ("numbers", "mae"): lambda y, z: -reference.mean_absolute_error(y, z),
    ("numbers", "rmse"): lambda y, z: -reference.root_mean_squared_error(y, z),
    ("numbers", "r2"): reference.r2_score,
}


@pytest.mark.parametrize(("task", "name"), CASES)
def test_the_value_is_that_of_scikit_learn(task: str, name: str, rng: np.random.Generator) -> None:
    labels, scores = draw(task, rng)
    found = estimate_metric(name, labels, scores)
    assert found.values.shape == (2, 3)
    assert found.influences.shape == (2, 3, N_ROWS)
    for fit in np.ndindex(2, 3):
        expected = EXPECTED[task, name](labels, scores[fit])
        assert found.values[fit] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("task", "name"), CASES)
def test_the_influences_are_those_of_the_jackknife_to_first_order(
    task: str, name: str, rng: np.random.Generator
) -> None:
    """Each within a fiftieth of their spread, and the variance within three hundredths."""
    labels, scores = draw(task, rng)
    scores = scores[0, 0]
    found = estimate_metric(name, labels, scores)
    left_out = np.array(
        [
            estimate_metric(name, np.delete(labels, t), np.delete(scores, t, axis=0)).values
            for t in range(N_ROWS)
        ]
    )
    n = N_ROWS
    jackknife = (n - 1) * (left_out.mean() - left_out) / np.sqrt(n * (n - 1))
    spread = found.influences.std()
    assert np.sqrt(np.square(found.influences - jackknife).mean()) < 0.02 * spread
    variance = np.square(found.influences).sum()
    assert variance == pytest.approx(np.square(jackknife).sum(), rel=0.03)
    assert found.influences.sum() == pytest.approx(0, abs=1e-10)


@pytest.mark.parametrize(("task", "name"), CASES)
def test_the_sum_of_squares_is_the_variance(task: str, name: str, rng: np.random.Generator) -> None:
    """Over samples of 400 independent rows the values scatter as the influences say."""
    found = [
        estimate_metric(name, labels, scores[0, 0])
        for labels, scores in (draw(task, rng) for _ in range(400))
    ]
    spread = np.std([one.values for one in found])
    said = np.sqrt(np.mean([np.square(one.influences).sum() for one in found]))
    assert said / spread == pytest.approx(1, abs=0.11)  # three Monte Carlo errors


def test_macro_f1_counts_classes_that_are_there_or_said_to_be() -> None:
    """Class 2 has no row and is predicted once: it counts, with zero; class 3 does not."""
    labels = np.array([0, 0, 1, 1])
    predicted = np.array([[0, 0, 1, 1], [0, 0, 1, 2]])
    found = estimate_metric("macro_f1", labels, np.eye(4)[predicted])
    np.testing.assert_allclose(found.values, [1, (1 + 2 / 3 + 0) / 3])
    assert found.smallest_class == 0


@pytest.mark.parametrize(
    ("name", "labels", "n_classes", "smallest"),
    [
        ("log_loss", [0, 0, 0, 1, 1], None, 2),
        ("average_precision", [0, 0, 0, 1, 1], None, 2),
        ("brier", [0, 0, 0, 0, 0], None, 0),
        ("accuracy", [0, 0, 0, 1, 2], 3, 2),
        ("macro_f1", [0, 0, 0, 1, 2], 3, 1),
        ("macro_auc", [0, 0, 0, 1, 1, 2, 2], 3, 2),
        ("mae", [0, 0, 0, 1, 1], None, None),
        ("r2", [0, 0, 0, 1, 1], None, None),
    ],
)
def test_the_rarer_class_is_counted_where_there_are_classes(
    name: str, labels: list[int], n_classes: int | None, smallest: int | None
) -> None:
    scores = np.zeros(len(labels) if n_classes is None else (len(labels), n_classes))
    assert estimate_metric(name, labels, scores).smallest_class == smallest


def test_a_perfect_prediction_has_no_error() -> None:
    labels = np.array([1.0, 2, 4])
    for name, value in (("rmse", 0), ("mse", 0), ("mae", 0), ("r2", 1)):
        found = estimate_metric(name, labels, labels)
        assert found.values == value
        assert not found.influences.any()


@pytest.mark.parametrize(
    ("name", "labels", "n_classes", "said"),
    [
        ("average_precision", [0, 0, 0, 0], None, "got 0 positive and 4 negative rows"),
        ("auc", [0, 1, 1, 1], None, "got 3 positive and 1 negative rows"),
        ("brier", [0, 2], None, "got 2, expected only 0 and 1"),
        ("accuracy", [1], None, r"got shape \(1,\), expected one dimension of 2 or more"),
        ("accuracy", [0, 1, -1], 3, "got -1, expected whole numbers from 0 to 2"),
        ("macro_f1", [0, 1, 0.5], 3, "got 0.5, expected whole numbers from 0 to 2"),
        ("macro_auc", [0, 0, 1, 1], 3, "got 0 rows of class 2, expected at least 2 of each"),
        ("macro_auc", [0, 0, 1, 1, 2], None, "got 1 rows of class 2, expected at least 2 of each"),
        ("macro_f1", [0, 1], 2, "got 2 classes, expected 3 or more"),
        ("r2", [3.0, 3.0], None, "got 3.0 in every row, expected values that differ"),
        ("rmse", [3.0, np.nan], None, "got 1 that are not finite, expected numbers alone"),
        ("auc", [0, 1, 2], 3, "auc is not defined for 3 classes"),
    ],
)
def test_labels_that_do_not_give_a_metric_are_explained(
    name: str, labels: list[float], n_classes: int | None, said: str
) -> None:
    found = explain_unusable(name, labels, n_classes)
    assert found is not None
    with pytest.raises(ValueError, match=said):
        raise ValueError(found)


@pytest.mark.parametrize(("task", "name"), CASES)
def test_labels_that_give_a_metric_need_no_explanation(
    task: str, name: str, rng: np.random.Generator
) -> None:
    labels, scores = draw(task, rng)
    assert explain_unusable(name, labels, scores.shape[-1] if task == "several" else None) is None


@pytest.mark.parametrize(
    ("name", "labels", "scores", "message"),
    [
        ("brier", [0, 1], [0.0, np.inf], "scores: got 1 that are infinite"),
        ("mse", [0, 1], [0.0, np.nan], "scores: got 1 NaN"),
        ("mse", [0, 1], [0.0, 1, 2], r"scores: got shape \(3,\), expected 2 rows"),
        ("macro_f1", [0, 1], [0.0, 1], r"scores: got shape \(2,\), expected 2 rows and their"),
        ("accuracy", [0, 2], [[0.0, 1, np.nan]] * 2, "scores: got 2 rows that give no probab"),
        ("accuracy", [0, 2], [[-np.inf] * 3, [0.0] * 3], "scores: got 1 rows that give no prob"),
        ("log_loss", [0, 2], [[-np.inf, 0, 0], [0.0] * 3], "gains: got 1 that are not finite"),
        ("macro_auc", [0, 0, 1, 1], np.zeros((4, 3)), "labels: got 0 rows of class 2"),
        ("r2", [1, 1], [0.0, 0], "labels: got 1.0 in every row"),
    ],
)
def test_scores_that_do_not_give_a_metric_are_refused(
    name: str, labels: list[int], scores: np.ndarray, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        estimate_metric(name, labels, scores)


def test_another_name_is_refused() -> None:
    assert set(ROW_METRICS) == {name for _, name in CASES}
    with pytest.raises(ValueError, match="metric: got 'f1', expected one of auc, average_prec"):
        find_estimator("f1")
