"""Weights & Biases' CSV exports: the table of runs, and the curves of a chart."""

import re
from itertools import pairwise
from pathlib import Path

import pandas as pd

from analysis.readers.content import refuse_many
from analysis.readers.flat import FlatTable
from analysis.readers.vocabulary import is_counter
from trial_sets.errors import InputError

_HEAD = frozenset(
    {"Name", "State", "Notes", "User", "Tags", "Created", "Runtime", "Sweep", "ID", "Group"}
    | {"Job Type", "Hostname", "Updated", "End Time", "Host", "GPU Count", "GPU Type", "Project"}
)
_NEEDED = {"Name", "State"}
_CURVE = re.compile(r"^(?P<run>.+) - (?P<metric>.+?)(?P<bound>__MIN|__MAX)?$")
_OWN = "_"  # begins what W&B logs by itself


def read_wandb(columns: pd.DataFrame, path: Path) -> FlatTable | None:
    """Read a table that W&B exported, or return None.

    Raises
    ------
    InputError
        For a chart of several metrics, or none.
    """
    names = [str(name) for name in columns.columns]
    if set(names) >= _NEEDED and len(_HEAD & set(names)) > 3:
        return _read_runs(columns, names)
    curves = {name: found for name in names if (found := _CURVE.match(name))}
    if len(curves) < 2 or len(curves) != len(names) - 1 or names[0] in curves:
        return None
    return _read_chart(columns, curves, path)


def _read_runs(columns: pd.DataFrame, names: list[str]) -> FlatTable:
    """Read one row a run; W&B sorts the configuration and the summary, one after the other."""
    columns = columns.rename(columns={"State": "state", "Runtime": "runtime"})
    key = "ID" if "ID" in columns and columns["Name"].duplicated().any() else "Name"
    if not columns[key].duplicated().any() and "trial" not in columns:
        columns = columns.rename(columns={key: "trial"})
    rest = [name for name in names if name not in _HEAD]
    falls = [place for place, (one, next_) in enumerate(pairwise(rest), 1) if one > next_]
    return FlatTable(
        columns=columns,
        params=pd.DataFrame(index=columns.index),
        inputs=frozenset(rest[: falls[0]]) if len(falls) == 1 else None,
    )


def _read_chart(columns: pd.DataFrame, curves: dict[str, re.Match[str]], path: Path) -> FlatTable:
    """Turn a chart's columns, one a run, into one row a run and step."""
    shown = {name: found for name, found in curves.items() if found["bound"] is None}
    metrics = {found["metric"] for found in shown.values()} - {"_step"}
    metrics = {metric for metric in metrics if not metric.startswith(_OWN)}
    if len(metrics) != 1:
        raise InputError(
            f"{path} is a chart of W&B with {len(metrics) or 'no'} metrics; export a chart of one, "
            "or the table of runs"
        )
    (metric,) = metrics
    step = str(columns.columns[0])
    of_metric = {name: found["run"] for name, found in shown.items() if found["metric"] == metric}
    refuse_many(3 * len(columns) * len(of_metric), path)
    counter = step if is_counter(step) else "step"
    long = columns.rename(columns={step: counter}).melt(
        id_vars=[counter], value_vars=list(of_metric), var_name="trial", value_name=metric
    )
    long = long.assign(trial=long["trial"].map(of_metric)).dropna(subset=[metric])
    long = long.reset_index(drop=True)
    return FlatTable(columns=long, params=pd.DataFrame(index=long.index), metric=metric)
