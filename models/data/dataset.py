"""The data of a run: scaled features, labels and the rows of each split, ready for any trainer.

T rows, C features. A sample is named by the last row of its window, a view of the features. A
worker reads it from the disk: neither pandas, pyarrow nor TA-Lib is imported for that.
"""

import json
import os
import secrets
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.data.archive import refuse_inflated
from models.data.dates import DateArray, write_date
from models.data.labels import UNKNOWN, LabelArray
from models.data.opening import open_regular
from models.data.splits import SPLITS, RowArray, SplitName
from models.errors import DataError

FeatureArray = npt.NDArray[np.float32]

_ARRAYS = ("features", "labels", "dates", "train_rows", "val_rows", "test_rows")


@dataclass(frozen=True, slots=True)
class SplitSummary:
    """What a plan and a record say about one split."""

    rows: int
    positives: int
    first: str  # date of the first sample
    last: str  # date of the last sample


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Everything that a trainer or a baseline reads; nobody can write to its arrays.

    They lie in memory of their own that NumPy does not make writable again, so that what one fit
    scales or fills in place is an error there and not another fit's data.
    """

    name: str
    fingerprint: str  # SHA-256 of the raw values and dates
    tier: str  # a50, a100, or own for a feature table
    feature_names: tuple[str, ...]  # C
    features: FeatureArray  # (T, C) scaled by the training rows; NaN in rows that no window touches
    labels: LabelArray  # (T,) 0, 1, or -1 where unknown
    dates: DateArray  # (T,) nanoseconds
    context: int  # rows in a window
    train_rows: RowArray  # last row of each window, in time order
    val_rows: RowArray
    test_rows: RowArray  # none in a fold but the last
    notices: tuple[str, ...]
    label: str  # what makes a row positive, in words
    reading: str = ""  # what a person's file was understood to be
    fold: int | None = None  # from 1; None where there is one validation period alone

    def __post_init__(self) -> None:
        for name in _ARRAYS:
            object.__setattr__(self, name, _freeze(getattr(self, name)))

    def rows(self, split: SplitName) -> RowArray:
        """Return the sample rows of a split."""
        return {"train": self.train_rows, "val": self.val_rows, "test": self.test_rows}[split]

    def window(self, row: int) -> FeatureArray:
        """Return the window that ends with a row: a view, (context, C)."""
        return self.features[row - self.context + 1 : row + 1]

    def copied(self) -> "Dataset":
        """Return the same data in memory of its own.

        `torch.from_numpy` makes tensors that write to an array's memory, whatever NumPy says.
        """
        views = {name: getattr(self, name).view() for name in _ARRAYS}
        return replace(self, **views)  # of which each is copied as it is frozen

    def without_test_labels(self) -> "Dataset":
        """Return the data as a trainer may see it: what comes after validation is unknown (-1)."""
        labels = self.labels.copy()
        labels[self.val_rows[-1] + 1 :] = UNKNOWN
        return replace(self, labels=labels)

    def summary(self) -> dict[SplitName, SplitSummary]:
        """Return rows, positives, and first and last date of each split that has rows."""
        return {split: self._summarise(r) for split in SPLITS if len(r := self.rows(split))}

    def _summarise(self, rows: RowArray) -> SplitSummary:
        first, last = (write_date(self.dates[row]) for row in (rows[0], rows[-1]))
        return SplitSummary(len(rows), int(self.labels[rows].sum()), first, last)


def _freeze(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return an array whose memory nobody can write to: its own, unless it is that already."""
    base: object = array.base
    if not array.flags.writeable and isinstance(base, bytes):
        return array
    return np.ndarray(array.shape, array.dtype, buffer=array.tobytes())


def save_dataset(dataset: Dataset, path: Path) -> None:
    """Write a dataset as an uncompressed .npz without pickles, whole or not at all.

    Parameters
    ----------
    dataset : Dataset
        What `load_dataset` gives back.
    path : Path
        The file; its folder exists. It is written under a temporary name and renamed.
    """
    arrays = {name: getattr(dataset, name) for name in _ARRAYS}
    names = [field.name for field in fields(Dataset) if field.name not in _ARRAYS]
    rest = {name: getattr(dataset, name) for name in names}
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            np.savez(file, allow_pickle=False, json=np.array(json.dumps(rest)), **arrays)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def load_dataset(path: Path) -> Dataset:
    """Read what `save_dataset` wrote.

    Raises
    ------
    DataError
        If the file is missing or is no dataset.
    """
    try:
        with open_regular(path) as file:
            refuse_inflated(file, path.stat().st_size)
            file.seek(0)
            with np.load(file, allow_pickle=False) as parts:
                values: dict[str, Any] = json.loads(str(parts["json"]))
                values |= {name: parts[name] for name in _ARRAYS}
        values |= {name: tuple(values[name]) for name in ("feature_names", "notices")}
        return Dataset(**values)
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file; expected a prepared dataset") from None
    except Exception as error:  # whatever numpy and zipfile make of damage
        raise DataError(
            f"{path}: this is not a prepared dataset ({error}); prepare it again"
        ) from error
