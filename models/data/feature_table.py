"""Feature tables: a person's own numeric columns, 0/1 label, and time stamps, however irregular."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.data.dates import DateArray, write_date
from models.data.indicators.indicator import PRICE_COLUMNS, FloatArray
from models.data.labels import UNKNOWN, LabelArray
from models.data.prices import PRICES_NEED
from models.data.tables import Table, to_numbers
from models.data.timestamps import find_date_column, read_dates
from models.errors import DataError, listed

LABEL_NAMES = ("label", "target", "y")
LARGEST = 1e30  # beyond this a value is a mark for "missing", and its square overflows


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """The columns of a table, rows in the file's order."""

    dates: DateArray  # (T,)
    names: tuple[str, ...]  # C names as the file spells them
    features: FloatArray  # (T, C) NaN where a cell is empty
    notices: tuple[str, ...]


def find_label_column(table: Table, named: str | None) -> str | None:
    """Return the named label column, else one of a usual name, else None."""
    if named is not None:
        return table.column(named)
    return next((table.column(name) for name in LABEL_NAMES if table.has_column(name)), None)


def read_labels(table: Table, column: str) -> LabelArray:
    """Read a column of 0 and 1 (or false and true).

    Parameters
    ----------
    table : Table
        The file.
    column : str
        The column as the file spells it.

    Returns
    -------
    labels : int8 array (T,)
        0, 1, or -1 where the cell is empty: the row is no sample.

    Raises
    ------
    DataError
        For the first cell that is none of them.
    """
    numbers = to_numbers(table.frame[column])
    is_empty = table.frame[column].isna().to_numpy()
    wrong = np.flatnonzero(~is_empty & ~np.isin(numbers, (0.0, 1.0)))
    if len(wrong):
        raise table.wrong_cell(int(wrong[0]), column, "a label, 0 or 1")
    return np.where(is_empty, UNKNOWN, numbers).astype(np.int8)


def read_feature_table(
    table: Table, *, date_column: str | None = None, label_column: str | None = None
) -> FeatureTable:
    """Take every numeric column that is not date, price or label as a feature.

    Parameters
    ----------
    table : Table
        The file.
    date_column : str | None
        The person's choice; found when not given.
    label_column : str | None
        The label as the file spells it, if it has one.

    Raises
    ------
    DataError
        If there is no date column or no feature, or a cell is neither empty nor a usable number.
    """
    date_name = find_date_column(table, date_column)
    dates, date_notices = read_dates(table, date_name)
    prices = [name for name in table.frame.columns if name.casefold() in PRICE_COLUMNS]
    used = {date_name, label_column, *prices}
    others = {
        name: _is_numeric(table.frame[name]) for name in table.frame.columns if name not in used
    }
    names = [name for name, is_numeric in others.items() if is_numeric]
    ignored = [name for name, is_numeric in others.items() if not is_numeric]
    if not names:
        raise DataError(
            f"{table.file}: no column of numbers is left as a feature; "
            f"its columns are {listed(table.frame.columns)} ({PRICES_NEED})"
        )
    notices = list(date_notices)
    if ignored:
        notices.append(f"{table.file}: columns without numbers are ignored: {listed(ignored)}")
    if prices:
        notices.append(f"{table.file}: price columns are no features of a table: {listed(prices)}")
    features = np.column_stack([_read_feature(table, name, dates) for name in names])
    return FeatureTable(dates, tuple(names), features, tuple(notices))


def _is_numeric(cells: pd.Series) -> bool:
    """Say whether most of the filled cells are numbers (or true and false)."""
    return bool(np.isfinite(to_numbers(cells)).sum() * 2 > cells.notna().sum())


def _read_feature(table: Table, column: str, dates: DateArray) -> FloatArray:
    numbers = to_numbers(table.frame[column])
    is_empty = table.frame[column].isna().to_numpy()
    wrong = np.flatnonzero(~is_empty & ~(np.abs(numbers) < LARGEST))
    if len(wrong):
        row = int(wrong[0])
        expected = f"a number below {LARGEST:g} or an empty cell"
        raise table.wrong_cell(row, column, expected, date=write_date(dates[row]))
    return numbers
