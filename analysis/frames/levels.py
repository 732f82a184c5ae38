"""The levels of a hyperparameter: the rows of its trend table."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.frames.frame import TrialFrame
from analysis.frames.values import is_number_column
from analysis.numbers import format_value

MAX_VALUES = 12
N_RANGES = 5
_MAX_GRID_VALUES = 25
_ROWS_PER_GRID_VALUE = 4
_FEW_DIGITS, _MOST_DIGITS = 4, 6  # of a value that was drawn, and that a person would say
_MISSING = -1


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """A column cut into levels.

    Attributes
    ----------
    labels
        One a level, numbers in numeric order, text in alphabetical order.
    codes
        The level of each row, shape (n,); -1 where the hyperparameter is missing.
    values
        The number that each level stands for (a bin's median), or None for text.
    is_binned
        The levels are ranges, because the values are too many to be listed.
    """

    labels: tuple[str, ...]
    codes: NDArray[np.int64]
    values: tuple[float, ...] | None
    is_binned: bool = False

    def count(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count the rows of each level."""
        return np.bincount(codes[codes != _MISSING], minlength=len(self.labels))


def cut_levels(column: pd.Series, limit: int = _MAX_GRID_VALUES) -> Levels:
    """Cut a normalised hyperparameter column into levels.

    Up to twelve distinct values (25 when each has several rows) are levels of their own. More
    numbers are cut into five ranges of about equal counts; of more texts, the most frequent keep a
    level and the others share one.

    Parameters
    ----------
    limit
        The most levels, where fewer are wanted than that.
    """
    most = min(MAX_VALUES, limit)
    if not is_number_column(column):
        return _cut_text(column, most)
    values = np.unique(column.dropna().to_numpy(dtype="float64"))
    n_rows = int(column.notna().sum())
    is_grid = len(values) <= limit and n_rows >= _ROWS_PER_GRID_VALUE * len(values)
    if len(values) <= most or is_grid:
        return _list_values(column, values)
    return _cut_ranges(column, min(N_RANGES, limit))


def cut_param(frame: TrialFrame, rows: pd.DataFrame, param: str) -> Levels:
    """Cut the column of a frame's hyperparameter in some of its rows.

    What was drawn from a continuous range is cut into ranges from the sixth value on.
    """
    limit = N_RANGES if param in frame.drawn else _MAX_GRID_VALUES
    return cut_levels(rows[param], limit)


def _list_values(column: pd.Series, values: NDArray[np.float64]) -> Levels:
    is_whole = bool((values == np.round(values)).all())
    codes = np.searchsorted(values, column.to_numpy(dtype="float64"))
    codes[column.isna().to_numpy()] = _MISSING
    return Levels(
        labels=_label_values(values, is_whole),
        codes=codes.astype(np.int64),
        values=tuple(float(value) for value in values),
    )


def _label_values(values: NDArray[np.float64], is_whole: bool) -> tuple[str, ...]:
    """Write values, those of more digits than a person would say with as few as tell them apart."""
    exact = [format_value(float(value), is_whole=is_whole) for value in values]
    if is_whole:
        return tuple(exact)
    short = [
        format_value(float(value), digits=_FEW_DIGITS)
        if format_value(float(value), digits=_MOST_DIGITS) != label
        else label
        for value, label in zip(values, exact, strict=True)
    ]
    return tuple(short if len(set(short)) == len(short) else exact)


def _cut_ranges(column: pd.Series, n_ranges: int) -> Levels:
    """Cut at quantiles; a label names the smallest and largest value inside its range."""
    numbers = column.to_numpy(dtype="float64")
    present = numbers[~np.isnan(numbers)]
    edges = np.unique(np.quantile(present, np.linspace(0, 1, n_ranges + 1)[1:-1]))
    codes = np.searchsorted(edges, numbers, side="left").astype(np.int64)
    codes[np.isnan(numbers)] = _MISSING
    used, compact = np.unique(codes[codes != _MISSING], return_inverse=True)
    codes[codes != _MISSING] = compact
    members = [numbers[codes == code] for code in range(len(used))]
    is_whole = bool((present == np.round(present)).all())
    return Levels(
        labels=tuple(_label_range(inside.min(), inside.max(), is_whole) for inside in members),
        codes=codes,
        values=tuple(float(np.median(inside)) for inside in members),
        is_binned=True,
    )


def _label_range(low: float, high: float, is_whole: bool) -> str:
    digits = 12 if is_whole else 3
    ends = [format_value(float(end), is_whole=is_whole, digits=digits) for end in (low, high)]
    return ends[0] if low == high else " to ".join(ends)


def _cut_text(column: pd.Series, most: int) -> Levels:
    counts = column.value_counts()
    kept = sorted(str(name) for name in counts.index[: most - (len(counts) > most)])
    codes = pd.Index(kept).get_indexer(pd.Index(column)).astype(np.int64)
    labels = tuple(kept)
    if len(counts) > most:
        is_rare = (codes == _MISSING) & column.notna().to_numpy()
        codes[is_rare] = len(kept)
        labels = (*labels, f"({len(counts) - len(kept)} others)")
    return Levels(labels=labels, codes=codes, values=None)
