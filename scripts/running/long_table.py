"""How much of a long table a person is shown; a program gets all of it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from rich.console import Console

MOST_ROWS = 1_000  # of a table whose cells are wrapped: so many take a second

Row = TypeVar("Row")


def keep_first(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the first rows of a table, as many as are shown."""
    return rows[:MOST_ROWS]


def keep_best(rows: Sequence[Row], worth: Callable[[Row], float]) -> Sequence[Row]:
    """Return the rows of the highest worth, as many as are shown, in the order that they have."""
    if len(rows) <= MOST_ROWS:
        return rows
    best = sorted(range(len(rows)), key=lambda place: -worth(rows[place]))[:MOST_ROWS]
    return [rows[place] for place in sorted(best)]


def tell_rest(n_rows: int, console: Console, which: str = "first") -> None:
    """Say where the rows are that a table does not show, if there are any."""
    if n_rows > MOST_ROWS:
        console.print(f"The {which} {MOST_ROWS:,} of {n_rows:,} rows; --json prints them all.")
