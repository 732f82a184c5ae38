"""Columns that say where a row belongs: to a group, or to a side of the split."""

import re

import numpy as np
import numpy.typing as npt

from models.data.tables import Table
from models.errors import nearest

SIDES = {  # what a column may call a side
    "train": "train",
    **dict.fromkeys(("val", "valid", "validation"), "val"),
    **dict.fromkeys(("test", "holdout"), "test"),
}
LONGEST_GROUP = 100  # characters of a name
_FOLD = re.compile(r"(\d{1,4})(?:\.0*)?")


def read_groups(table: Table, column: str) -> npt.NDArray[np.str_]:
    """Read which group each row belongs to.

    Parameters
    ----------
    table : Table
        The file.
    column : str
        The column as the file spells it.

    Returns
    -------
    groups : str array (T,)
        The cells as they stand there, without spaces around them.

    Raises
    ------
    DataError
        For the first cell that is empty, or longer than a name.
    """
    is_empty = table.is_missing(column)
    cells = [str(cell).strip() for cell in table.frame[column]]
    is_wrong = is_empty | np.array([len(cell) > LONGEST_GROUP for cell in cells])
    if is_wrong.any():
        expected = f"the name of a group, of at most {LONGEST_GROUP} characters"
        raise table.wrong_cell(int(np.argmax(is_wrong)), column, expected)
    return np.array(cells, dtype=np.str_)


def read_sides(table: Table, column: str) -> npt.NDArray[np.str_]:
    """Read which side of the split each row is on.

    Parameters
    ----------
    table : Table
        The file.
    column : str
        The column as the file spells it.

    Returns
    -------
    sides : str array (T,)
        ``train``, ``val``, ``test``, or the number of the fold that a row validates.

    Raises
    ------
    DataError
        For the first cell that is none of them, or if some name folds and others validation.
    """
    cells = [str(cell).strip() for cell in table.frame[column]]
    sides = [SIDES.get(cell.casefold(), _read_fold(cell)) for cell in cells]
    expected = "train, val or test, or the number of a fold from 1"
    if "" in sides:
        first = sides.index("")
        raise table.wrong_cell(first, column, f"{expected}{nearest(cells[first], SIDES)}")
    if "val" in sides and (folds := [side for side in sides if side.isdigit()]):
        first = sides.index(folds[0])
        raise table.wrong_cell(first, column, "train, val or test, as other rows say")
    return np.array(sides, dtype=np.str_)


def _read_fold(cell: str) -> str:
    """Return the number of a fold, from 1; nothing if the cell is none."""
    match = _FOLD.fullmatch(cell)
    number = int(match[1]) if match else 0
    return str(number) if number else ""
