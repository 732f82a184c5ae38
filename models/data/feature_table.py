"""Feature tables: a person's own columns of numbers, at times however irregular or at none."""

import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from models.data.dates import DateArray, write_date
from models.data.indicators.indicator import PRICE_COLUMNS, FloatArray
from models.data.prices import PRICES_NEED
from models.data.reading.names import simplify
from models.data.tables import Table
from models.data.timestamps import TimeAxis
from models.errors import DataError, listed

LARGEST = 1e30  # beyond this a value is a mark for "missing", and its square overflows

# Names under which whole numbers that only grow are an index, and those that must count by ones.
_INDEX = re.compile(r"index|unnamed \d+(?: \d+)?|level \d+")
_COUNTER = re.compile(r"row|rows|row id|row number|rownum|rowid|no|nr|number|num|id|idx|sno|s no|")


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """The columns of a table, rows in the file's order."""

    names: tuple[str, ...]  # C names as the file spells them
    features: FloatArray  # (T, C) NaN where a cell is empty
    notices: tuple[str, ...]


def read_feature_table(
    table: Table,
    axis: TimeAxis,
    *,
    label_column: str | None = None,
    left_out: Collection[str] = (),
) -> FeatureTable:
    """Take every numeric column that is not date, price, label or row counter as a feature.

    Where rows have no time a column that is called like a price is a feature as any other.

    Parameters
    ----------
    table : Table
        The file.
    axis : TimeAxis
        When its rows are, and by which columns; NaT and none where they have no time.
    label_column : str | None
        The label as the file spells it, if it has one.
    left_out : collection of str
        Other columns, as the file spells them, that are no features.

    Raises
    ------
    DataError
        If there is no feature, or a cell is neither empty nor a usable number.
    """
    prices = [
        name
        for name in table.frame.columns
        if axis.is_timed and name.casefold() in PRICE_COLUMNS and name not in left_out
    ]
    used = {*axis.columns, label_column, *prices, *left_out}
    others = [name for name in table.frame.columns if name not in used]
    counters = [name for name in others if _counts_rows(table, name)]
    numeric = {name: _is_numeric(table, name) for name in others if name not in counters}
    names = [name for name, is_numeric in numeric.items() if is_numeric]
    ignored = [name for name, is_numeric in numeric.items() if not is_numeric]
    if not names:
        raise DataError(
            f"{table.file}: no column of numbers is left as a feature; "
            f"its columns are {listed(table.frame.columns)} ({PRICES_NEED})"
        )
    notices = [
        f"{table.file}: {what}: {listed(found)}"
        for what, found in (
            ("columns without numbers are ignored", ignored),
            ("price columns are no features of a table", prices),
            ("columns that only count the rows are left out", counters),
        )
        if found
    ]
    features = np.column_stack([_read_feature(table, name, axis.dates) for name in names])
    return FeatureTable(tuple(names), features, tuple(notices))


def _is_numeric(table: Table, column: str) -> bool:
    """Say whether most of the filled cells are numbers (or true and false)."""
    is_filled = ~table.is_missing(column)
    return bool(np.isfinite(table.numbers(column)).sum() * 2 > is_filled.sum())


def _counts_rows(table: Table, column: str) -> bool:
    """Say whether a column is the number of its row, by its name and its values."""
    name = simplify(column)
    if not (_INDEX.fullmatch(name) or _COUNTER.fullmatch(name)):
        return False
    numbers = table.numbers(column)
    if len(numbers) < 2 or not np.isfinite(numbers).all() or (numbers % 1 != 0).any():
        return False
    steps = np.diff(numbers)
    if _COUNTER.fullmatch(name):
        return bool((steps == steps[0]).all() and abs(steps[0]) == 1)
    return bool((steps > 0).all() or (steps < 0).all())


def _read_feature(table: Table, column: str, dates: DateArray) -> FloatArray:
    numbers = table.numbers(column)
    is_empty = table.is_missing(column)
    numbers = np.where(is_empty, np.nan, numbers)
    wrong = np.flatnonzero(~is_empty & ~(np.abs(numbers) < LARGEST))
    if len(wrong):
        row = int(wrong[0])
        expected = f"a number below {LARGEST:g} or an empty cell"
        date = None if np.isnat(dates[row]) else write_date(dates[row])
        raise table.wrong_cell(row, column, expected, date=date)
    return numbers
