"""A column of labels: 0 and 1, the names of classes, or numbers."""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.data.labelling.labels import UNKNOWN, LabelArray
from models.data.tables import Table
from models.errors import DataError, listed, place
from models.task import Task

LABEL_NAMES = ("label", "target", "y")
MOST_CLASSES = 100
LONGEST_CLASS = 100  # characters of a name
LARGEST_TARGET = 1e30  # beyond this a value is a mark for "missing", and its square overflows

_TRUTHS = ({"no": 0.0, "yes": 1.0}, {"false": 0.0, "true": 1.0})  # the second is the positive
_WHOLE = re.compile(r"[-+]?\d{1,15}(?:\.0*)?")  # such as 3 and 3.0, as a table writes one class


@dataclass(frozen=True, slots=True, eq=False)
class LabelColumn:
    """The labels of a column, rows in the file's order."""

    labels: LabelArray  # (T,)
    classes: tuple[str, ...] = ()  # K names, in the order of their numbers; of several alone
    notices: tuple[str, ...] = ()


def find_label_column(table: Table, named: str | None) -> str | None:
    """Return the named label column, else one of a usual name, else None."""
    if named is not None:
        return table.column(named)
    return next((table.column(name) for name in LABEL_NAMES if table.has_column(name)), None)


def read_label_column(table: Table, column: str, task: Task) -> LabelColumn:
    """Read a column as the task understands it; an empty cell is an unknown label.

    Parameters
    ----------
    table : Table
        The file.
    column : str
        The column as the file spells it.
    task : Task
        See `read_labels`, `read_classes` and `read_targets`.

    Raises
    ------
    DataError
        If a cell, or the column as a whole, is none of this task.
    """
    if task == "binary":
        return LabelColumn(read_labels(table, column))
    if task == "multiclass":
        return read_classes(table, column)
    return LabelColumn(read_targets(table, column))


def read_labels(table: Table, column: str) -> LabelArray:
    """Read a column of 0 and 1, false and true, or no and yes.

    Of any other two texts nothing says which is the positive one: they are refused.

    Parameters
    ----------
    table : Table
        The file.
    column : str
        The column as the file spells it.

    Returns
    -------
    labels : int8 array (T,)
        0, 1, or -1 where the cell is empty: the row is no sample.

    Raises
    ------
    DataError
        For the first cell that is none of them.
    """
    numbers = _read_truths(table, column)
    is_empty = table.is_missing(column)
    wrong = np.flatnonzero(~is_empty & ~np.isin(numbers, (0.0, 1.0)))
    if not len(wrong):
        return np.where(is_empty, UNKNOWN, numbers).astype(np.int8)
    found = _list_texts(table, column)
    where = place(table.file, column=column)
    if len(found) == 2 and not np.isfinite(numbers[~is_empty]).any():
        raise DataError(
            f"{where}: of the two texts {listed(found)} neither is plainly the positive one; "
            "expected 0 and 1, no and yes, or false and true"
        )
    expected = "a label, 0 or 1" + _suggest_task(found, numbers[~is_empty])
    raise table.wrong_cell(int(wrong[0]), column, expected)


def read_classes(table: Table, column: str) -> LabelColumn:
    """Read a column of class names: any texts, or whole numbers.

    Parameters
    ----------
    table : Table
        The file.
    column : str
        The column as the file spells it.

    Returns
    -------
    LabelColumn
        int32 labels (T,): the place of a class among the names, which stand in the order of
        numbers if all are numbers and of the alphabet if not; -1 where the cell is empty.

    Raises
    ------
    DataError
        If there are fewer than 3 classes or more than 100, or they are numbers that are not whole.
    """
    where, is_empty = place(table.file, column=column), table.is_missing(column)
    filled = table.frame[column][~is_empty]
    is_number = filled.dtype.kind in "iuf"
    if is_number:
        _refuse_fractions(filled.to_numpy(dtype=np.float64), where)
    texts = [str(int(cell)) if is_number else str(cell).strip() for cell in filled]
    if not is_number and all(map(_WHOLE.fullmatch, texts)):
        texts, is_number = [str(int(float(text))) for text in texts], True
    names = sorted(set(texts), key=int) if is_number else sorted(set(texts))
    _check_names(names, where, is_number=is_number)
    places = {name: number for number, name in enumerate(names)}
    labels = np.full(len(is_empty), UNKNOWN, dtype=np.int32)
    labels[~is_empty] = [places[text] for text in texts]
    return LabelColumn(labels, tuple(names), _note_empty(where, is_empty))


def read_targets(table: Table, column: str) -> LabelArray:
    """Read a column of numbers.

    Parameters
    ----------
    table : Table
        The file.
    column : str
        The column as the file spells it.

    Returns
    -------
    labels : float array (T,)
        NaN where the cell is empty: the row is no sample.

    Raises
    ------
    DataError
        For the first cell that is neither empty nor a usable number.
    """
    numbers, is_empty = table.numbers(column), table.is_missing(column)
    wrong = np.flatnonzero(~is_empty & ~(np.abs(numbers) < LARGEST_TARGET))
    if len(wrong):
        expected = f"a number below {LARGEST_TARGET:g} or an empty cell"
        if np.isnan(numbers[~is_empty]).all():
            expected += "; for texts declare task binary or multiclass"
        raise table.wrong_cell(int(wrong[0]), column, expected)
    return np.where(is_empty, np.nan, numbers)


def _read_truths(table: Table, column: str) -> npt.NDArray[np.float64]:
    """Return a column's numbers; of one pair of truths, their 0 and 1."""
    cells, is_empty = table.frame[column], table.is_missing(column)
    if cells.dtype.kind in "iufb" or is_empty.all():
        return table.numbers(column)
    folded = [str(cell).strip().casefold() for cell in cells]
    found = {text for text, empty in zip(folded, is_empty, strict=True) if not empty}
    pair = next((pair for pair in _TRUTHS if found <= set(pair)), None)
    if pair is None:
        return table.numbers(column)
    return np.array([pair.get(text, np.nan) for text in folded])


def _list_texts(table: Table, column: str) -> list[str]:
    filled = table.frame[column][~table.is_missing(column)]
    return sorted({str(cell).strip() for cell in filled})


def _suggest_task(found: list[str], numbers: npt.NDArray[np.float64]) -> str:
    """Say what a column with more than two different cells may be, where that is plain."""
    n_others = len(set(found) - {"0", "1", "0.0", "1.0"})
    if n_others >= 3 and np.isnan(numbers).all() and len(found) <= MOST_CLASSES:
        return f"; for its {len(found)} classes declare task multiclass"
    if n_others >= 3 and np.isfinite(numbers).all():
        return "; for numbers declare task regression, for several classes task multiclass"
    return ""


def _refuse_fractions(numbers: npt.NDArray[np.float64], where: str) -> None:
    is_whole = (np.round(numbers) == numbers) & (np.abs(numbers) < 1e15)
    if not is_whole.all():
        raise DataError(
            f"{where}: found {numbers[~is_whole][0]:g} among {len(np.unique(numbers))} different "
            "numbers: this looks like a regression target; expected the names of classes or whole "
            "numbers, or task regression"
        )


def _check_names(names: list[str], where: str, *, is_number: bool) -> None:
    """Refuse what cannot be the names of 3 to 100 classes."""
    kind = "numbers" if is_number else "texts"
    if len(names) > MOST_CLASSES:
        looks = "this looks like a regression target: " if is_number else ""
        instead = ", or task regression" if is_number else ""
        raise DataError(
            f"{where}: {looks}{len(names):,} different {kind}; expected at most {MOST_CLASSES} "
            f"classes{instead}"
        )
    if len(names) == 2:
        raise DataError(f"{where}: 2 classes, {listed(names)}: declare task binary")
    if len(names) < 2:
        raise DataError(f"{where}: found {len(names)} of the 3 classes or more that are expected")
    if longest := [name for name in names if len(name) > LONGEST_CLASS]:
        raise DataError(
            f"{where}: the name of a class has {len(longest[0]):,} characters "
            f"({longest[0][:20]!r}...); expected at most {LONGEST_CLASS}"
        )


def _note_empty(where: str, is_empty: npt.NDArray[np.bool_]) -> tuple[str, ...]:
    """Say how many rows have no label: a mark for nothing may have been meant as a class."""
    if not is_empty.any():
        return ()
    return (
        f"{where}: {int(is_empty.sum())} of {len(is_empty)} rows have no label (an empty cell, or "
        "a mark for nothing such as NA or None) and are no samples",
    )
