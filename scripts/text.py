"""How the commands print numbers, long lists, and texts that may hold anything."""

from collections.abc import Sequence

import click
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape

from trial_sets.wording import tame_text


def say(text: str, *, is_error: bool = False) -> None:
    """Print a text line by line, none of which a terminal obeys."""
    click.echo("\n".join(map(tame_text, text.split("\n"))), err=is_error)


def say_error(error: object) -> None:
    """Print what went wrong on one line of its own."""
    say(f"Error: {' '.join(str(error).split())}", is_error=True)


def mark(text: object) -> str:
    """Return a text for a place where markup is read: it acts neither there nor on the screen."""
    return escape(tame_text(str(text)))


def short_number(value: float) -> str:
    """Return a small number as people write it: 5e-05 as ``5e-5``, 0.0001 as ``1e-4``."""
    if value == 0 or abs(value) >= 0.01:
        return f"{value:g}"
    mantissa, exponent = f"{value:e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}"


def show_value(value: float | str | None) -> str:
    """Return a hyperparameter's value as people write it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    return short_number(value)


def score(value: float | None, decimals: int = 4) -> str:
    """Return a metric with so many digits after the point, or a dash."""
    return "–" if value is None else f"{value:.{decimals}f}"


def print_aligned(rows: Sequence[Sequence[str]], console: Console) -> None:
    """Print rows as `align` lays them out, past the console, which would take seconds to wrap."""
    console.file.write(f"{align(rows)}\n")


def align(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as aligned columns under the first one, each on one line however long it is.

    A hundred times as fast as a table that wraps its cells.
    """
    lines = [[tame_text(" ".join(cell.split())) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["─" * width for width in widths])
    return "\n".join(
        "  ".join(
            cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )
