from typing import Any

import numpy as np
import pytest
import torch

from models.architecture import Architecture, LstmArchitecture
from models.task import Task
from models.training.windows import TrainingData, Windows

CPU = torch.device("cpu")
T, C = 60, 3


@pytest.fixture
def features(rng: np.random.Generator) -> np.ndarray:
    return rng.normal(size=(T, C)).astype(np.float32).cumsum(0)


def gather(features: np.ndarray, rows: list[list[int]], **shape: Any) -> np.ndarray:
    architecture = Architecture(n_features=C, **shape)
    return Windows(features, architecture, CPU).gather(torch.tensor(rows)).numpy()


def test_patches_equal_slices_of_the_features(features: np.ndarray) -> None:
    patches = gather(features, [[19, 40], [59, 25]], context=20, patch=8, stride=4, revin=False)
    assert patches.shape == (2, 2 * 4, 8 * C)
    for k, b, row in [(0, 0, 19), (0, 1, 40), (1, 0, 59), (1, 1, 25)]:
        window = features[row - 20 + 1 : row + 1]
        for n in range(4):
            expected = window[4 * n : 4 * n + 8].ravel()
            assert np.array_equal(patches[k, 2 * n + b], expected)


def test_the_last_patch_ends_on_the_row_when_strides_leave_a_rest(features: np.ndarray) -> None:
    patches = gather(features, [[30]], context=20, patch=8, stride=5, revin=False)
    assert patches.shape == (1, 3, 8 * C)
    assert np.array_equal(patches[0, 2], features[23:31].ravel())
    assert np.array_equal(patches[0, 0], features[13:21].ravel())


def test_revin_normalizes_each_feature_over_the_whole_window(features: np.ndarray) -> None:
    patches = gather(features, [[19, 47]], context=20, patch=8, stride=5)
    for b, row in enumerate([19, 47]):
        window = features[row - 19 : row + 1].astype(np.float64)
        normal = (window - window.mean(0)) / np.sqrt(window.var(0) + 1e-5)
        for n, start in enumerate([2, 7, 12]):
            expected = normal[start : start + 8].ravel()
            np.testing.assert_allclose(patches[0, 2 * n + b], expected, rtol=1e-4, atol=1e-5)


def test_revin_makes_scale_and_level_of_a_window_invisible(features: np.ndarray) -> None:
    moved = features * np.float32(8) + np.float32(100)
    shape = {"context": 20, "patch": 20, "stride": 1}
    np.testing.assert_allclose(
        gather(features, [[30]], **shape), gather(moved, [[30]], **shape), atol=1e-3
    )


def test_a_missing_value_reaches_only_the_windows_that_hold_it(features: np.ndarray) -> None:
    features[30] = np.nan
    patches = gather(features, [[29, 30, 49, 50]], context=20, patch=8, stride=4)
    finite = np.isfinite(patches.reshape(-1, 4, 8 * C)).all((0, 2))
    assert finite.tolist() == [True, False, False, True]


def test_an_lstm_reads_the_rows_of_its_window_one_after_another(features: np.ndarray) -> None:
    architecture = LstmArchitecture(n_features=C, context=4)
    steps = Windows(features, architecture, CPU).gather(torch.tensor([[19, 40], [59, 3]])).numpy()
    assert steps.shape == (2, 4 * 2, C)
    for k, b, row in [(0, 0, 19), (0, 1, 40), (1, 0, 59), (1, 1, 3)]:
        assert np.array_equal(steps[k, b::2], features[row - 3 : row + 1])


def training_data(**changes: Any) -> TrainingData:
    labels = np.arange(T) % 2
    parts: dict[str, Any] = {
        "features": np.zeros((T, C), np.float32),
        "labels": labels,
        "train_rows": np.arange(19, 40),
        "val_rows": np.arange(45, T),
    }
    return TrainingData(**{**parts, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"features": np.zeros((T, 4), np.float32)}, r"features have shape \(60, 4\), expected"),
        ({"labels": np.zeros(T - 1)}, r"labels have shape \(59,\), expected \(60,\)"),
        ({"train_rows": np.arange(18, 40)}, "train_rows spans days 18 to 39, expected 19 to 59"),
        ({"val_rows": np.arange(50, 61)}, "val_rows spans days 50 to 60, expected 19 to 59"),
        ({"val_rows": np.arange(0)}, r"val_rows has shape \(0,\), expected at least one row"),
        ({"extra_rows": {"test": np.array([70])}}, "test spans days 70 to 70"),
        ({"labels": np.zeros(T)}, "the labels of train_rows are .0.0., expected both 0 and 1"),
        ({"labels": np.arange(T) % 3}, "the labels of train_rows are .0, 1, 2., expected both"),
    ],
)
def test_data_that_cannot_be_trained_on_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        training_data(**changes).validate(Architecture(n_features=C, context=20))


def test_sound_data_pass() -> None:
    labels = (np.arange(T) % 2).astype(float)
    labels[:19] = np.nan  # no row needs them
    training_data(labels=labels).validate(Architecture(n_features=C, context=20))


@pytest.mark.parametrize(
    ("task", "labels", "message"),
    [
        (
            "multiclass",
            np.arange(T) % 2,
            "the labels of train_rows are .0, 1., expected all of 0 to 2",
        ),
        ("multiclass", np.arange(T) % 4, "the labels of train_rows are .0, 1, 2, 3., expected all"),
        ("multiclass", np.where(np.arange(T) < 45, np.arange(T) % 3, 0), "val_rows are .0., expec"),
        ("regression", np.full(T, 2.5), "the labels of train_rows are all 2.5, expected different"),
        (
            "regression",
            np.full(T, np.nan),
            "21 of 21 labels of train_rows are not finite or beyond",
        ),
        (
            "regression",
            np.where(np.arange(T) == 50, np.inf, np.arange(T)),
            "1 of 15 labels of val_",
        ),
        ("regression", np.arange(T) * 1e30, "expected numbers"),
    ],
)
def test_labels_of_another_task_are_refused(task: Task, labels: np.ndarray, message: str) -> None:
    architecture = Architecture(n_features=C, context=20, outputs=3 if task == "multiclass" else 1)
    with pytest.raises(ValueError, match=message):
        training_data(labels=labels).validate(architecture, task)


def test_sound_labels_of_every_task_pass() -> None:
    numbers = np.where(np.arange(T) < 19, np.nan, np.arange(T))
    shape = {"n_features": C, "context": 20}
    training_data(labels=numbers).validate(LstmArchitecture(**shape), "regression")
    classes = np.where(np.arange(T) < 19, -1, np.arange(T) % 3)
    training_data(labels=classes).validate(LstmArchitecture(**shape, outputs=3), "multiclass")
