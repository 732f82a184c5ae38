"""Load checks: what makes data unusable is an error, what makes it doubtful is a notice."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.data.timestamps import DateArray, write_date
from models.errors import DataError, place

Rows = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]

ROUNDING = 1e-4  # of the price: vendors round adjusted prices
GAP_STEPS = 10  # a hole this many usual steps long is no holiday
MIXED_SHARE = 0.05  # of the steps may have another length than the usual, for holidays
JUMP = np.log(1.5)  # a close half as high again from row to row is more often a split than a price

# Upper ends, in days, of a step's length; five days hold the weekends and holidays of daily rows.
FREQUENCIES = {"intraday": 0.8, "daily": 5.5, "weekly": 10.5, "monthly": 45.0, "sparser": np.inf}


def time_order(
    file: str, dates: DateArray, rows: Rows | None = None
) -> tuple[Rows, tuple[str, ...]]:
    """Return the order of rows, oldest first, for a file that is sorted one way or the other.

    Parameters
    ----------
    file : str
        The file, for messages.
    dates : datetime64[ns] array (T,)
        The rows' dates.
    rows : int array (T,) | None
        Which row of the file each is, from 0; None if they are all of its rows.

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
    order = np.arange(len(dates))
    is_newest_first = len(steps) > 0 and bool((steps <= 0).all() and (steps < 0).any())
    wrong = np.flatnonzero(steps >= 0 if is_newest_first else steps <= 0)
    if not len(wrong):
        notices = (f"{file}: rows are newest first; they were reversed",) if is_newest_first else ()
        return (order[::-1] if is_newest_first else order), notices
    later = int(wrong[0]) + 1
    found, before = write_date(dates[later]), write_date(dates[later - 1])
    where = place(file, row=later if rows is None else int(rows[later]), date=found)
    if steps[later - 1] == 0:
        raise DataError(f"{where}: the date stands twice; keep one row of it")
    raise DataError(f"{where}: comes after {before}; sort the rows by date")


def drop_repeats(
    file: str, prices: pd.DataFrame, dates: DateArray
) -> tuple[BoolArray, tuple[str, ...]]:
    """Say which rows are to be kept where some repeat another's date and prices.

    Of rows that agree in date, open, high, low and close the one with the largest volume is kept,
    the first of those: downloads of the running day end with its row twice. Rows that differ in
    their prices are left to `time_order`, which refuses them.

    Parameters
    ----------
    file : str
        The file, for messages.
    prices : DataFrame (T, 5)
        Columns open, high, low, close, volume.
    dates : datetime64[ns] array (T,)

    Returns
    -------
    is_kept : bool array (T,)
    notices : tuple[str, ...]
    """
    if len(np.unique(dates)) == len(dates):
        return np.ones(len(prices), dtype=bool), ()
    same = prices.assign(date=dates)
    by = ["date", "open", "high", "low", "close"]
    if not same.duplicated(by).any():
        return np.ones(len(prices), dtype=bool), ()
    order = np.lexsort((np.arange(len(same)), -same["volume"].to_numpy()))
    is_repeated = same.iloc[order].duplicated(by).to_numpy()
    is_kept = np.ones(len(prices), dtype=bool)
    is_kept[order[is_repeated]] = False
    first = write_date(dates[int(np.argmin(is_kept))])
    count = int((~is_kept).sum())
    return is_kept, (
        f"{file}: {count} of {len(prices)} rows repeat the date and prices of another and are left "
        f"out, first on {first}",
    )


def refuse_impossible_prices(file: str, prices: pd.DataFrame, rows: Rows | None = None) -> None:
    """Refuse what cannot be a price.

    Parameters
    ----------
    file : str
        The file, for messages.
    prices : DataFrame (T, 5)
        Columns open, high, low, close, volume; rows in the file's order, index the dates.
    rows : int array (T,) | None
        Which row of the file each is, from 0; None if they are all of its rows.

    Raises
    ------
    DataError
        For the first price that is not positive, volume that is negative, or high below its low.
    """
    for column in ("open", "high", "low", "close"):
        _refuse(file, prices, rows, column, prices[column] <= 0, "expected a price above 0")
    _refuse(file, prices, rows, "volume", prices["volume"] < 0, "expected 0 or more")
    is_below = prices["high"] < prices["low"]
    _refuse(file, prices, rows, "high", is_below, "this is below the low of the row")


def find_doubts(file: str, prices: pd.DataFrame) -> tuple[str, ...]:
    """Find what is doubtful in prices but usable.

    Parameters
    ----------
    file : str
        The file, for messages.
    prices : DataFrame (T, 5)
        Columns open, high, low, close, and volume if it is known; rows in time order, index the
        dates.

    Returns
    -------
    notices : tuple[str, ...]
        A sentence each: where, how often.
    """
    dates = prices.index.to_numpy()
    found = (
        _count(file, dates, _is_outside(prices), "open or close lies outside low to high"),
        _count(file, dates, _is_jump(prices), "the close leaps by half or more (a split?)"),
        _count(file, dates, _is_idle(prices), "volume is zero"),
        find_gap(file, dates),
        find_mixture(file, dates),
    )
    return tuple(notice for notice in found if notice)


def _refuse(
    file: str,
    prices: pd.DataFrame,
    rows: Rows | None,
    column: str,
    is_wrong: pd.Series,
    expected: str,
) -> None:
    if is_wrong.any():
        first = int(np.argmax(is_wrong))
        date = write_date(prices.index.to_numpy()[first])
        row = first if rows is None else int(rows[first])
        where = place(file, row=row, date=date, column=column)
        raise DataError(f"{where}: found {prices[column].iloc[first]:g}; {expected}")


def _count(file: str, dates: DateArray, is_odd: BoolArray, what: str) -> str:
    """Say in how many rows something odd stands, and where first; nothing if nowhere."""
    if not is_odd.any():
        return ""
    first = write_date(dates[int(np.argmax(is_odd))])
    return f"{file}: {what} in {int(is_odd.sum())} of {len(dates)} rows, first on {first}"


def _is_idle(prices: pd.DataFrame) -> BoolArray:
    if "volume" not in prices:
        return np.zeros(len(prices), dtype=bool)
    return (prices["volume"] == 0).to_numpy()


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
