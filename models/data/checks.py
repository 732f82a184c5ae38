"""Load checks: what makes data unusable is an error, what makes it doubtful is a notice."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.data.dates import DateArray, write_date
from models.errors import DataError, place

BoolArray = npt.NDArray[np.bool_]

ROUNDING = 1e-4  # of the price: vendors round adjusted prices
GAP_STEPS = 10  # a hole this many usual steps long is no holiday
MIXED_SHARE = 0.05  # of the steps may have another length than the usual, for holidays
JUMP = np.log(1.5)  # a close half as high again from row to row is more often a split than a price

# Upper ends, in days, of a step's length; five days hold the weekends and holidays of daily rows.
FREQUENCIES = {"intraday": 0.8, "daily": 5.5, "weekly": 10.5, "monthly": 45.0, "sparser": np.inf}


def time_order(file: str, dates: DateArray) -> tuple[npt.NDArray[np.intp], tuple[str, ...]]:
    """Return the order of rows, oldest first, for a file that is sorted one way or the other.

    Parameters
    ----------
    file : str
        The file, for messages.
    dates : datetime64[ns] array (T,)
        The rows' dates.

    Returns
    -------
    order : int array (T,)
        Positions of the rows: as they are, or reversed.
    notices : tuple[str, ...]

    Raises
    ------
    DataError
        If a date stands twice or the rows are in no order.
    """
    steps = np.diff(dates).astype(np.int64)
    rows = np.arange(len(dates))
    is_newest_first = len(steps) > 0 and bool((steps <= 0).all() and (steps < 0).any())
    wrong = np.flatnonzero(steps >= 0 if is_newest_first else steps <= 0)
    if not len(wrong):
        notices = (f"{file}: rows are newest first; they were reversed",) if is_newest_first else ()
        return (rows[::-1] if is_newest_first else rows), notices
    row = int(wrong[0]) + 1
    found, before = write_date(dates[row]), write_date(dates[row - 1])
    if steps[row - 1] == 0:
        raise DataError(
            f"{place(file, row=row, date=found)}: the date stands twice; keep one row of it"
        )
    raise DataError(
        f"{place(file, row=row, date=found)}: comes after {before}; sort the rows by date"
    )


def refuse_impossible_prices(file: str, prices: pd.DataFrame) -> None:
    """Refuse what cannot be a price.

    Parameters
    ----------
    file : str
        The file, for messages.
    prices : DataFrame (T, 5)
        Columns open, high, low, close, volume; rows in the file's order, index the dates.

    Raises
    ------
    DataError
        For the first price that is not positive, volume that is negative, or high below its low.
    """
    for column in ("open", "high", "low", "close"):
        _refuse(file, prices, column, prices[column] <= 0, "expected a price above 0")
    _refuse(file, prices, "volume", prices["volume"] < 0, "expected 0 or more")
    is_below = prices["high"] < prices["low"]
    _refuse(file, prices, "high", is_below, "this is below the low of the row")


def find_doubts(file: str, prices: pd.DataFrame) -> tuple[str, ...]:
    """Find what is doubtful in prices but usable.

    Parameters
    ----------
    file : str
        The file, for messages.
    prices : DataFrame (T, 5)
        Columns open, high, low, close, volume; rows in time order, index the dates.

    Returns
    -------
    notices : tuple[str, ...]
        A sentence each: where, how often.
    """
    dates = prices.index.to_numpy()
    found = (
        _count(file, dates, _is_outside(prices), "open or close lies outside low to high"),
        _count(file, dates, _is_jump(prices), "the close leaps by half or more (a split?)"),
        _count(file, dates, (prices["volume"] == 0).to_numpy(), "volume is zero"),
        find_gap(file, dates),
        find_mixture(file, dates),
    )
    return tuple(notice for notice in found if notice)


def _refuse(
    file: str, prices: pd.DataFrame, column: str, is_wrong: pd.Series, expected: str
) -> None:
    if is_wrong.any():
        row = int(np.argmax(is_wrong))
        date = write_date(prices.index.to_numpy()[row])
        where = place(file, row=row, date=date, column=column)
        raise DataError(f"{where}: found {prices[column].iloc[row]:g}; {expected}")


def _count(file: str, dates: DateArray, is_odd: BoolArray, what: str) -> str:
    """Say in how many rows something odd stands, and where first; nothing if nowhere."""
    if not is_odd.any():
        return ""
    first = write_date(dates[int(np.argmax(is_odd))])
    return f"{file}: {what} in {int(is_odd.sum())} of {len(dates)} rows, first on {first}"


def _is_outside(prices: pd.DataFrame) -> BoolArray:
    ends = prices[["open", "close"]]
    above = ends.max(axis=1) > prices["high"] * (1 + ROUNDING)
    below = ends.min(axis=1) < prices["low"] * (1 - ROUNDING)
    return np.asarray(above | below)


def _is_jump(prices: pd.DataFrame) -> BoolArray:
    steps = np.abs(np.diff(np.log(prices["close"].to_numpy())))
    return np.concatenate([[False], steps > JUMP])


def find_gap(file: str, dates: DateArray) -> str:
    """Say where a series has a hole much longer than its usual step; nothing if it has none."""
    steps = _days(dates)
    if not len(steps):
        return ""
    limit = GAP_STEPS * max(1.0, float(np.median(steps)))
    longest = int(np.argmax(steps))
    if steps[longest] <= limit:
        return ""
    ends = f"{write_date(dates[longest])} to {write_date(dates[longest + 1])}"
    count = int((steps > limit).sum())
    return f"{file}: {count} hole{'s' * (count > 1)} in the dates, the longest from {ends}"


def find_mixture(file: str, dates: DateArray) -> str:
    """Say that a series mixes frequencies, such as weekly before daily rows; nothing if not."""
    steps = _days(dates)
    kinds = np.searchsorted(list(FREQUENCIES.values()), steps)
    counts = np.bincount(kinds, minlength=len(FREQUENCIES))
    if not len(steps) or (len(steps) - counts.max()) / len(steps) <= MIXED_SHARE:
        return ""
    found = ", ".join(f"{n} {kind}" for kind, n in zip(FREQUENCIES, counts, strict=True) if n)
    return f"{file}: the steps between rows are of mixed lengths ({found})"


def _days(dates: DateArray) -> npt.NDArray[np.float64]:
    return np.diff(dates) / np.timedelta64(1, "D")
