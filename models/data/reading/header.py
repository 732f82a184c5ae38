"""The lines of a text file above its rows: what stands there, and the columns that they name."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from models.data.reading.bare import name_bare_columns
from models.data.reading.dates import looks_like_date
from models.data.reading.names import find_role, simplify
from models.errors import DataError

DELIMITERS = ",;\t|"
MOST_LINES = 60  # of a file's beginning that are looked at
_MOST_ABOVE = 10  # lines above a header
_AXES = ("price", "attributes", "ticker", "tickers", "symbol", "symbols")  # pandas' names of levels
_FEWEST_PRICES = 4  # numbers beside a date, which no header has
_SHOWN = 60  # characters of a line that is left out


@dataclass(frozen=True, slots=True)
class Header:
    """What the first lines of a file say of the rest."""

    delimiter: str
    names: list[str]  # of the columns, in order; empty for one without a name
    n_lines: int  # above the first row
    notices: tuple[str, ...] = ()
    is_bare: bool = False  # the file names no columns; these are what its cells look like


def read_header(file: str, text: str) -> Header:
    """Find and read the header of a file.

    Parameters
    ----------
    file : str
        The file, for messages.
    text : str
        All of it, with plain line ends.

    Raises
    ------
    DataError
        If no line names the columns.
    """
    lines = text.split("\n", MOST_LINES)[:MOST_LINES]
    try:
        start, delimiter = _find_start(lines)
        if start is None:
            raise DataError(
                f"{file}: the first line holds no comma, semicolon or tab; expected CSV"
            )
        rows = [_split(line, delimiter) for line in lines[start:]]
    except csv.Error as error:
        raise DataError(f"{file}: the first lines are no CSV header ({error})") from None
    notices = _describe_above(file, lines[:start])
    if _holds_values(rows[0]):
        names, notice = name_bare_columns(file, rows)
        return Header(delimiter, names, start, (*notices, notice), is_bare=True)
    names, n_lines, found = _read_names(file, [row for row in rows[:3] if row])
    body = [row for row in rows[n_lines:] if row]
    names, shifted = _name_first(file, names, body)
    return Header(delimiter, names, start + n_lines, (*notices, *found, *shifted))


def _split(line: str, delimiter: str) -> list[str]:
    return [cell.strip() for row in csv.reader([line], delimiter=delimiter) for cell in row]


def _find_start(lines: Sequence[str]) -> tuple[int | None, str]:
    """Return which line is the header's first, and the delimiter.

    It is the first that has about as many cells as most lines below it.
    """
    first: tuple[int | None, str] = (None, ",")
    for start, line in enumerate(lines[:_MOST_ABOVE]):
        delimiter = max(DELIMITERS, key=line.count)
        if delimiter not in line:
            continue
        if first[0] is None and start == 0:
            first = (start, delimiter)
        widths = Counter(len(_split(below, delimiter)) for below in lines[start + 1 :] if below)
        usual = widths.most_common(1)[0][0] if widths else 0
        if len(_split(line, delimiter)) + 1 >= usual:
            return start, delimiter
    return first


def _describe_above(file: str, lines: Sequence[str]) -> tuple[str, ...]:
    written = [line.strip() for line in lines if line.strip()]
    if not written:
        return ()
    shown = written[0][:_SHOWN] + ("..." if len(written[0]) > _SHOWN else "")
    rest = f" and {len(written) - 1} more" if len(written) > 1 else ""
    return (f"{file}: left out what stands above the header: {shown!r}{rest}",)


def _holds_values(cells: Sequence[str]) -> bool:
    """Say whether a line holds numbers and dates where a header has names."""
    if all(not cell or _is_number(cell) or cell[0].isdigit() for cell in cells):
        return True
    return any(map(looks_like_date, cells[:2])) and sum(map(_is_number, cells)) >= _FEWEST_PRICES


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _read_names(file: str, cells: list[list[str]]) -> tuple[list[str], int, tuple[str, ...]]:
    """Return the column names, the number of header lines, and notices."""
    has_index_line = len(cells) == 3 and bool(cells[2][0]) and not any(cells[2][1:])
    if not has_index_line and not _are_two_lines(cells):
        return cells[0], 1, ()
    n_lines = 3 if has_index_line else 2
    price_lines = [row for row in cells[:2] if "close" in (cell.casefold() for cell in row)]
    if len(price_lines) != 1 or len(cells[0]) != len(cells[1]):
        raise DataError(
            f"{file}: none of the three header lines names a column Close; keep one header line"
        )
    names = list(price_lines[0])
    (others,) = (row for row in cells[:2] if row is not price_lines[0])
    if has_index_line:
        names[0] = cells[2][0]
    elif simplify(names[0]) in _AXES:
        names[0] = ""  # the name of the header's line, not of a column
    tickers = sorted({cell for cell in others[1:] if cell})
    if len(tickers) > 1:
        beside = zip(names[1:], others[1:], strict=True)
        names[1:] = [f"{name}_{ticker}" if ticker else name for name, ticker in beside]
    many = "two" if n_lines == 2 else "three"
    of = f" of {tickers[0]}" if len(tickers) == 1 else ""
    return (
        names,
        n_lines,
        (f"{file}: {many} header lines were read as those of a price download{of}",),
    )


def _are_two_lines(cells: list[list[str]]) -> bool:
    """Say whether names of prices and names of tickers stand above one another."""
    if len(cells) < 2 or len(cells[0]) != len(cells[1]):
        return False
    has_prices = [
        all(find_role(row, role) for role in ("open", "high", "low", "close")) for row in cells[:2]
    ]
    if has_prices == [False, True]:
        return True
    below = cells[1]
    is_named = simplify(below[0]) in _AXES or not below[0]
    is_text = not any(_is_number(cell) or looks_like_date(cell) for cell in below if cell)
    return has_prices == [True, False] and is_named and is_text and any(below[1:])


def _name_first(
    file: str, names: list[str], body: Sequence[list[str]]
) -> tuple[list[str], tuple[str, ...]]:
    """Name what the rows have beyond the header: a first column, or an empty last one.

    Rows that have a cell too many for another reason stay as they are, to be refused.
    """
    widths = Counter(map(len, body))
    if not widths or widths.most_common(1)[0][0] != len(names) + 1:
        return names, ()
    longer = [row for row in body if len(row) == len(names) + 1]
    if not any(row[-1] for row in longer):
        return [*names, ""], ()
    dates = [names.index(name) for name in find_role(names, "date")]
    place = dates[0] + 1 if dates else 0  # where the dates stand if the first name is missing
    is_date = [looks_like_date(row[place]) for row in longer]
    is_other = not dates or not any(looks_like_date(row[dates[0]]) for row in longer)
    if not (all(is_date) and is_other):
        return names, ()
    return ["", *names], (f"{file}: the header names no first column; it is taken as an index",)


def describe_ragged(message: str) -> str:
    """Say in plain words what pandas' parser of CSV found."""
    ragged = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", message)
    if ragged:
        expected, line, found = ragged.groups()
        return f"line {line} has {found} cells; expected {expected}"
    return "a quotation mark is never closed" if "EOF inside string" in message else message
