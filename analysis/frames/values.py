"""Hyperparameter columns brought to one type: floats, or text."""

import json

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

LARGEST = 1e150  # beyond it squares overflow
SMALLEST = 1 / LARGEST  # below it they vanish


def normalize_values(column: pd.Series) -> tuple[pd.Series, str | None]:
    """Return a column as floats when it holds numbers only, otherwise as text.

    Returns
    -------
    tuple
        The column, and a note when some numbers could not be kept.
    """
    if is_number_column(column):
        return bound_numbers(column.astype("float64"))
    present = column.dropna()
    if present.empty:
        return pd.Series(np.nan, index=column.index, dtype="float64"), None
    if present.map(_is_number).all():
        return bound_numbers(pd.to_numeric(column.map(_bound)).astype("float64"))
    return column.map(_as_text).astype("str"), None


def is_number_column(column: pd.Series) -> bool:
    """Say whether a normalised column holds numbers."""
    return bool(is_numeric_dtype(column) and not is_bool_dtype(column))


def bound_numbers(column: pd.Series) -> tuple[pd.Series, str | None]:
    """Return floats that can be squared: too large ones are missing, too small ones are zero.

    Returns
    -------
    tuple
        The column, and a note when some numbers could not be kept.
    """
    column = flush_small(column)
    is_large = column.abs() >= LARGEST
    if not is_large.any():
        return column, None
    note = f"{int(is_large.sum())} infinite or too large values count as missing"
    return column.mask(is_large), note


def flush_small(column: pd.Series) -> pd.Series:
    """Take what is as good as zero to zero, so that no variance of it vanishes."""
    return column.mask(column.abs() < SMALLEST, 0.0)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_)


def _bound(value: object) -> object:
    """Take a whole number beyond a float's range to infinity."""
    return np.inf if isinstance(value, int) and abs(value) > LARGEST else value


def _as_text(value: object) -> str | None:
    """Write a value as a person would; a list or an object as compact JSON."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, list | dict):
        return json.dumps(value, sort_keys=True)
    return str(value)
