"""SMAC's `runhistory.json`, of every version: lists, flat lists, or an object a run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeGuard

import pandas as pd

from analysis.readers.flat import FlatTable
from trial_sets.errors import InputError

_STATES = {0: "running", 1: "complete", 2: "failed", 3: "failed", 4: "failed"}
_WORDS = {"SUCCESS": "complete", "RUNNING": "running"}
_KEYS = ("config_id", "instance", "seed", "budget")
_SEVERAL = ("instance", "budget")
_VALUES = ("cost", "time", "status")


def is_smac(document: object) -> TypeGuard[dict[str, Any]]:
    """Say whether a document is a history of runs."""
    return (
        isinstance(document, dict)
        and isinstance(document.get("data"), list)
        and isinstance(document.get("configs"), dict)
    )


def read_smac(document: dict[str, Any], path: Path) -> FlatTable:
    """Read one row a run; SMAC minimises the cost, always.

    Raises
    ------
    InputError
        For a run of no known form, or of a configuration that is not there.
    """
    rows, params = [], []
    for position, run in enumerate(document["data"], 1):
        row = dict(_read_run(run))
        configuration = document["configs"].get(str(row.get("config_id")))
        if not isinstance(configuration, dict):
            raise InputError(f"{path}, run {position}: no configuration {row.get('config_id')!r}")
        row["state"] = _read_state(row.pop("status", None))
        rows.append(row)
        params.append(configuration)
    if not rows:
        raise InputError(f"{path} holds no runs")
    columns = pd.DataFrame(rows).rename(columns={"time": "duration_s"})
    several = [n for n in _SEVERAL if n in columns and columns[n].astype("str").nunique() > 1]
    notes = tuple(
        f"configurations ran on several {name}s, each run a row of its own" for name in several
    )
    for name in _SEVERAL:
        if name in columns and name not in several:
            columns = columns.drop(columns=name)
    return FlatTable(
        columns=columns,
        params=pd.DataFrame(params, index=columns.index),
        metric="cost",
        direction="minimize",
        said=notes,
    )


def _read_run(run: object) -> Iterator[tuple[str, Any]]:
    """Yield what is known of one run."""
    if isinstance(run, dict):
        yield from ((name, run[name]) for name in (*_KEYS, *_VALUES) if name in run)
    elif isinstance(run, list) and len(run) == 2 and all(isinstance(part, list) for part in run):
        yield from zip(_KEYS, run[0], strict=False)
        yield from zip(_VALUES, run[1], strict=False)
    elif isinstance(run, list) and len(run) >= len(_KEYS) + len(_VALUES):
        yield from zip((*_KEYS, *_VALUES), run, strict=False)


def _read_state(status: object) -> str:
    if isinstance(status, dict):
        return _WORDS.get(str(status.get("__enum__")).split(".")[-1], "failed")
    if isinstance(status, int):
        return _STATES.get(status, "failed")
    return "complete" if status is None else _WORDS.get(str(status).split(".")[-1], "failed")
