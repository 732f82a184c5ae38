"""Reading a column of dates or time stamps: ISO, slashes, dots, zones; nothing is guessed."""

import re

import numpy as np
import pandas as pd

from models.data.dates import DateArray
from models.data.tables import Table
from models.errors import DataError, listed, nearest, place

USUAL_NAMES = ("date", "datetime", "timestamp", "time", "day")
EXAMPLE = "a date such as 2020-01-31"

_ISO = re.compile(r"(?:\d{4}([-/])\d{1,2}\1\d{1,2}|\d{8})(?:[ T].*)?")
_SLASHED = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4})(?P<rest>.*)"
)
_ZONE = re.compile(r"(?<=\d)\s*(?:Z|UTC|[+-]\d\d:?\d\d)$")


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
    columns = sorted(table.frame.columns, key=_rank)
    for column in columns:
        if _reads_as_date(table.frame[column], is_usual=_rank(column) < len(USUAL_NAMES)):
            return str(column)
    if _rank(columns[0]) < len(USUAL_NAMES):
        return str(columns[0])  # reading it will say which cell is wrong
    raise DataError(
        f"{table.file}: no column reads as dates; its columns are {listed(table.frame.columns)}"
        f"{nearest('date', table.frame.columns)}"
    )


def read_dates(table: Table, column: str) -> tuple[DateArray, tuple[str, ...]]:
    """Read a column of dates.

    Stamps that all carry one time of day are dates: the day in their own zone is kept. Other stamps
    with a zone become UTC.

    Parameters
    ----------
    table : Table
        The file.
    column : str
        Its date column.

    Returns
    -------
    dates : datetime64[ns] array (T,)
    notices : tuple[str, ...]

    Raises
    ------
    DataError
        For the first cell that is empty, unparsable or ambiguous.
    """
    where = place(table.file, column=column)
    local, universal, notices = _read_stamps(table.frame[column], where)
    unreadable = np.flatnonzero(local.isna())
    if len(unreadable):
        raise table.wrong_cell(int(unreadable[0]), column, EXAMPLE)
    days = local.dt.normalize()
    chosen = days if (local - days).nunique() == 1 else universal
    if chosen is universal and not universal.equals(local):
        notices += (f"{where}: time stamps are read as UTC",)
    try:
        return chosen.dt.as_unit("ns").to_numpy(), notices
    except pd.errors.OutOfBoundsDatetime:
        raise DataError(f"{where}: a date lies outside the years 1678 to 2261") from None


def _read_stamps(values: pd.Series, where: str) -> tuple[pd.Series, pd.Series, tuple[str, ...]]:
    """Return the stamps in their own zone and in UTC, and notices; an unreadable one is NaT."""
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return values.dt.tz_localize(None), values.dt.tz_convert(None), ()
    if pd.api.types.is_datetime64_any_dtype(values):
        return values, values, ()
    text, notices = _to_iso(values.astype("string").str.strip().fillna(""), where)
    has_zone = text.str.contains(_ZONE).to_numpy(dtype=bool)
    if not has_zone.any():
        return _parse(text), _parse(text), notices
    if not has_zone.all():
        row = int(np.argmin(has_zone))
        raise DataError(f"{where}: row {row + 1} has no time zone but other rows have one")
    return _parse(text.str.replace(_ZONE, "", regex=True)), _parse(text, utc=True), notices


def _rank(column: str) -> int:
    folded = column.casefold()
    return USUAL_NAMES.index(folded) if folded in USUAL_NAMES else len(USUAL_NAMES)


def _reads_as_date(values: pd.Series, *, is_usual: bool) -> bool:
    """Say whether the first filled cell looks like a date; a number only under a usual name."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return True
    filled = values.dropna()
    if filled.empty or (pd.api.types.is_numeric_dtype(values) and not is_usual):
        return False
    cell = str(filled.iloc[0]).strip()
    if _SLASHED.fullmatch(cell):
        return True
    return bool(_ISO.fullmatch(cell)) and bool(_parse(pd.Series([cell]), utc=True).notna().all())


def _parse(text: pd.Series, *, utc: bool = False) -> pd.Series:
    parsed = pd.to_datetime(text, format="ISO8601", errors="coerce", utc=utc)
    return parsed.dt.tz_localize(None) if utc else parsed


def _to_iso(text: pd.Series, where: str) -> tuple[pd.Series, tuple[str, ...]]:
    """Rewrite 1/31/2020 and 31.1.2020 as 2020-01-31, where the rows show which part is the day."""
    parts = text.str.extract(_SLASHED)
    slashed = np.flatnonzero(parts["year"].notna())
    if not len(slashed):
        return text, ()
    parts = parts.iloc[slashed]
    first, second = (parts[name].astype(int).to_numpy() for name in ("first", "second"))
    is_dotted = bool((parts["mark"] == ".").all())
    is_day_first = bool((first > 12).any()) or is_dotted
    is_month_first = bool((second > 12).any())
    if is_day_first == is_month_first:
        row = slashed[np.argmax(second > 12)]
        reason = (
            "other rows have the day first" if is_day_first else "no row shows which is the day"
        )
        raise DataError(
            f"{where}: row {row + 1} reads {text.iloc[row]!r} and {reason}; write {EXAMPLE}"
        )
    day, month = (first, second) if is_day_first else (second, first)
    rest = parts["rest"]
    iso = [
        f"{y}-{m:02}-{d:02}{r}" for y, m, d, r in zip(parts["year"], month, day, rest, strict=True)
    ]
    text = text.copy()
    text.iloc[slashed] = iso
    return text, (f"{where}: dates are read as day, month, year",) if is_day_first else ()
