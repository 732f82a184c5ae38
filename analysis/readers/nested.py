"""Nested and paired columns made plain: mappings, prediction ranges, confusion counts, times."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.readers.cells import is_mapping_column, read_mapping
from analysis.readers.content import refuse_many
from analysis.readers.flat import FlatTable
from analysis.readers.mappings import (
    flatten_mapping,
    is_metrics_holder,
    is_params_holder,
    settle_nones,
    unwrap,
)

_PREDICTION_RANGES = ("val_pred_range", "pred_range", "prediction_range")
_CONFUSION = "val_confusion"
_SPANS = (("datetime_start", "datetime_complete"), ("start_time", "end_time"))


def expand_mappings(flat: FlatTable, path: Path) -> FlatTable:
    """Turn columns whose cells hold mappings, as objects or as text, into a column a name.

    Those of a column called `params`, `config` and the like are hyperparameters.

    Raises
    ------
    InputError
        When they come to more values than are read.
    """
    names = [n for n in flat.columns.columns if is_mapping_column(flat.columns[n])]
    columns, params = flat.columns.drop(columns=names), flat.params
    notes: list[str] = []
    for name in names:
        rows = [_flatten_cell(name, cell) for cell in flat.columns[name]]
        if all(row is None for row in rows):
            columns[name] = flat.columns[name]
            continue
        n_broken = sum(row is None for row in rows) - int(flat.columns[name].isna().sum())
        notes += [f"{name} could not be read in {n_broken} rows"] if n_broken else []
        found = [row or {} for row in rows]
        refuse_many(len(found) * len(set().union(*found)), path)
        is_params = is_params_holder(name)
        table = pd.DataFrame(settle_nones(found) if is_params else found, index=columns.index)
        table = table[[inner for inner in table if inner not in columns and inner not in params]]
        if is_params:
            params = pd.concat([params, table], axis=1)
        else:
            columns = pd.concat([columns, table], axis=1)
    return replace(flat, columns=columns, params=params, notes=(*flat.notes, *notes))


def _flatten_cell(name: str, cell: object) -> dict[str, Any] | None:
    mapping = read_mapping(cell)
    inner = None if mapping is None else unwrap(mapping)
    if not isinstance(inner, dict):
        return None
    is_bare = is_params_holder(name) or is_metrics_holder(name)
    return flatten_mapping(inner, "" if is_bare else f"{name}.")


def expand_nested(flat: FlatTable) -> FlatTable:
    """Turn prediction ranges, confusion counts and start and end times into plain columns."""
    columns = flat.columns.copy()
    for name in _PREDICTION_RANGES:
        if name in columns and "prediction_low" not in columns:
            pairs = columns.pop(name).map(_read_pair)
            columns["prediction_low"] = pairs.str[0]
            columns["prediction_high"] = pairs.str[1]
    parts = {part: f"{_CONFUSION}.{part}" for part in ("tp", "fn", "fp", "tn")}
    if all(name in columns for name in parts.values()):
        counts = {part: pd.to_numeric(columns.pop(name), "coerce") for part, name in parts.items()}
        columns["positives"] = counts["tp"] + counts["fn"]
        columns["negatives"] = counts["fp"] + counts["tn"]
    for first, last in _SPANS:
        if {first, last} <= set(columns) and not {"duration", "duration_s"} & set(columns):
            starts, ends = _read_times(columns[first]), _read_times(columns[last])
            if (starts.notna() & ends.notna()).any():
                columns["duration_s"] = (ends - starts).dt.total_seconds()
    return replace(flat, columns=columns)


def _read_times(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column.astype("str"), errors="coerce", format="ISO8601", utc=True)


def _read_pair(value: object) -> list[float] | None:
    if not isinstance(value, list) or len(value) != 2:
        return None
    return value if all(isinstance(end, int | float) for end in value) else None
