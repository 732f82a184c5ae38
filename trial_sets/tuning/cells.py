"""What stands in the cells of a search's pages: numbers as people write them, and texts tamed."""

from collections.abc import Sequence

from trial_sets.configuration import OptionValue
from trial_sets.wording import tame_text

_PLAIN_FROM, _PLAIN_TO = 0.01, 1e7


def write_number(value: float) -> str:
    """Write a hyperparameter's value: `1e-4`, `5e-3`, `0.4`, `256`."""
    if value == 0 or _PLAIN_FROM <= abs(value) < _PLAIN_TO:
        return str(value) if isinstance(value, int) else f"{value:.12g}"
    mantissa, exponent = f"{value:.12e}".split("e")
    return f"{float(mantissa):.12g}e{int(exponent)}"


def write_option(value: OptionValue) -> str:
    """Write any value for a cell: text formats nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    return escape_words(value) if isinstance(value, str) else write_number(value)


def escape_words(text: str) -> str:
    """Return text that stands in one cell of a table, and formats nothing."""
    tamed = tame_text(text).replace("\\", "\\\\")
    for mark in "|`*_<[":
        tamed = tamed.replace(mark, f"\\{mark}")
    return tamed


def write_code(name: str) -> str:
    """Return a name in a cell as code, whatever it holds."""
    tamed = tame_text(name).replace("`", "'").replace("|", " ")
    return f"`{tamed}`"


def write_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a pipe table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]
