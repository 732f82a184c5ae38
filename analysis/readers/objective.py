"""The objective of a flat table: its column, its name, its direction."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.readers.columns import OF_SEVERAL, find_objectives, is_number_like, list_names
from analysis.readers.flat import FlatTable
from analysis.readers.options import ReadOptions
from analysis.readers.prefixes import cut_prefix
from trial_sets.errors import InputError
from trial_sets.metric_names import Direction, guess_direction, squash_name

_OWN_METRIC = "val_auc"
_OF_SEARCH = "mean_test_"  # scikit-learn turns losses round, so that more is better in all of them


@dataclass(frozen=True, slots=True)
class Sense:
    """A direction, and where it is from."""

    direction: Direction
    source: str
    is_known: bool = True


def choose_metric(flat: FlatTable, options: ReadOptions, path: Path) -> str:
    """Return the objective's column: the named one, or the only one that could be it.

    Raises
    ------
    InputError
        When the named column does not exist, or none or several could be the objective.
    """
    names = [*flat.names]
    if options.metric_column is not None:
        return _find_named(options.metric_column, names, path)
    if flat.metric is not None and flat.metric in names:
        return flat.metric
    found = find_objectives(flat.columns)
    is_dump = not flat.params.columns.empty
    if len(found) > 1 and is_dump and _OWN_METRIC in found:
        return _OWN_METRIC
    if len(found) == 1:
        return found[0]
    if found:
        what = (
            "objectives" if found == list_objectives(flat) else "columns that could be the metric"
        )
        raise InputError(
            f"{path} has several {what}, {list_names(found, most=None)}; name one with --metric"
        )
    numeric = [name for name in names if is_number_like(flat.columns[name])]
    told = f"{list_names(numeric)} hold numbers" if numeric else "no column holds numbers"
    raise InputError(
        f"{path} has no column that looks like a metric, and --metric names none; {told}"
    )


def list_objectives(flat: FlatTable) -> list[str]:
    """Return the columns of the objectives of an Optuna study with several."""
    return [name for name in flat.names if OF_SEVERAL.match(name)]


def _find_named(named: str, names: list[str], path: Path) -> str:
    """Return the column that was named, with or without a prefix that was cut off."""
    for candidate in (named, cut_prefix(named)):
        if candidate in names:
            return candidate
    raise InputError(f"{path} has no column {named!r}; it has {list_names(names)}")


def name_metric(flat: FlatTable, metric: str) -> str:
    """Name an anonymous `value` as the form does, or after the attribute that repeats it."""
    if metric == flat.metric and flat.metric_name is not None:
        return flat.metric_name
    if metric != "value" or _OWN_METRIC not in flat.columns:
        return metric
    pair = flat.columns[["value", _OWN_METRIC]].apply(pd.to_numeric, errors="coerce").dropna()
    return _OWN_METRIC if len(pair) and np.allclose(pair["value"], pair[_OWN_METRIC]) else metric


def find_sense(flat: FlatTable, options: ReadOptions, metric: str, column: str) -> Sense:
    """Find the direction: as told, as recorded for the objective, or by the metric's name.

    Parameters
    ----------
    metric, column
        The metric's name, and its column.
    """
    if options.direction is not None:
        return Sense(options.direction, "as --direction says")
    is_objective = column == (flat.metric or "value")
    if flat.direction is not None and is_objective:
        return Sense(flat.direction, "as recorded")
    if column.startswith(_OF_SEARCH):
        return Sense("maximize", "as scikit-learn's searches write it")
    named = guess_direction(metric)
    if named is not None and _is_of_other_sign(metric, flat.columns[column]):
        return Sense(named, "assumed", is_known=False)
    if named is not None:
        return Sense(named, "by its name")
    return Sense(flat.assumed, "assumed", is_known=False)


def _is_of_other_sign(metric: str, column: pd.Series) -> bool:
    """Say whether a metric that is called a negative loss is a positive number throughout."""
    if "neg" not in squash_name(metric).split("_"):
        return False
    numbers = pd.to_numeric(column.map(_blank_compound), errors="coerce").dropna()
    return bool(len(numbers)) and bool((numbers > 0).all())


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
