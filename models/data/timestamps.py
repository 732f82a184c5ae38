"""Reading a column of dates or time stamps, and the times of day beside it; nothing is guessed."""

import contextlib
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.data.dates import DateArray
from models.data.reading.clock import write_clock, write_clocks
from models.data.reading.dates import EXAMPLE, looks_like_date
from models.data.reading.numbers import is_nothing
from models.data.reading.stamps import Stamps, find_epoch, read_iso, read_stamps, write_texts
from models.data.tables import Table
from models.errors import DataError, listed, nearest, place

USUAL_NAMES = ("date", "datetime", "timestamp", "time", "day")

_USUAL_ORDER = "month, day, year"
_WITH_CENTURY = re.compile(r"\d{4}[-/]?\d\d?[-/]?\d\d?(?!\d).*|\d\d?([-/.])\d\d?\1\d{4}.*")


@dataclass(frozen=True, slots=True, eq=False)
class TimeAxis:
    """When each row of a table is, and how that was read."""

    dates: DateArray  # (T,) in the file's order
    columns: tuple[str, ...]  # the date's, and the time's where it was needed
    how: str  # such as "day, month, year"; empty where nothing had to be understood
    notices: tuple[str, ...]

    @property
    def is_timed(self) -> bool:
        """Whether the rows have times at all."""
        return not np.isnat(self.dates).any()


def without_time(n_rows: int) -> TimeAxis:
    """Return the axis of rows of which nothing says when they are."""
    return TimeAxis(np.full(n_rows, np.datetime64("NaT", "ns")), (), "", ())


def find_date_column(table: Table, named: str | None) -> str:
    """Return the name of the column that holds the dates.

    Parameters
    ----------
    table : Table
        The file.
    named : str | None
        The person's choice; otherwise a usual name, otherwise the first column that reads as dates.

    Raises
    ------
    DataError
        If the named column is absent or no column reads as dates.
    """
    if named is not None:
        return table.column(named)
    if (found := find_dated_column(table)) is not None:
        return found
    usual, columns = table.find_role("date"), [str(name) for name in table.frame.columns]
    if usual and usual[0].casefold() in USUAL_NAMES:
        return usual[0]  # reading it will say which cell is wrong
    raise DataError(
        f"{table.file}: no column reads as dates; its columns are {listed(columns)}"
        f"{nearest('date', columns)}; rows without time need a split that says so (random, "
        "stratified, groups or column)"
    )


def find_dated_column(table: Table) -> str | None:
    """Return the likeliest column whose first filled cell reads as a date; None if none does."""
    usual, columns = table.find_role("date"), [str(name) for name in table.frame.columns]
    firsts = {name: _find_first(table, name, is_usual=name in usual) for name in columns}
    dated = [name for name in columns if looks_like_date(firsts[name])]
    # A number of seconds is a date only under a name that says so, and after all that looks it.
    candidates = [
        *(name for name in usual if name in dated),
        *(name for name in dated if _WITH_CENTURY.fullmatch(firsts[name])),
        *dated,
        *(name for name in usual if find_epoch([firsts[name]]) is not None),
    ]
    return candidates[0] if candidates else None


def read_time_axis(
    table: Table, *, date_column: str | None = None, date_format: str | None = None
) -> TimeAxis:
    """Read when each row is.

    Stamps that all carry one time of day are dates: the day in their own zone is kept. Other stamps
    with a zone become UTC. Days that stand more than once are completed by the times of day beside
    them, if there is a column of those, or give way to another column of a usual name whose stamps
    all differ.

    Parameters
    ----------
    table : Table
        The file.
    date_column : str | None
        The person's choice; found when not given.
    date_format : str | None
        How dates are written, as `datetime.strptime` takes it; seen from the cells if not given.

    Raises
    ------
    DataError
        For the first cell that is empty, unparsable or ambiguous, or a format that is none.
    """
    column = find_date_column(table, date_column)
    axis = read_dates(table, column, date_format=date_format)
    days = axis.dates.astype("datetime64[D]")
    if (days != axis.dates).any() or len(np.unique(days)) == len(days):
        return axis
    times = [name for name in table.find_role("time") if name != column]
    times = [name for name in times if _is_clock(table, name)]
    if times:
        return _add_times(table, axis, days, times[0])
    return axis if date_column else _find_finer(table, column, date_format) or axis


def read_dates(table: Table, column: str, *, date_format: str | None = None) -> TimeAxis:
    """Read a column of dates alone; see `read_time_axis`.

    Raises
    ------
    DataError
        For the first cell that is empty, unparsable or ambiguous, or a format that is none.
    """
    cells, where = table.frame[column], place(table.file, column=column)
    stamps = read_stamps(cells, where, rows=cells.index.tolist(), date_format=date_format)
    expected = EXAMPLE if date_format is None else f"a date written {date_format!r}"
    return _check_stamps(table, stamps, column, expected)


def _find_first(table: Table, column: str, *, is_usual: bool) -> str:
    """Return a column's first filled cell, if it may hold dates: a number only if it is usual."""
    cells = table.frame[column]
    if pd.api.types.is_datetime64_any_dtype(cells):
        return "2000-01-01"
    if pd.api.types.is_numeric_dtype(cells) and not is_usual:
        return ""
    first = next((i for i, cell in enumerate(cells) if not is_nothing(cell)), None)
    return "" if first is None else write_texts(cells.iloc[first : first + 1])[0]


def _find_finer(table: Table, column: str, date_format: str | None) -> TimeAxis | None:
    """Return the first other column of a usual name whose stamps all differ."""
    for name in table.find_role("date"):
        with contextlib.suppress(DataError):
            other = read_dates(table, name, date_format=date_format)
            if name != column and len(np.unique(other.dates)) == len(other.dates):
                return other
    return None


def _check_stamps(table: Table, stamps: Stamps, column: str, expected: str) -> TimeAxis:
    unreadable = np.flatnonzero(stamps.local.isna() | stamps.universal.isna())
    if len(unreadable):
        raise table.wrong_cell(int(unreadable[0]), column, expected)
    where, chosen = place(table.file, column=column), stamps.choose()
    notices: tuple[str, ...] = ()
    if stamps.how not in {"", _USUAL_ORDER}:
        notices = (f"{where}: dates are read as {stamps.how}",)
    if chosen is stamps.universal and not stamps.universal.equals(stamps.local):
        notices += (f"{where}: time stamps are read as UTC",)
    try:
        dates = chosen.dt.as_unit("ns").to_numpy()
    except pd.errors.OutOfBoundsDatetime:
        raise DataError(f"{where}: a date lies outside the years 1678 to 2261") from None
    return TimeAxis(dates, (column,), stamps.how, notices)


def _is_clock(table: Table, column: str) -> bool:
    filled = table.frame[column][~table.is_missing(column)]
    return len(filled) > 0 and write_clock(f" {write_clocks(filled).iloc[0]}") is not None


def _add_times(table: Table, axis: TimeAxis, days: DateArray, column: str) -> TimeAxis:
    """Complete days by the times of day in another column."""
    clocks = [write_clock(f" {cell}") for cell in write_clocks(table.frame[column]).fillna("?")]
    if None in clocks:
        raise table.wrong_cell(clocks.index(None), column, "a time of day such as 09:30")
    index = table.frame.index
    written = [f"{day}{clock}" for day, clock in zip(days, clocks, strict=True)]
    where = place(table.file, column=column)
    text = pd.Series(written, index, dtype="string")
    stamps = read_iso(text, where, index.tolist())
    timed = _check_stamps(table, stamps, column, "a time of day such as 09:30")
    columns = (*axis.columns, column)
    return TimeAxis(timed.dates, columns, axis.how, (*axis.notices, *timed.notices))
