"""The objective of a flat table: its column, its name, its direction."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.readers.columns import find_objectives, is_number_like, list_names
from analysis.readers.flat import FlatTable
from analysis.readers.options import ReadOptions
from trial_sets.errors import InputError
from trial_sets.metric_names import Direction, guess_direction

_OWN_METRIC = "val_auc"


def choose_metric(flat: FlatTable, options: ReadOptions, path: Path) -> str:
    """Return the objective's column: the named one, or the only one that could be it.

    Raises
    ------
    InputError
        When the named column does not exist, or none or several could be the objective.
    """
    names = list(flat.columns.columns)
    if options.metric_column is not None:
        if options.metric_column in names:
            return options.metric_column
        raise InputError(
            f"{path} has no column {options.metric_column!r}; it has {list_names(names)}"
        )
    found = find_objectives(flat.columns)
    is_dump = not flat.params.columns.empty
    if len(found) > 1 and is_dump and _OWN_METRIC in found:
        return _OWN_METRIC
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(
            f"{path} has several columns that could be the metric, {list_names(found)}; "
            "name one with --metric-column"
        )
    numeric = [name for name in names if is_number_like(flat.columns[name])]
    told = f"{list_names(numeric)} hold numbers" if numeric else "no column holds numbers"
    raise InputError(
        f"{path} has no column that looks like a metric, and --metric-column names none; {told}"
    )


def name_metric(flat: FlatTable, metric: str) -> str:
    """Name an anonymous `value` after the attribute that repeats it, such as `val_auc`."""
    if metric != "value" or _OWN_METRIC not in flat.columns:
        return metric
    pair = flat.columns[["value", _OWN_METRIC]].apply(pd.to_numeric, errors="coerce").dropna()
    return _OWN_METRIC if len(pair) and np.allclose(pair["value"], pair[_OWN_METRIC]) else metric


def find_direction(flat: FlatTable, options: ReadOptions, metric: str) -> Direction | None:
    """Find the direction: as told, as recorded for the objective, or by the metric's name."""
    if options.direction is not None:
        return options.direction
    is_objective = options.metric_column in (None, "value")
    return flat.direction if flat.direction and is_objective else guess_direction(metric)


def read_metric(column: pd.Series) -> tuple[pd.Series, list[str]]:
    """Return a column as floats, and a note on what is no number, with its first row."""
    values = pd.to_numeric(column.map(_blank_compound), errors="coerce").astype("float64")
    is_missing = column.isna() | column.astype("str").str.lower().isin(["nan", "none"])
    broken = np.flatnonzero((values.isna() & ~is_missing).to_numpy())
    if not len(broken):
        return values, []
    place = f"first {str(column.iloc[broken[0]])[:40]!r} in row {broken[0] + 1}"
    return values, [f"{column.name} is no number in {len(broken)} rows, {place}"]


def _blank_compound(value: object) -> object:
    return np.nan if isinstance(value, bool | list | dict) else value
