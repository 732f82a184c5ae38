"""NNI: trials as `nnictl experiment export` writes them, with `parameter` and `value`."""

from pathlib import Path
from typing import Any, TypeGuard

import pandas as pd

from analysis.readers.content import parse_results
from analysis.readers.flat import FlatTable
from analysis.readers.mappings import flatten_mapping
from trial_sets.errors import InputError


def is_nni(document: object) -> TypeGuard[list[dict[str, Any]]]:
    """Say whether a document is a list of NNI's trials."""
    return (
        isinstance(document, list)
        and bool(document)
        and all(
            isinstance(trial, dict)
            and isinstance(trial.get("parameter"), dict)
            and {"value", "id"} <= trial.keys()
            for trial in document
        )
    )


def read_nni(document: list[dict[str, Any]], path: Path) -> FlatTable:
    """Read trials; a metric of several parts counts by its `default`."""
    rows, params = [], []
    for trial in document:
        rows.append({"trial": trial["id"], "value": _read_value(trial["value"])})
        inner = trial["parameter"].get("parameters", trial["parameter"])
        params.append(flatten_mapping(inner if isinstance(inner, dict) else trial["parameter"]))
    columns = pd.DataFrame(rows)
    return FlatTable(
        columns=columns, params=pd.DataFrame(params, index=columns.index), metric="value"
    )


def _read_value(value: object) -> object:
    """Return a metric, which NNI writes as JSON in a text."""
    if isinstance(value, str):
        try:
            value = parse_results(value, "a value")
        except InputError:
            return value
    return value.get("default") if isinstance(value, dict) else value
