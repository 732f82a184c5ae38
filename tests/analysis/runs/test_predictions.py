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
    assert found.logits.tolist() == [0, 1, 2, 3]
    assert found.last_logits is not None
    assert found.last_logits.tolist() == [0, 2, 4, 6]


def test_a_prefix_names_the_other_split(tmp_path: Path) -> None:
    path = tmp_path / "predictions.npz"
    test = {f"test_{name}": values for name, values in columns(logit=np.ones(4)).items()}
    found = read_predictions(path, write(path, **columns(), **test), prefix="test_")
    assert found.logits.tolist() == [1, 1, 1, 1]


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
