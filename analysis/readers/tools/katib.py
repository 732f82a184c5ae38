"""Katib: trials as `kubectl get trials -o json` writes them."""

from pathlib import Path
from typing import Any, TypeGuard

import pandas as pd

from analysis.readers.flat import FlatTable
from trial_sets.metric_names import Direction

_DIRECTIONS: dict[str, Direction] = {"minimize": "minimize", "maximize": "maximize"}
_STATES = {"Succeeded": "complete", "EarlyStopped": "pruned", "Running": "running"}
_PENDING = {"Created", "Pending"}


def is_katib(document: object) -> TypeGuard[dict[str, Any]]:
    """Say whether a document is a trial of Katib, or a list of them as Kubernetes writes one."""
    if not isinstance(document, dict):
        return False
    items = document.get("items", [document])
    return isinstance(items, list) and bool(items) and all(map(_is_trial, items))


def read_katib(document: dict[str, Any], path: Path) -> FlatTable:
    """Read trials with the latest value of each metric, and the direction of the objective."""
    items = document.get("items", [document])
    rows = [_read_trial(item) for item in items]
    objectives = {
        str(item["spec"].get("objective", {}).get("objectiveMetricName")) for item in items
    }
    types = {str(item["spec"].get("objective", {}).get("type")) for item in items}
    columns = pd.DataFrame(rows)
    params = pd.DataFrame([_read_params(item) for item in items], index=columns.index)
    metric = objectives.pop() if len(objectives) == 1 else None
    return FlatTable(
        columns=columns,
        params=params.apply(_read_numbers) if len(params.columns) else params,
        metric=metric if metric in columns else None,
        direction=_DIRECTIONS.get(types.pop()) if len(types) == 1 else None,
    )


def _is_trial(item: object) -> bool:
    return (
        isinstance(item, dict)
        and isinstance(item.get("spec"), dict)
        and isinstance(item["spec"].get("objective", {}), dict)
        and isinstance(item["spec"].get("parameterAssignments"), list)
    )


def _read_trial(item: dict[str, Any]) -> dict[str, Any]:
    named = item.get("metadata")
    status = item.get("status")
    seen = status.get("observation") if isinstance(status, dict) else None
    metrics = seen.get("metrics") if isinstance(seen, dict) else None
    found = {
        str(metric["name"]): metric.get("latest")
        for metric in (metrics if isinstance(metrics, list) else [])
        if isinstance(metric, dict) and "name" in metric
    }
    trial = named.get("name") if isinstance(named, dict) else None
    return {**found, "trial": trial, "state": _read_state(status, bool(found))}


def _read_state(status: object, has_metrics: bool) -> str:
    """Return the last condition that holds."""
    conditions = status.get("conditions") if isinstance(status, dict) else None
    held = [
        str(condition.get("type"))
        for condition in (conditions if isinstance(conditions, list) else [])
        if isinstance(condition, dict) and str(condition.get("status")) == "True"
    ]
    final = [word for word in held if word not in _PENDING]
    if not final:
        return "complete" if has_metrics and not held else "waiting"
    return _STATES.get(final[-1], "failed")


def _read_params(item: dict[str, Any]) -> dict[str, Any]:
    return {
        str(pair["name"]): pair.get("value")
        for pair in item["spec"]["parameterAssignments"]
        if isinstance(pair, dict) and "name" in pair
    }


def _read_numbers(column: pd.Series) -> pd.Series:
    """Read a column of texts that all are numbers as numbers."""
    numbers = pd.to_numeric(column, errors="coerce")
    return numbers if bool((numbers.notna() | column.isna()).all()) else column
