"""The one error that a person mends, by changing a file or an option, and how it names places."""

import difflib
from collections.abc import Iterable
from itertools import islice

MOST_COMPARED, LONGEST = 1_000, 200  # names, and their characters: a comparison is slow


class DataError(Exception):
    """Data, or an option about data, that cannot be used.

    Its text is one sentence: where (file, row and date, column), what was found, what is expected
    and, for a name, the nearest valid one. This package imports nothing local, so that this is a
    root of its own beside the other packages' `InputError`.
    """


def nearest(name: str, choices: Iterable[str]) -> str:
    """Return `` (nearest: 'close')`` for the choice most like `name`, or nothing.

    Parameters
    ----------
    name : str
        What was asked for.
    choices : Iterable[str]
        What is there.
    """
    by_folded = {choice.casefold(): choice for choice in choices}
    compared = [choice for choice in islice(by_folded, MOST_COMPARED) if len(choice) <= LONGEST]
    found = difflib.get_close_matches(name.casefold()[:LONGEST], compared, n=1)
    return f" (nearest: {by_folded[found[0]]!r})" if found else ""


def place(
    file: str, *, row: int | None = None, date: object = None, column: str | None = None
) -> str:
    """Name a place in a file, such as ``prices.csv, row 17 (2001-02-03), column High``.

    Parameters
    ----------
    file : str
        The file as the person named it.
    row : int | None
        Position of the data row, from 0; a person reads it from 1, the header not counted.
    date : object
        The row's date, where it is known.
    column : str | None
        The column as the file names it.
    """
    parts = [file]
    if row is not None:
        parts.append(f"row {row + 1}" + (f" ({date})" if date is not None else ""))
    if column is not None:
        parts.append(f"column {column}")
    return ", ".join(parts)


def listed(names: Iterable[object], *, most: int = 8) -> str:
    """Return ``'a', 'b' and 3 more``: names quoted, the first `most` of them."""
    quoted = [repr(str(name)) for name in names]
    rest = len(quoted) - most
    return ", ".join(quoted[:most]) + (f" and {rest} more" if rest > 0 else "")
