"""A dataset is what was prepared, on the disk as in memory, and nobody writes to it."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.data.dataset import Dataset, load_dataset, save_dataset
from models.data.preparation import prepare_dataset
from models.data.sources import DataSource
from models.data.splitting.periods import SplitDates
from models.errors import DataError

Write = Callable[..., Path]

SPLIT = SplitDates(date(2003, 1, 1), date(2003, 9, 1))


@pytest.fixture
def dataset(write: Write, prices: pd.DataFrame) -> Dataset:
    return prepare_dataset(DataSource(write(prices)), split=SPLIT, context=20)


def test_a_saved_dataset_is_read_back_whole(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "dataset.npz"
    save_dataset(dataset, path)
    back = load_dataset(path)
    for field in fields(Dataset):
        one, other = getattr(dataset, field.name), getattr(back, field.name)
        assert type(one) is type(other)
        if isinstance(one, np.ndarray):
            assert one.dtype == other.dtype
            assert one.tobytes() == other.tobytes()
        else:
            assert one == other
    assert [entry.name for entry in tmp_path.glob("*.npz*")] == ["dataset.npz"]


def test_a_file_that_is_there_already_is_left_to_those_who_read_it(
    dataset: Dataset, tmp_path: Path
) -> None:
    path, elsewhere = tmp_path / "dataset.npz", tmp_path / "elsewhere.npz"
    save_dataset(dataset, path)
    before = path.stat()
    save_dataset(dataset, path)
    assert path.stat() == before
    path.write_bytes(path.read_bytes()[:-1])
    save_dataset(dataset, path)
    assert path.stat().st_size == before.st_size
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    save_dataset(dataset, path)
    assert not path.is_symlink()


ARRAYS = ("features", "labels", "dates", "train_rows", "val_rows", "test_rows")


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("origin", ["prepared", "loaded", "replaced", "copied"])
def test_nobody_can_write_to_an_array_or_make_it_writable(
    dataset: Dataset, tmp_path: Path, name: str, origin: str
) -> None:
    if origin == "loaded":
        save_dataset(dataset, tmp_path / "dataset.npz")
        dataset = load_dataset(tmp_path / "dataset.npz")
    elif origin == "replaced":
        dataset = replace(dataset, **{name: getattr(dataset, name).copy()})
    elif origin == "copied":
        dataset = dataset.copied()
    array = getattr(dataset, name)
    for view in (array, array[1:], array.view(), array.reshape(-1)):
        with pytest.raises(ValueError, match="read-only"):
            view[0] = 0
        with pytest.raises(ValueError, match="WRITEABLE"):
            view.setflags(write=True)


def test_a_window_is_as_read_only_as_the_features(dataset: Dataset) -> None:
    window = dataset.window(int(dataset.val_rows[0]))
    with pytest.raises(ValueError, match="read-only"):
        window -= 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        window.flags.writeable = True


def test_what_made_a_dataset_does_not_change_it_later(dataset: Dataset) -> None:
    features = dataset.features.copy()
    other = replace(dataset, features=features)
    features += 1
    np.testing.assert_array_equal(other.features, dataset.features)


def test_a_copy_is_equal_and_shares_no_memory(dataset: Dataset) -> None:
    other = dataset.copied()
    for name in ARRAYS:
        one, two = getattr(dataset, name), getattr(other, name)
        assert one.dtype == two.dtype
        assert one.tobytes() == two.tobytes()
        assert not np.shares_memory(one, two)


def test_a_save_that_fails_leaves_the_old_file(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "dataset.npz"
    save_dataset(dataset, path)
    before = path.read_bytes()

    def fail(*args: object, **values: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez", fail)
    with pytest.raises(OSError, match="disk full"):
        save_dataset(replace(dataset, name="other"), path)
    assert path.read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_a_dataset_is_not_saved_through_a_link(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    monkeypatch.setattr("models.data.dataset.secrets.token_hex", lambda n: "0" * 2 * n)
    (tmp_path / ".data.npz.00000000").symlink_to(precious)
    with pytest.raises(FileExistsError):
        save_dataset(dataset, tmp_path / "data.npz")
    assert precious.read_text() == "precious"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"\x80\x04N.", b"plain text"])
def test_what_is_no_saved_dataset_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "dataset.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"dataset.npz: this is not a prepared dataset \("):
        load_dataset(path)


def test_a_saved_dataset_that_lacks_a_part_or_is_missing_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "part.npz", features=np.zeros(3))
    with pytest.raises(DataError, match=r"part.npz: this is not a prepared dataset"):
        load_dataset(tmp_path / "part.npz")
    with pytest.raises(DataError, match="there is no such file; expected a prepared dataset"):
        load_dataset(tmp_path / "none.npz")
