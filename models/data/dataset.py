"""The data of a run: scaled features, labels and the rows of each split, ready for any trainer.

T rows, C features. A sample is named by the last row of its window, a view of the features. A
worker reads it from the disk: neither pandas, pyarrow nor TA-Lib is imported for that.
"""

import filecmp
import hashlib
import json
import os
import secrets
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.data.archive import refuse_inflated
from models.data.dates import DateArray, write_date
from models.data.labelling.labels import LabelArray, hide_labels
from models.data.opening import open_regular
from models.data.splitting.samples import SPLITS, RowArray, SplitName
from models.errors import DataError
from models.task import Task

FeatureArray = npt.NDArray[np.float32]
GroupArray = npt.NDArray[np.int64]

_ARRAYS = ("features", "labels", "dates", "train_rows", "val_rows", "test_rows", "groups")


@dataclass(frozen=True, slots=True)
class SplitSummary:
    """What a plan and a record say about one split."""

    rows: int
    positives: int | None  # of two classes; None in other tasks
    first: str  # date of the first sample; empty where rows have no time
    last: str  # date of the last sample
    classes: dict[str, int] = field(default_factory=dict)  # rows of each of several classes
    mean: float | None = None  # of labels that are numbers
    deviation: float | None = None  # the root of their mean squared distance from the mean
    rows_digest: str = ""  # of which rows they are, where no dates say so


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
    labels: LabelArray  # (T,) as `models.data.labelling.labels` says
    dates: DateArray  # (T,) nanoseconds; NaT where rows have no time
    context: int  # rows in a window
    train_rows: RowArray  # last row of each window, in the order of the data
    val_rows: RowArray
    test_rows: RowArray  # none in a fold but the last
    notices: tuple[str, ...]
    label: str  # what the label is, in words
    reading: str = ""  # what a person's file was understood to be
    fold: int | None = None  # from 1; None where there is one validation period alone
    task: Task = "binary"
    classes: tuple[str, ...] = ()  # K names in the order of the labels; of several classes alone
    is_ordered: bool = True  # False: rows without time, whose windows are the rows themselves
    groups: GroupArray = field(default_factory=lambda: np.zeros(0, np.int64))  # (T,) or (0,)
    target_horizon: int = 0  # rows whose prices make up the number to predict; 0: no such label

    def __post_init__(self) -> None:
        for name in _ARRAYS:
            object.__setattr__(self, name, _freeze(getattr(self, name)))

    @property
    def outputs(self) -> int:
        """Numbers that are predicted for a row: of several classes one each."""
        return len(self.classes) if self.task == "multiclass" else 1

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
        """Return the data as a trainer may see it, without the labels that a test rests on.

        In time order all that comes after validation is unknown (-1 for classes, NaN for numbers);
        without an order the test rows are.
        """
        is_later = slice(self.val_rows[-1] + 1, None)
        hidden = hide_labels(self.labels, is_later if self.is_ordered else self.test_rows)
        return replace(self, labels=hidden)

    def summary(self) -> dict[SplitName, SplitSummary]:
        """Return what there is to say of each split that has rows."""
        return {split: self._summarise(r) for split in SPLITS if len(r := self.rows(split))}

    def _summarise(self, rows: RowArray) -> SplitSummary:
        labels, first, last, digest = self.labels[rows], "", "", ""
        if self.is_ordered:
            first, last = (write_date(self.dates[row]) for row in (rows[0], rows[-1]))
        else:
            digest = hashlib.sha256(rows.astype("<i8").tobytes()).hexdigest()[:16]
        if self.task == "binary":
            return SplitSummary(len(rows), int(labels.sum()), first, last, rows_digest=digest)
        if self.task == "multiclass":
            counts = np.bincount(labels, minlength=len(self.classes)).tolist()
            classes = dict(zip(self.classes, counts, strict=True))
            return SplitSummary(len(rows), None, first, last, classes, rows_digest=digest)
        mean, deviation = float(labels.mean()), float(labels.std())
        return SplitSummary(len(rows), None, first, last, {}, mean, deviation, digest)


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
        The file; its folder exists. It is written under a temporary name and renamed, unless it
        is there already with the same content: a worker of another runner may be reading it, and
        some shared file systems take a file that is replaced from who reads it.
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
        if not _is_copy(temporary, path):
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _is_copy(path: Path, other: Path) -> bool:
    """Return whether a file is there with the content of another, and is no link."""
    try:
        return not other.is_symlink() and filecmp.cmp(path, other, shallow=False)
    except OSError:
        return False


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
                # A file from before there were groups has none.
                values |= {
                    name: parts[name] for name in _ARRAYS if name in parts or name != "groups"
                }
        texts = ("feature_names", "notices", "classes")
        values |= {name: tuple(values[name]) for name in texts if name in values}
        return Dataset(**values)
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file; expected a prepared dataset") from None
    except Exception as error:  # whatever numpy and zipfile make of damage
        raise DataError(
            f"{path}: this is not a prepared dataset ({error}); prepare it again"
        ) from error
