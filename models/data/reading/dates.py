"""Dates as people and tools write them, rewritten as ISO 8601; nothing is guessed.

Which of two numbers is the day is told by all rows of a column together, or by nobody.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.data.reading.clock import write_clock
from models.errors import DataError

EXAMPLE = "a date such as 2020-01-31"
PIVOT = 50  # two digits below are a year from 2000 on, others one before: prices are of the past

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[-+]\d\d:?\d\d)?)?")
_NUMERIC = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<third>\d{4}|\d\d)"
    r"(?P<rest>(?!\d).*)"
)
_YEAR, _REST = r"(?P<year>\d{4}|\d\d)", r"(?P<rest>(?!\d).*)"
_NAME, _DAY = r"(?P<month>[A-Za-z]{3,9})\.?", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_ORDERED = tuple(
    re.compile(form)
    for form in (
        rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?){_REST}",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?P<rest>(?:[T ].*|\d{4}|\d{6})?)",
        rf"{_NAME}[-/ ]?{_DAY}(?:, ?|[-/ ]){_YEAR}{_REST}",
        rf"{_DAY}[-/. ]?{_NAME}(?:, ?|[-/ ])?{_YEAR}{_REST}",
        rf"(?P<year>\d{{4}})[-/ ]?{_NAME}[-/ ]?(?P<day>\d\d?){_REST}",
    )
)


class _Numeric(NamedTuple):
    """A date of three numbers whose order its own cell does not show."""

    place: int  # among the column's cells
    first: int
    second: int
    third: int
    digits: int  # of the third
    mark: str
    rest: str


@dataclass(frozen=True, slots=True)
class _Order:
    words: str
    format: str  # for --date-format
    arrange: Callable[["_Numeric"], tuple[int, int, int]]  # year, month, day


_ORDERS = (
    _Order(
        "day, month, year",
        "%d{0}%m{0}%{1}",
        lambda n: (_year(n.third, n.digits), n.second, n.first),
    ),
    _Order(
        "month, day, year",
        "%m{0}%d{0}%{1}",
        lambda n: (_year(n.third, n.digits), n.first, n.second),
    ),
)
_YEAR_FIRST = _Order(
    "year, month, day", "%y{0}%m{0}%d", lambda n: (_year(n.first, 2), n.second, n.third)
)


def looks_like_date(cell: str) -> bool:
    """Say whether a cell is written like a date, whatever its numbers."""
    bare = _drop_weekday(cell.strip())
    if _ISO.fullmatch(bare):
        return _is_possible(int(bare[5:7]), int(bare[8:10]))
    if (match := _NUMERIC.fullmatch(bare)) is not None:
        return write_clock(match["rest"]) is not None
    return _write_ordered(bare) is not None


def write_iso(texts: Sequence[str], where: str, rows: Sequence[int]) -> tuple[list[str], str]:
    """Rewrite a column of dates as ISO 8601.

    Parameters
    ----------
    texts : Sequence[str]
        The cells (T), without spaces around them.
    where : str
        File and column, for messages.
    rows : Sequence[int]
        Which row of the file each cell (T) stands in, from 0.

    Returns
    -------
    iso : list[str]
        The cells (T); one that is no date is left as it is.
    order : str
        In what order dates of three numbers were read, such as ``day, month, year``, and in which
        years if they have two digits; empty if nothing had to be told.

    Raises
    ------
    DataError
        If the rows do not show which number is the day, or show different orders.
    """
    iso, open_cells, is_short = list(texts), list[_Numeric](), False
    for i, text in enumerate(texts):
        if _ISO.fullmatch(text):
            continue
        bare = _drop_weekday(text)
        if (match := _NUMERIC.fullmatch(bare)) is None:
            iso[i] = _write_ordered(bare) or text
            is_short |= iso[i][:4] not in text
        elif (rest := write_clock(match["rest"])) is not None:
            first, second, third = (int(match[name]) for name in ("first", "second", "third"))
            n_digits = len(match["third"])
            is_short |= n_digits == 2
            open_cells.append(_Numeric(i, first, second, third, n_digits, match["mark"], rest))
    years = f"years {1900 + PIVOT} to {1999 + PIVOT}" if is_short else ""
    if not open_cells:
        return iso, years
    order = _find_order(open_cells, texts, where, rows)
    for cell in open_cells:
        year, month, day = order.arrange(cell)
        iso[cell.place] = f"{year:04}-{month:02}-{day:02}{cell.rest}"
    return iso, f"{order.words}, {years}" if years else order.words


def _drop_weekday(text: str) -> str:
    return _WEEKDAY.sub("", text, count=1) if text[:1].isalpha() else text


def _write_ordered(text: str) -> str | None:
    """Rewrite a date that shows its order itself; None if it is none."""
    for form in _ORDERED:
        if (match := form.fullmatch(text)) is None:
            continue
        month, rest = _find_month(match["month"]), write_clock(match["rest"])
        year, day = _year(int(match["year"]), len(match["year"])), int(match["day"])
        if month is None or rest is None or not _is_possible(month, day):
            return None
        return f"{year:04}-{month:02}-{day:02}{rest}"
    return None


def _is_possible(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def _find_month(written: str) -> int | None:
    if written.isdigit():
        return int(written)
    folded = written.casefold()
    if folded in _FULL:
        return _FULL.index(folded) + 1
    short = "sep" if folded == "sept" else folded
    return _MONTHS.index(short) + 1 if short in _MONTHS else None


def _year(number: int, digits: int) -> int:
    return number if digits == 4 else number + (2000 if number < PIVOT else 1900)


def _find_order(
    cells: Sequence[_Numeric], texts: Sequence[str], where: str, rows: Sequence[int]
) -> _Order:
    """Return the one order in which every cell is a date."""
    orders = list(_ORDERS)
    if all(cell.digits == 2 for cell in cells) and _is_monotonic(cells, _YEAR_FIRST):
        orders.append(_YEAR_FIRST)
        orders = [order for order in orders if _is_monotonic(cells, order)]
    impossible = {order.words: _find_impossible(cells, order) for order in orders}
    possible = [order for order in orders if not len(impossible[order.words])]
    if len(possible) > 1 and all(cell.mark == "." for cell in cells):
        possible = [order for order in possible if order is _ORDERS[0]] or possible
    if len(possible) == 1:
        return possible[0]
    if possible:
        shown = f"row {rows[cells[0].place] + 1} reads {texts[cells[0].place]!r}"
        raise DataError(f"{where}: {shown} {_describe_doubt(cells[0], possible)}")
    likely = min(orders, key=lambda order: len(impossible[order.words]))
    wrong = cells[int(impossible[likely.words][0])].place
    kind = "day" if likely is _ORDERS[0] else likely.words.split(",")[0]
    raise DataError(
        f"{where}: row {rows[wrong] + 1} reads {texts[wrong]!r} and other rows have the {kind} "
        f"first; write {EXAMPLE}"
    )


def _find_impossible(cells: Sequence[_Numeric], order: _Order) -> npt.NDArray[np.intp]:
    """Return the places of the cells that are no date in this order."""
    dates = (order.arrange(cell) for cell in cells)
    return np.flatnonzero([not _is_possible(month, day) for _, month, day in dates])


def _is_monotonic(cells: Sequence[_Numeric], order: _Order) -> bool:
    """Say whether the rows are sorted one way or the other when they are read in this order."""
    numbers = [year * 10_000 + month * 100 + day for year, month, day in map(order.arrange, cells)]
    steps = np.diff(numbers)
    return not len(_find_impossible(cells, order)) and bool(
        (steps >= 0).all() or (steps <= 0).all()
    )


def _describe_doubt(first: _Numeric, possible: Sequence[_Order]) -> str:
    kind = "Y" if first.digits == 4 else "y"
    formats = " or ".join(order.format.format(first.mark, kind) for order in possible)
    return (
        "and no row shows which is the day; say it with --date-format "
        f"{formats}, or write {EXAMPLE}"
    )
