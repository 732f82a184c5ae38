"""Samples: the rows that a split can choose from, and those that it has chosen."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from models.data.dates import DateArray, write_date
from models.data.labelling.labels import LabelArray, is_known
from models.errors import DataError
from models.task import Task

RowArray = npt.NDArray[np.int64]
SplitName = Literal["train", "val", "test"]

SPLITS: tuple[SplitName, ...] = ("train", "val", "test")


@dataclass(frozen=True, slots=True)
class SplitRows:
    """The sample rows of each split: the last row of each window, in the order of the data."""

    train: RowArray
    val: RowArray
    test: RowArray
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """The rows that may be samples, and what is to be said of those in a period.

    Attributes
    ----------
    file : str
        The data's name, for messages.
    dates : datetime64[ns] array (T,)
        In time order; NaT throughout where the rows have no order.
    labels : int8, int32 or float64 array (T,)
        As `models.data.labelling.labels` says; a row whose label is unknown is no sample but may
        lie in a window.
    is_usable : bool array (T,)
        Rows whose features all have a value; no window touches another.
    context : int
        Rows in a window.
    horizon : int
        Rows after the window that its label looks at.
    task : Task
        What the labels are.
    classes : tuple of str
        K names, where there are several classes.
    belongs : str array (T,) or None
        Of a split by groups or by a column, what stands in that column.

    Raises
    ------
    DataError
        If the context holds no row.
    """

    file: str
    dates: DateArray
    labels: LabelArray
    is_usable: npt.NDArray[np.bool_]
    context: int
    horizon: int
    task: Task = "binary"
    classes: tuple[str, ...] = ()
    belongs: npt.NDArray[np.str_] | None = None

    def __post_init__(self) -> None:
        if self.context < 1:
            raise DataError(f"context: found {self.context}; expected 1 row or more")

    def list_ends(self) -> RowArray:
        """Return the labelled rows that end a whole window of usable rows."""
        unusable = np.concatenate([[0], np.cumsum(~self.is_usable)])
        ends = np.arange(self.context - 1, len(self.is_usable), dtype=np.int64)
        is_whole = unusable[ends + 1] == unusable[ends + 1 - self.context]
        whole: RowArray = ends[is_whole & is_known(self.labels)[ends]]
        return whole

    def choose(self, ends: RowArray, name: str, first: int, end: int) -> RowArray:
        """Return the samples whose whole window and label lie inside a period.

        Raises
        ------
        DataError
            If there is none.
        """
        rows: RowArray = ends[(ends >= first + self.context - 1) & (ends < end - self.horizon)]
        if len(rows):
            return rows
        usable = self.is_usable[first:end].sum()
        labelled = is_known(self.labels[first:end]).sum()
        raise DataError(
            f"{self.describe(name, first, end)} has {usable} rows with all features and {labelled} "
            f"with a label; no window of {self.context} such rows, with {self.horizon} after it "
            "for the label, fits in"
        )

    def describe(self, name: str, first: int, end: int) -> str:
        """Return what a period is called in a message."""
        return f"{self.file}: the {name}, {write_range(self.dates[first:end])},"


def write_range(dates: DateArray) -> str:
    """Return the first and the last of some dates."""
    return f"{write_date(dates[0])} to {write_date(dates[-1])}"
