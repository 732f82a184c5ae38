"""Splits: which rows train, validate and test, so that no window or label crosses a border."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from models.data.dates import DateArray, write_date
from models.data.labels import UNKNOWN, LabelArray
from models.errors import DataError

RowArray = npt.NDArray[np.int64]
SplitName = Literal["train", "val", "test"]

SPLITS: tuple[SplitName, ...] = ("train", "val", "test")

MIN_CLASS_ROWS = 5  # of each class in every split: below, an AUC means nothing
FEW_CLASS_ROWS = 30  # below, it means little, which is worth a notice


@dataclass(frozen=True, slots=True)
class SplitDates:
    """Borders of the periods; a border belongs to the period that it starts.

    Raises
    ------
    DataError
        If the borders are out of order.
    """

    val_start: date
    test_start: date
    test_end: date | None = None  # the first date after the test period; None: the data's end
    train_start: date | None = None  # None: the data's beginning

    def __post_init__(self) -> None:
        names = ("train_start", "val_start", "test_start", "test_end")
        borders = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        for (earlier, start), (later, end) in pairwise(borders.items()):
            if _instant(end) <= _instant(start):
                found = f"{later} {write_date(_instant(end))}"
                raise DataError(f"{found} must lie after {earlier} {write_date(_instant(start))}")


@dataclass(frozen=True, slots=True)
class SplitFractions:
    """Shares of the rows, cut in time order: train first, then validation, then test."""

    val: float = 0.15
    test: float = 0.15

    def __post_init__(self) -> None:
        if not (self.val > 0 and self.test > 0 and self.val + self.test < 1):
            raise DataError(
                f"split fractions: found val={self.val} and test={self.test}; "
                "expected two shares above 0 with a sum below 1"
            )


Split = SplitDates | SplitFractions


@dataclass(frozen=True, slots=True)
class SplitRows:
    """The sample rows of each split: the last row of each window, in time order."""

    train: RowArray
    val: RowArray
    test: RowArray
    notices: tuple[str, ...]


def read_border(name: str, text: str) -> datetime:
    """Read a border of a period as a person writes it.

    Parameters
    ----------
    name : str
        What the border is called, for the message.
    text : str
        An ISO date, with a time of day where one is meant.

    Raises
    ------
    DataError
        If the text is no such date.
    """
    try:
        border = datetime.fromisoformat(text.strip())
    except ValueError:
        raise DataError(f"{name}: found {text!r}; expected a date such as 2015-01-31") from None
    if border.tzinfo is not None:
        raise DataError(f"{name}: found {text!r}; expected a date without a time zone")
    return border


def split_rows(
    file: str,
    dates: DateArray,
    labels: LabelArray,
    is_usable: npt.NDArray[np.bool_],
    split: Split,
    *,
    context: int,
    horizon: int,
) -> SplitRows:
    """Choose the rows of each split.

    A sample is named by the last row of its window. The whole window of `context` rows and the
    `horizon` rows that its label looks at lie inside the split's period, so splits share no row.

    Parameters
    ----------
    file : str
        The data's name, for messages.
    dates : datetime64[ns] array (T,)
        In time order.
    labels : int8 array (T,)
        0, 1, or -1 where unknown; such a row is no sample but may lie in a window.
    is_usable : bool array (T,)
        Rows whose features all have a value; no window touches another.
    split : SplitDates | SplitFractions
        The periods.
    context : int
        Rows in a window.
    horizon : int
        Rows after the window that its label looks at.

    Raises
    ------
    DataError
        If a border lies outside the data or a split is empty or lacks a class.
    """
    if context < 1:
        raise DataError(f"context: found {context}; expected 1 row or more")
    ends = _whole_windows(is_usable, context)
    samples = ends[labels[ends] != UNKNOWN]
    rows: dict[str, RowArray] = {}
    notices: list[str] = []
    for name, (first, end) in _periods(file, dates, split).items():
        inside = (samples >= first + context - 1) & (samples < end - horizon)
        rows[name] = samples[inside]
        period = f"{file}: the {name} period, {_range(dates[first:end])},"
        if not len(rows[name]):
            usable, labelled = is_usable[first:end].sum(), (labels[first:end] != UNKNOWN).sum()
            raise DataError(
                f"{period} has {usable} rows with all features and {labelled} with a label; "
                f"no window of {context} such rows, with {horizon} after it for the label, fits in"
            )
        notices += _check_classes(period, labels[rows[name]])
    return SplitRows(rows["train"], rows["val"], rows["test"], tuple(notices))


def _whole_windows(is_usable: npt.NDArray[np.bool_], context: int) -> RowArray:
    """Return the rows that end a window of usable rows."""
    unusable = np.concatenate([[0], np.cumsum(~is_usable)])
    ends = np.arange(context - 1, len(is_usable), dtype=np.int64)
    is_whole = unusable[ends + 1] == unusable[ends + 1 - context]
    whole: RowArray = ends[is_whole]
    return whole


def _periods(file: str, dates: DateArray, split: Split) -> Mapping[str, tuple[int, int]]:
    """Return the first row of each period and the row after its last."""
    if isinstance(split, SplitFractions):
        ends = (0.0, 1 - split.val - split.test, 1 - split.test, 1.0)
        borders = [round(len(dates) * end) for end in ends]
    else:
        borders = _border_rows(file, dates, split)
    for name, (first, end) in zip(SPLITS, pairwise(borders), strict=True):
        if first >= end:
            raise DataError(
                f"{file}: the {name} period holds no row; the dates run from {_range(dates)}"
            )
    return dict(zip(SPLITS, pairwise(borders), strict=True))


def _border_rows(file: str, dates: DateArray, split: SplitDates) -> list[int]:
    for name, border in (("val_start", split.val_start), ("test_start", split.test_start)):
        if not dates[0] < _instant(border) <= dates[-1]:
            written = write_date(_instant(border))
            raise DataError(f"{name} {written} lies outside the dates of {file}, {_range(dates)}")
    start = dates[0] if split.train_start is None else _instant(split.train_start)
    inner = [start, _instant(split.val_start), _instant(split.test_start)]
    end = len(dates) if split.test_end is None else np.searchsorted(dates, _instant(split.test_end))
    return [*(int(row) for row in np.searchsorted(dates, np.array(inner))), int(end)]


def _check_classes(period: str, labels: LabelArray) -> list[str]:
    positives = int(labels.sum())
    rarer = min(positives, len(labels) - positives)
    counts = f"{period} has {positives} positive of {len(labels)} rows"
    if rarer < MIN_CLASS_ROWS:
        raise DataError(f"{counts}; at least {MIN_CLASS_ROWS} rows of each class are needed")
    return [f"{counts}: few for an AUC"] if rarer < FEW_CLASS_ROWS else []


def _instant(border: date) -> np.datetime64:
    if not 1678 <= border.year <= 2261:
        raise DataError(f"border {border}: expected a year from 1678 to 2261")
    return np.datetime64(border, "ns")


def _range(dates: DateArray) -> str:
    return f"{write_date(dates[0])} to {write_date(dates[-1])}"
