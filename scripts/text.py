"""How the commands print numbers and long lists."""

from collections.abc import Sequence

from rich.cells import cell_len


def short_number(value: float) -> str:
    """Return a small number as people write it: 5e-05 as ``5e-5``, 0.0001 as ``1e-4``."""
    if value == 0 or abs(value) >= 0.01:
        return f"{value:g}"
    mantissa, exponent = f"{value:e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}"


def score(value: float | None) -> str:
    """Return a metric with four digits, or a dash."""
    return "–" if value is None else f"{value:.4f}"


def align(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as aligned columns under the first one, each on one line however long it is.

    A hundred times as fast as a table that wraps its cells.
    """
    lines = [[" ".join(cell.split()) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["─" * width for width in widths])
    return "\n".join(
        "  ".join(
            cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )
