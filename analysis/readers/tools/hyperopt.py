"""Hyperopt: `trials.trials` written as JSON, one object a trial with `result` and `misc`."""

from pathlib import Path
from typing import Any, TypeGuard

import pandas as pd

from analysis.readers.content import refuse_many
from analysis.readers.flat import FlatTable
from analysis.readers.mappings import flatten_mapping

_DONE, _FAILED = 2, 3
_STATES = {0: "waiting", 1: "running", _DONE: "complete", _FAILED: "failed", 4: "failed"}


def is_hyperopt(document: object) -> TypeGuard[list[dict[str, Any]]]:
    """Say whether a document is a list of Hyperopt's trials."""
    return (
        isinstance(document, list)
        and bool(document)
        and all(
            isinstance(trial, dict)
            and isinstance(trial.get("result"), dict)
            and isinstance(trial.get("misc"), dict)
            and isinstance(trial["misc"].get("vals"), dict)
            for trial in document
        )
    )


def read_hyperopt(document: list[dict[str, Any]], path: Path) -> FlatTable:
    """Read trials; Hyperopt minimises the loss, always.

    Raises
    ------
    InputError
        When they come to more values than are read.
    """
    rows, params = [], []
    for trial in document:
        result = flatten_mapping(trial["result"])
        state = _STATES.get(trial["state"]) if isinstance(trial.get("state"), int) else None
        status = str(result.pop("status", "ok"))
        row = {**result, "trial": trial.get("tid"), "loss": result.get("loss")}
        row["state"] = "failed" if status == "fail" else state or "complete"
        rows.append(row)
        values = trial["misc"]["vals"].items()
        params.append({name: v[0] if isinstance(v, list) and v else None for name, v in values})
        params[-1] = {name: value for name, value in params[-1].items() if value is not None}
    for parts in (rows, params):
        refuse_many(len(parts) * len(set().union(*parts)), path)
    columns = pd.DataFrame(rows)
    choices = "hyperparameters of hp.choice are shown by the number of the choice, from 0"
    return FlatTable(
        columns=columns,
        params=pd.DataFrame(params, index=columns.index),
        metric="loss",
        direction="minimize",
        notes=(choices,),
    )
