"""Prices: the embedded S&P 500, and a person's own open, high, low, close and volume."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.data.dates import DateArray, write_date
from models.data.embedded import EMBEDDED_NAME, find_embedded_file
from models.data.indicators.indicator import PRICE_COLUMNS
from models.data.tables import Table, read_table, to_numbers
from models.data.timestamps import find_date_column, read_dates
from models.errors import DataError, listed, nearest

PRICES_NEED = "to be read as prices it needs open, high, low and close"


def read_embedded_table() -> Table:
    """Read the embedded prices: 5,031 sessions."""
    table = read_table(find_embedded_file())
    return Table(EMBEDDED_NAME, table.frame.drop(columns="Adj Close"))


def has_prices(table: Table) -> bool:
    """Say whether a file holds open, high, low and close."""
    return all(table.has_column(name) for name in ("open", "high", "low", "close"))


def read_prices(
    table: Table, *, date_column: str | None = None, label_column: str | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Interpret a file as prices; all that is checked is that every cell is a number or a date.

    Parameters
    ----------
    table : Table
        The file.
    date_column : str | None
        Its date column; found when not given.
    label_column : str | None
        A column that is known not to be ignored.

    Returns
    -------
    prices : DataFrame (T, 5)
        Columns open, high, low, close, volume (float64), rows in the file's order, index the dates.
    notices : tuple[str, ...]
        How dates were read, and which columns are ignored.

    Raises
    ------
    DataError
        If a column is missing or a cell holds no number or no date.
    """
    if not table.has_column("volume"):
        raise DataError(
            f"{table.file}: there is no column 'volume'{nearest('volume', table.frame.columns)}, "
            "which the indicators need; add one, of zeros where it is unknown"
        )
    date_name = find_date_column(table, date_column)
    dates, notices = read_dates(table, date_name)
    own_names = {name: table.column(name) for name in PRICE_COLUMNS}
    values = {name: read_numbers(table, own, dates) for name, own in own_names.items()}
    used = {date_name, label_column, *own_names.values()}
    ignored = [name for name in table.frame.columns if name not in used]
    if ignored:
        notices += (f"{table.file}: columns beside the prices are ignored: {listed(ignored)}",)
    return pd.DataFrame(values, index=pd.DatetimeIndex(dates, name="date")), notices


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
    numbers = to_numbers(table.frame[column])
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if len(wrong):
        row = int(wrong[0])
        raise table.wrong_cell(row, column, "a number", date=write_date(dates[row]))
    return numbers
