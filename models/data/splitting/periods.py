"""Periods: which rows train, validate and test, so that no window or label crosses a border."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

import numpy as np

from models.data.dates import DateArray, write_date
from models.data.splitting.demands import check_split_labels
from models.data.splitting.samples import SPLITS, RowArray, Samples, SplitRows, write_range
from models.errors import DataError


@dataclass(frozen=True, slots=True)
class SplitDates:
    """Borders of the periods; a border belongs to the period that it starts.

    Raises
    ------
    DataError
        If the borders are out of order.
    """

    val_start: date | None  # None: as many rows before the test as fractions would validate on
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


OrderedSplit = SplitDates | SplitFractions


@dataclass(frozen=True, slots=True)
class Borders:
    """The first row of each period; each ends where the next starts."""

    train: int
    val: int
    test: int
    end: int  # the row after the last of the test period


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


def split_rows(samples: Samples, split: OrderedSplit) -> SplitRows:
    """Choose the rows of each split.

    A sample is named by the last row of its window. The whole window of `context` rows and the
    `horizon` rows that its label looks at lie inside the split's period, so splits share no row.

    Parameters
    ----------
    samples : Samples
        The rows.
    split : SplitDates | SplitFractions
        The periods.

    Raises
    ------
    DataError
        If a border lies outside the data or a split is empty or lacks a class.
    """
    borders = find_borders(samples, split)
    ends = samples.list_ends()
    rows: dict[str, RowArray] = {}
    notices: list[str] = []
    starts = (borders.train, borders.val, borders.test, borders.end)
    for name, (first, end) in zip(SPLITS, pairwise(starts), strict=True):
        rows[name] = samples.choose(ends, f"{name} period", first, end)
        where = samples.describe(f"{name} period", first, end)
        notices += check_split_labels(samples, rows[name], name, where)
    return SplitRows(rows["train"], rows["val"], rows["test"], tuple(notices))


def find_borders(samples: Samples, split: OrderedSplit) -> Borders:
    """Return the rows at which the periods start.

    Raises
    ------
    DataError
        If a border lies outside the data, or a period holds no row.
    """
    file, dates = samples.file, samples.dates
    if isinstance(split, SplitFractions):
        ends = (0.0, 1 - split.val - split.test, 1 - split.test, 1.0)
        rows = [round(len(dates) * end) for end in ends]
    else:
        rows = _border_rows(file, dates, split)
    for name, (first, end) in zip(SPLITS, pairwise(rows), strict=True):
        if first >= end:
            raise DataError(
                f"{file}: the {name} period holds no row; the dates run from {write_range(dates)}"
            )
    return Borders(*rows)


def _border_rows(file: str, dates: DateArray, split: SplitDates) -> list[int]:
    for name, border in (("val_start", split.val_start), ("test_start", split.test_start)):
        if border is not None and not dates[0] < _instant(border) <= dates[-1]:
            written = write_date(_instant(border))
            raise DataError(
                f"{name} {written} lies outside the dates of {file}, {write_range(dates)}"
            )
    train = _find_row(dates, split.train_start, 0)
    test = _find_row(dates, split.test_start, len(dates))
    end = _find_row(dates, split.test_end, len(dates))
    usual = max(train, test - round(SplitFractions().val * (end - train)))
    return [train, _find_row(dates, split.val_start, usual), test, end]


def _find_row(dates: DateArray, border: date | None, usual: int) -> int:
    """Return the first row at or after a border."""
    return usual if border is None else int(np.searchsorted(dates, _instant(border)))


def _instant(border: date) -> np.datetime64:
    if not 1678 <= border.year <= 2261:
        raise DataError(f"border {border}: expected a year from 1678 to 2261")
    return np.datetime64(border, "ns")
