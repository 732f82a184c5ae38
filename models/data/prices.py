"""Prices: the embedded S&P 500, and a person's own open, high, low, close and volume."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.data.checks import drop_repeats
from models.data.dates import DateArray, write_date
from models.data.embedded import EMBEDDED_NAME
from models.data.reading.names import simplify
from models.data.tables import Table, read_table
from models.data.timestamps import TimeAxis, read_time_axis
from models.errors import DataError, listed

PRICES_NEED = "to be read as prices it needs open, high, low and close"
NEEDED = ("open", "high", "low", "close")


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """The prices of a file, rows in its order but for those that are left out."""

    frame: pd.DataFrame  # (T, 5) open, high, low, close, volume (float64); index the dates
    table: Table  # the same rows as they stand in the file
    axis: TimeAxis  # of the same rows
    columns: dict[str, str]  # the file's own names; without volume if it has none
    notices: tuple[str, ...]  # what was left out, filled in or ignored

    @property
    def has_volume(self) -> bool:
        """Whether the file says how much was traded; if not, the volume is zero everywhere."""
        return "volume" in self.columns

    @property
    def rows(self) -> npt.NDArray[np.intp]:
        """Which row of the file each is, from 0: (T,)."""
        return self.table.frame.index.to_numpy(dtype=np.intp)


def read_embedded_table(file: Path) -> Table:
    """Read the file of the embedded prices: 5,031 sessions."""
    table = read_table(file)
    return Table(EMBEDDED_NAME, table.frame.drop(columns="Adj Close"))


def has_prices(table: Table) -> bool:
    """Say whether a file holds columns that are called open, high, low and close."""
    return all(table.has_column(name) for name in NEEDED)


def means_prices(table: Table) -> bool:
    """Say whether a file holds open, high, low and close under whatever usual names."""
    return all(table.find_role(name) for name in NEEDED)


def read_prices(
    table: Table,
    *,
    date_column: str | None = None,
    date_format: str | None = None,
    label_column: str | None = None,
) -> Prices:
    """Interpret a file as prices; all that is checked is that every cell is a number or a date.

    Rows without any price, as on holidays, are left out, and so are those that repeat another. A
    volume that is missing where others are not is zero.

    Parameters
    ----------
    table : Table
        The file.
    date_column : str | None
        Its date column; found when not given.
    date_format : str | None
        How dates are written; seen from the cells when not given.
    label_column : str | None
        A column that is known not to be ignored.

    Raises
    ------
    DataError
        If a column is missing or a cell holds no number or no date.
    """
    columns = _find_columns(table)
    table, left_out = _drop_empty(table, columns)
    axis = read_time_axis(table, date_column=date_column, date_format=date_format)
    values = {name: read_numbers(table, columns[name], axis.dates) for name in NEEDED}
    filled: tuple[str, ...] = ()
    if "volume" in columns:
        values["volume"], filled = _read_volume(table, columns["volume"], axis.dates)
    else:
        values["volume"] = np.zeros(len(axis.dates))
    frame = pd.DataFrame(values)
    is_kept, repeats = drop_repeats(table.file, frame, axis.dates)
    frame = frame[is_kept].set_axis(pd.DatetimeIndex(axis.dates[is_kept], name="date"))
    used = {*axis.columns, label_column, *columns.values()}
    ignored = [name for name in table.frame.columns if name not in used]
    notices = (*axis.notices, *left_out, *filled, *repeats)
    if ignored:
        notices += (f"{table.file}: columns beside the prices are ignored: {listed(ignored)}",)
    kept_axis = TimeAxis(axis.dates[is_kept], axis.columns, axis.how, axis.notices)
    return Prices(frame, table.keep(is_kept), kept_axis, columns, notices)


def read_numbers(table: Table, column: str, dates: DateArray) -> npt.NDArray[np.float64]:
    """Read a column whose every cell must be a finite number.

    Parameters
    ----------
    table : Table
        The file.
    column : str
        The column as the file spells it.
    dates : datetime64 array (T,)
        The rows' dates, for the message.

    Raises
    ------
    DataError
        For the first cell that is empty, no number or infinite.
    """
    return _refuse_odd(table, column, dates, table.numbers(column))


def _refuse_odd(
    table: Table, column: str, dates: DateArray, numbers: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if len(wrong):
        row = int(wrong[0])
        expected = "a number"
        if table.mark is None:
            expected = "a number without comma: no cell shows whether one parts thousands"
        raise table.wrong_cell(row, column, expected, date=write_date(dates[row]))
    return numbers


def _find_columns(table: Table) -> dict[str, str]:
    """Return the file's own names of the prices and, if it has one, the volume."""
    columns = {name: _find_price(table, name) for name in NEEDED}
    volumes = table.find_role("volume")
    if table.has_column("volume"):
        volumes = [table.column("volume"), *volumes]
    volumes = [name for name in volumes if not table.is_missing(name).all()]
    if not volumes:
        return columns
    # Terminals count ticks beside a volume that is zero throughout.
    is_named = volumes[0].casefold() == "volume"
    traded = volumes if is_named else [v for v in volumes if np.any(table.numbers(v) != 0)]
    return columns | {"volume": (traded or volumes)[0]}


def _find_price(table: Table, name: str) -> str:
    found = table.find_role(name)
    if table.has_column(name) or not found:
        return table.column(name)
    alike = [column for column in found if simplify(column) == simplify(found[0])]
    if len(alike) > 1:
        raise DataError(f"{table.file}: columns {listed(alike)} may all be {name}; keep one")
    return found[0]


def _drop_empty(table: Table, columns: dict[str, str]) -> tuple[Table, tuple[str, ...]]:
    """Leave out rows without any price; say how many."""
    is_empty = np.all([table.is_missing(columns[name]) for name in NEEDED], axis=0)
    if not is_empty.any():
        return table, ()
    if is_empty.all():
        raise DataError(f"{table.file}: no row holds a price")
    count, first = int(is_empty.sum()), table.row(int(np.argmax(is_empty)))
    return table.keep(~is_empty), (
        f"{table.file}: {count} of {len(is_empty)} rows hold no price and are left out, first row "
        f"{first + 1}",
    )


def _read_volume(
    table: Table, column: str, dates: DateArray
) -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
    is_missing = table.is_missing(column)
    numbers = np.where(is_missing, 0.0, table.numbers(column))
    _refuse_odd(table, column, dates, numbers)
    if not is_missing.any():
        return numbers, ()
    first = write_date(dates[int(np.argmax(is_missing))])
    return numbers, (
        f"{table.file}: volume is missing in {int(is_missing.sum())} of {len(dates)} rows, first "
        f"on {first}, and taken as 0",
    )
