"""Nested and paired columns made plain: prediction ranges, confusion counts, start and end."""

from dataclasses import replace

import pandas as pd

from analysis.readers.flat import FlatTable

_PREDICTION_RANGES = ("val_pred_range", "pred_range", "prediction_range")
_CONFUSION = "val_confusion"


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
    if {"datetime_start", "datetime_complete"} <= set(columns) and "duration" not in columns:
        ends = pd.to_datetime(columns["datetime_complete"], errors="coerce", format="ISO8601")
        starts = pd.to_datetime(columns["datetime_start"], errors="coerce", format="ISO8601")
        columns["duration_s"] = (ends - starts).dt.total_seconds()
    return replace(flat, columns=columns)


def _read_pair(value: object) -> list[float] | None:
    if not isinstance(value, list) or len(value) != 2:
        return None
    return value if all(isinstance(end, int | float) for end in value) else None
