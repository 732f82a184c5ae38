"""A column of dates or time stamps, in whatever form, as moments in their own zone and in UTC."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from models.data.reading.dates import looks_like_date, write_iso
from models.data.reading.epochs import Unit, describe_unit, find_unit
from models.errors import DataError

_ZONE = re.compile(r"(?<=\d)\s*(?:Z|UTC|[+-]\d\d:?\d\d)$")
_DIRECTIVES = tuple("YymbBdjaAHIMSfpz")  # of --date-format
_DIGITS = re.compile(r"\d{8,19}(?:\.\d*)?")


@dataclass(frozen=True, slots=True, eq=False)
class Stamps:
    """When the rows of a column are."""

    local: pd.Series  # (T,) in the zone that each cell names; NaT where it cannot be read
    universal: pd.Series  # (T,) the same in UTC; equal to local where cells name no zone
    how: str  # they were read, such as "day, month, year"; empty if nothing had to be understood

    def choose(self) -> pd.Series:
        """Return the days, if all stamps carry one time of day in their own zone, else UTC."""
        days = self.local.dt.normalize()
        return days if (self.local - days).nunique() == 1 else self.universal


def read_stamps(
    cells: pd.Series, where: str, *, rows: Sequence[int], date_format: str | None = None
) -> Stamps:
    """Read a column of dates, texts or numbers.

    Parameters
    ----------
    cells : Series (T,)
        The column.
    where : str
        File and column, for messages.
    rows : Sequence[int]
        Which row of the file each cell (T) stands in, from 0.
    date_format : str | None
        How they are written, as `datetime.strptime` takes it; seen from the cells if not given.

    Raises
    ------
    DataError
        If the cells do not show which number is the day, only some name a zone, or the format is
        none.
    """
    if isinstance(cells.dtype, pd.DatetimeTZDtype):
        return Stamps(cells.dt.tz_localize(None), cells.dt.tz_convert(None), "")
    if pd.api.types.is_datetime64_any_dtype(cells):
        return Stamps(cells, cells, "")
    texts = write_texts(cells)
    if date_format is not None:
        return _read_format(pd.Series(texts, cells.index, dtype="string"), date_format)
    if (unit := find_epoch(texts)) is not None:
        stamps = _read_epochs(texts, unit, cells.index)
        return Stamps(stamps, stamps, describe_unit(unit))
    iso, order = write_iso(texts, where, rows)
    return read_iso(pd.Series(iso, cells.index, dtype="string"), where, rows, how=order)


def write_texts(cells: pd.Series) -> list[str]:
    """Return cells as texts without spaces around them; whole numbers without a point."""
    if pd.api.types.is_float_dtype(cells):
        is_whole = np.isfinite(cells) & (cells % 1 == 0) & (cells.abs() < 2**63)
        if (is_whole | cells.isna()).all():
            cells = cells.astype("Int64")
    return cells.astype("string").str.strip().fillna("").tolist()


def find_epoch(texts: Sequence[str]) -> Unit | None:
    """Return the unit in which texts count the time since 1970; None if they do not.

    Numbers that can be read as dates, such as 20200131, are dates.
    """
    filled = [text for text in texts if text]
    if not filled or not all(map(_DIGITS.fullmatch, filled)) or all(map(looks_like_date, filled)):
        return None
    return find_unit(np.array([float(text) for text in filled]))


def read_iso(text: pd.Series, where: str, rows: Sequence[int], *, how: str = "") -> Stamps:
    """Read stamps that are written as ISO 8601 has it; all of them name a zone, or none does.

    Raises
    ------
    DataError
        If only some name a zone.
    """
    has_zone = text.str.contains(_ZONE).to_numpy(dtype=bool)
    if not has_zone.any():
        return Stamps(_parse(text), _parse(text), how)
    if not has_zone.all():
        row = rows[int(np.argmin(has_zone))]
        raise DataError(f"{where}: row {row + 1} has no time zone but other rows have one")
    return Stamps(_parse(text.str.replace(_ZONE, "", regex=True)), _parse(text, utc=True), how)


def _parse(text: pd.Series, *, utc: bool = False) -> pd.Series:
    parsed = pd.to_datetime(text, format="ISO8601", errors="coerce", utc=utc)
    return parsed.dt.tz_localize(None) if utc else parsed


def _read_epochs(texts: Sequence[str], unit: Unit, index: pd.Index) -> pd.Series:
    if all("." not in text for text in texts):
        numbers = pd.Series([int(text) if text else None for text in texts], index, dtype="Int64")
        return pd.to_datetime(numbers, unit=unit, errors="coerce")
    numbers = pd.Series([float(text or "nan") for text in texts], index)
    return pd.to_datetime(numbers, unit=unit, errors="coerce").dt.round("us")


def _read_format(text: pd.Series, date_format: str) -> Stamps:
    _refuse_odd_format(date_format)
    how = f"written {date_format!r}"
    if "%z" not in date_format:
        stamps = pd.to_datetime(text, format=date_format, errors="coerce")
        return Stamps(stamps, stamps, how)
    zoned = [_parse_zoned(cell, date_format) for cell in text]
    local = [None if stamp is None else stamp.replace(tzinfo=None) for stamp in zoned]
    universal = [None if stamp is None else stamp.astimezone(UTC) for stamp in zoned]
    in_utc = pd.to_datetime(pd.Series(universal, text.index), utc=True).dt.tz_localize(None)
    return Stamps(pd.to_datetime(pd.Series(local, text.index)), in_utc, how)


def _refuse_odd_format(date_format: str) -> None:
    """Refuse what `datetime.strptime` and pandas do not take for dates, or take differently."""
    found = re.findall(r"%(.?)", date_format, re.DOTALL)
    odd = [letter for letter in found if letter not in _DIRECTIVES or found.count(letter) > 1]
    if odd:
        known = " ".join(f"%{letter}" for letter in _DIRECTIVES)
        raise DataError(
            f"--date-format {date_format!r}: expected each at most once of {known}; found "
            f"{f'%{odd[0]}'!r}"
        )
    if "Y" not in found and "y" not in found:
        raise DataError(
            f"--date-format {date_format!r}: expected a form such as %d/%m/%Y, with a year"
        )


def _parse_zoned(cell: str, date_format: str) -> datetime | None:
    try:
        stamp = datetime.strptime(cell, date_format)
    except ValueError:
        return None
    return stamp if stamp.tzinfo is not None else None
