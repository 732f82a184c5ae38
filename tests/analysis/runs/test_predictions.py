"""Predictions are read with care."""

import hashlib
import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.runs.predictions import read_predictions
from trial_sets.errors import InputError
from trial_sets.task import Metric


def write(path: Path, **arrays: Any) -> str:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    path.write_bytes(buffer.getvalue())
    return hashlib.sha256(buffer.getvalue()).hexdigest()


def columns(**changes: Any) -> dict[str, Any]:
    dates = np.datetime64("2020-01-01") + np.arange(4)
    plain = {"row": np.arange(4), "date": dates, "label": np.array([0, 1, 0, 1], dtype=np.int8)}
    return {**plain, "logit": np.arange(4.0), **changes}


def test_columns_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "predictions.npz"
    found = read_predictions(path, write(path, **columns(logit_last=np.arange(4.0) * 2)))
    assert found.labels.tolist() == [False, True, False, True]
    assert found.scores.tolist() == [0, 1, 2, 3]
    assert found.last_scores is not None
    assert found.last_scores.tolist() == [0, 2, 4, 6]


def by_epoch(**changes: Any) -> dict[str, Any]:
    """Return the columns of three epochs of four rows, some of them changed."""
    halves = np.array([[0, 1, 2, 3], [3, 2, 1, 0], [-1, 1, -1, 1]], np.float16)
    plain = {"epoch": np.array([1, 2, 4], np.int32), "epoch_center": np.float32([0.5, 0, -1])}
    return {**plain, "epoch_logit": halves, **changes}


def test_the_log_odds_of_every_epoch_come_back(tmp_path: Path) -> None:
    path = tmp_path / "predictions.npz"
    found = read_predictions(path, write(path, **columns(), **by_epoch()))
    assert found.by_epoch is not None
    assert found.by_epoch.epochs.tolist() == [1, 2, 4]
    assert found.by_epoch.centers.tolist() == [0.5, 0, -1]
    assert found.by_epoch.scores.tolist() == [[0, 1, 2, 3], [3, 2, 1, 0], [-1, 1, -1, 1]]
    assert [found.score_epoch(epoch) for epoch in (1, 2, 3, 4)] == [0.75, 0.25, None, 1.0]


def test_a_file_without_them_is_read_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "predictions.npz"
    found = read_predictions(path, write(path, **columns()))
    assert (found.epochs, found.by_epoch, found.score_epoch(1)) == (None, None, None)


def test_the_test_period_has_none(tmp_path: Path) -> None:
    path = tmp_path / "predictions.npz"
    test = {f"test_{name}": values for name, values in columns().items()}
    found = read_predictions(path, write(path, **columns(), **by_epoch(), **test), prefix="test_")
    assert found.epochs is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"epoch": np.arange(1.0, 4.0)}, "no usable column 'epoch'"),
        ({"epoch_center": np.array(["a", "b", "c"])}, "no usable column 'epoch_center'"),
        ({"epoch_logit": np.zeros((3, 4), np.int16)}, "no usable column 'epoch_logit'"),
        ({"epoch_logit": np.zeros((3, 4))}, "are float64, expected float16"),
        ({"epoch_logit": np.zeros((3, 3), np.float16)}, r"have shape \(3, 3\), with \(3,\)"),
        ({"epoch_logit": np.zeros(12, np.float16)}, r"expected \(E, 4\), \(E,\) and \(E,\)"),
        ({"epoch_logit": np.zeros((0, 4), np.float16)}, "have shape"),
        ({"epoch_center": np.zeros(2, np.float32)}, r"and \(2,\) centers"),
        ({"epoch": np.array([[1], [2], [4]])}, r"with \(3, 1\) epochs"),
        ({"epoch": np.array([0, 1, 2])}, "epochs that do not grow"),
        ({"epoch": np.array([1, 2, 2])}, "epochs that do not grow"),
        ({"epoch": np.array([1, 2, 2**64 - 1], np.uint64)}, "epochs that do not grow"),
        ({"epoch": np.array([2**63 - 1, -(2**63), 5])}, "epochs that do not grow"),
        ({"epoch_logit": np.full((3, 4), np.inf, np.float16)}, "by epoch that are not finite"),
        ({"epoch_center": np.array([0, np.nan, 0])}, "by epoch that are not finite"),
        ({"epoch_center": np.full(3, 1e300, np.longdouble) ** 2}, "by epoch that are not finite"),
    ],
)
def test_log_odds_by_epoch_of_another_form_are_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    path = tmp_path / "predictions.npz"
    digest = write(path, **columns(), **by_epoch(**changes))
    with pytest.raises(InputError, match=message):
        read_predictions(path, digest)


@pytest.mark.parametrize("name", ["epoch", "epoch_center", "epoch_logit"])
def test_a_part_of_them_is_not_enough(tmp_path: Path, name: str) -> None:
    path, parts = tmp_path / "predictions.npz", by_epoch()
    del parts[name]
    digest = write(path, **columns(), **parts)
    with pytest.raises(InputError, match=f"no usable column '{name}'"):
        read_predictions(path, digest)


def test_no_epochs_are_no_log_odds(tmp_path: Path) -> None:
    path = tmp_path / "predictions.npz"
    none = {"epoch": np.array([], np.int32), "epoch_center": np.array([], np.float32)}
    digest = write(path, **columns(), **by_epoch(**none, epoch_logit=np.zeros((0, 4), np.float16)))
    with pytest.raises(InputError, match=r"have shape \(0, 4\), with \(0,\) epochs"):
        read_predictions(path, digest)


def test_a_prefix_names_the_other_split(tmp_path: Path) -> None:
    path = tmp_path / "predictions.npz"
    test = {f"test_{name}": values for name, values in columns(logit=np.ones(4)).items()}
    found = read_predictions(path, write(path, **columns(), **test), prefix="test_")
    assert found.scores.tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"logit": np.arange(3.0)}, "different lengths"),
        ({"logit_last": np.arange(3.0)}, "different lengths"),
        ({"logit": np.array([0, 1, np.nan, 2])}, "not finite"),
        ({"label": np.array([0, 1, 2, 1])}, "other than 0 and 1"),
        ({"label": np.zeros((4, 1))}, "no usable column 'label'"),
        ({"row": np.arange(4.0)}, "no usable column 'row'"),
        ({"row": np.array([None] * 4, dtype=object)}, "not an archive of plain arrays"),
    ],
)
def test_columns_of_another_form_are_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    path = tmp_path / "predictions.npz"
    digest = write(path, **columns(**changes))
    with pytest.raises(InputError, match=message):
        read_predictions(path, digest)


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "predictions.npz"
    write(path, **columns())
    with pytest.raises(InputError, match=r"not the file that record\.json speaks of"):
        read_predictions(path, "0" * 64)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_predictions(tmp_path / "predictions.npz", "0" * 64)


class Bomb:
    """Would fail the test if it were unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("a pickle was loaded",))


@pytest.mark.parametrize("content", [pickle.dumps(Bomb()), b"PK\x03\x04 torn", b""])
def test_nothing_is_unpickled(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "predictions.npz"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not an archive of plain arrays"):
        read_predictions(path, hashlib.sha256(content).hexdigest())


def classes(**changes: Any) -> dict[str, Any]:
    """Return the columns of four rows of three classes, some of them changed."""
    plain = columns(label=np.array([0, 1, 2, 1], np.int32), logit=LOGITS, logit_last=LOGITS * 2)
    return {**plain, "classes": np.array(["a", "b", "c"]), **changes}


LOGITS = np.arange(12, dtype=np.float32).reshape(4, 3)
F1 = Metric(name="macro_f1", direction="maximize")
RMSE = Metric(name="rmse", direction="minimize")


def numbers(**changes: Any) -> dict[str, Any]:
    """Return the columns of four rows of a regression, some of them changed."""
    plain = columns(label=np.arange(4.0), value=np.arange(4.0) + 0.5)
    del plain["logit"]
    return {**plain, **changes}


def test_classes_come_back_with_their_names(tmp_path: Path) -> None:
    path = tmp_path / "predictions.npz"
    kept = {"epoch": np.array([1, 3]), "epoch_value": np.stack([LOGITS, -LOGITS])}
    digest = write(path, **classes(**kept, group=np.array([5, 5, 2, 2])))
    found = read_predictions(path, digest, task="multiclass", metric=F1)
    assert found.classes == ("a", "b", "c")
    assert found.labels.tolist() == [0, 1, 2, 1]
    assert found.scores.shape == (4, 3)
    assert found.last_scores is not None
    assert found.groups is not None
    assert found.groups.tolist() == [5, 5, 2, 2]
    assert found.by_epoch is not None
    assert found.by_epoch.scores.dtype == np.float32
    told = [found.score_epoch(epoch) for epoch in (1, 2, 3)]
    assert told == pytest.approx([2 / 5 / 3, None, 2 / 5 / 3], nan_ok=True)
    assert found.estimate.influences.shape == (2,)


def test_of_the_test_period_the_classes_are_those_of_the_fit(tmp_path: Path) -> None:
    path = tmp_path / "predictions.npz"
    test = {f"test_{n}": values for n, values in classes().items() if n != "classes"}
    digest = write(path, **classes(), **test)
    assert read_predictions(path, digest, prefix="test_", task="multiclass", metric=F1).classes


def test_numbers_come_back_and_their_rmse_is_negated(tmp_path: Path) -> None:
    path = tmp_path / "predictions.npz"
    kept = {"epoch": np.array([2]), "epoch_value": np.float32([[1, 2, 3, 4]])}
    digest = write(path, **numbers(**kept))
    found = read_predictions(path, digest, task="regression", metric=RMSE)
    assert float(found.estimate.values) == -0.5
    assert found.score_epoch(2) == 1.0


def test_log_odds_of_an_epoch_have_their_center_where_more_than_their_order_counts(
    tmp_path: Path,
) -> None:
    path = tmp_path / "predictions.npz"
    digest = write(path, **columns(), **by_epoch())
    loss = Metric(name="log_loss", direction="minimize")
    found = read_predictions(path, digest, metric=loss)
    odds = np.array([0.5, 1.5, 2.5, 3.5])
    expected = np.log1p(np.exp(np.where([0, 1, 0, 1], -odds, odds))).mean()
    assert found.score_epoch(1) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"classes": np.array(["a", "b"])}, "holds logits of 3 classes, and 2 names"),
        ({"classes": np.array(["a", "b", "b"])}, "holds a class twice"),
        ({"classes": np.arange(3)}, "no usable column 'classes'"),
        ({"label": np.array([0, 1, 3, 1])}, "labels other than 0 to 2"),
        ({"label": np.array([0, -1, 2, 1])}, "labels other than 0 to 2"),
        ({"logit": LOGITS[:, 0]}, "no usable column 'logit'"),
        ({"logit": LOGITS[:, :2], "classes": np.array(["a", "b"]), "logit_last": LOGITS[:, :2]},
         "holds 2 classes, expected 3"),
        ({"logit": LOGITS[:3]}, "different lengths"),
        ({"logit": LOGITS * np.nan}, "logits that are no numbers"),
        ({"group": np.arange(3)}, "different lengths"),
        ({"group": np.arange(4.0)}, "no usable column 'group'"),
        ({"epoch": np.array([1]), "epoch_value": np.zeros((1, 4), np.float32)},
         r"logits by epoch have shape \(1, 4\), with \(1,\) epochs; expected \(E, 4, 3\)"),
        ({"epoch": np.array([1]), "epoch_value": np.zeros((1, 4, 3))}, "float64, expected float32"),
        ({"epoch": np.array([0]), "epoch_value": np.zeros((1, 4, 3), np.float32)}, "do not grow"),
        ({"epoch": np.array([1]), "epoch_value": np.full((1, 4, 3), np.nan, np.float32)},
         "logits by epoch that are not finite"),
        ({"epoch_value": np.zeros((1, 4, 3), np.float32)}, "no usable column 'epoch'"),
    ],
)  # fmt: skip
def test_classes_of_another_form_are_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    path = tmp_path / "predictions.npz"
    digest = write(path, **classes(**changes))
    with pytest.raises(InputError, match=message):
        read_predictions(path, digest, task="multiclass", metric=F1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": np.array([0, 1, np.nan, 1])}, "labels or values that are no numbers below 1e60"),
        ({"value": np.array([0, 1, 1e200, 1])}, "labels or values that are no numbers below 1e60"),
        ({"label": np.array([0, 1, 2, 1])}, "no usable column 'label'"),
        ({"value": np.zeros((4, 1))}, "no usable column 'value'"),
        ({"value_last": np.zeros(3)}, "different lengths"),
        (by_epoch(epoch_logit=np.zeros((3, 3), np.float16)), r"\(3, 3\), with \(3,\) epochs"),
    ],
)
def test_numbers_of_another_form_are_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    path = tmp_path / "predictions.npz"
    digest = write(path, **numbers(**changes))
    with pytest.raises(InputError, match=message):
        read_predictions(path, digest, task="regression", metric=RMSE)
