"""JSON results: lists of objects, columns, objects by name, and the dumps of Optuna studies.

A dump's trial has `params`, and a trial whose values were forced has them as `forced_<name>` in
`user_attrs` instead.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from analysis.readers.content import name_type, refuse_many
from analysis.readers.flat import FlatTable
from trial_sets.errors import InputError

_PARAM_KEYS = ("params", "config", "hyperparameters", "hparams")
_ATTRIBUTE_KEYS = ("user_attrs", "metrics")
_LIST_KEYS = ("trials", "results", "runs", "records", "data")
_FORCED = "forced_"
_FORCED_FLAG = "forced_extreme"
_PREFIXES = ("params_", "params.", "param_", "config.", "config/", "hp_")


def read_document(document: object, path: Path) -> FlatTable:
    """Read a parsed JSON document.

    Raises
    ------
    InputError
        When it holds no trials in any known form.
    """
    if isinstance(document, list):
        return read_records(document, path)
    if not isinstance(document, dict):
        raise InputError(f"{path} holds {name_type(document)}; expected a list of trials")
    for key in _LIST_KEYS:
        if isinstance(document.get(key), list):
            return read_records(document[key], path, key=f"{key}, ")
    if document and all(isinstance(value, dict) for value in document.values()):
        named = [{"trial": name, **record} for name, record in document.items()]
        return read_records(named, path)
    if document and all(isinstance(value, list) for value in document.values()):
        return _read_columns(document, path)
    return read_records([document], path)


def read_records(records: list[Any], path: Path, key: str = "") -> FlatTable:
    """Read a list of objects, one a trial.

    Raises
    ------
    InputError
        When the list is empty or holds something else than objects.
    """
    if not records:
        raise InputError(f"{path} holds an empty list; expected at least one trial")
    for position, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise InputError(
                f"{path}, {key}item {position}: expected an object, got {name_type(record)}"
            )
    plain, params, broken = [], [], []
    for position, record in enumerate(records, 1):
        outside, inside, problems = _split_record(record)
        plain.append(outside)
        params.append(inside)
        broken += [f"item {position}, {problem}" for problem in problems]
    for parts in (plain, params):
        refuse_many(len(parts) * len(set().union(*parts)), path)
    notes = [*broken[:3], *([f"and {len(broken) - 3} more like these"] if broken[3:] else [])]
    return split_prefixed(pd.DataFrame(plain), pd.DataFrame(params), tuple(notes))


def split_prefixed(
    columns: pd.DataFrame, params: pd.DataFrame, notes: tuple[str, ...] = ()
) -> FlatTable:
    """Move columns with a prefix such as `params_` to the hyperparameters.

    `user_attrs_` is cut off a name; `system_attrs_` columns are a tool's own and dropped.
    """
    columns = columns.rename(columns=str)
    prefix = next((p for p in _PREFIXES if columns.columns.str.startswith(p).any()), None)
    if prefix is not None and params.columns.empty:
        inside = [name for name in columns.columns if name.startswith(prefix)]
        params = columns[inside].rename(columns=lambda name: name.removeprefix(prefix))
        columns = columns.drop(columns=inside)
    inner = [name for name in columns.columns if name.startswith("system_attrs_")]
    columns = columns.drop(columns=inner)
    bare = {name: name.removeprefix("user_attrs_") for name in columns.columns}
    free = {name: short for name, short in bare.items() if short not in columns.columns}
    params = params.rename(columns=str).reindex(columns.index)
    return FlatTable(columns=columns.rename(columns=free), params=params, notes=notes)


def _split_record(record: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Split one object into plain columns and hyperparameters; say what has an odd form."""
    outside: dict[str, Any] = {}
    params: dict[str, Any] = {}
    forced: dict[str, Any] = {}
    problems: list[str] = []
    for name, value in record.items():
        if name in (*_PARAM_KEYS, *_ATTRIBUTE_KEYS):
            if not isinstance(value, dict):
                problems += [] if value is None else [f"{name}: expected an object"]
            elif name in _PARAM_KEYS:
                params |= value
            else:
                forced |= {k: v for k, v in value.items() if k.startswith(_FORCED)}
                outside |= {k: v for k, v in value.items() if k not in forced and k not in record}
        elif isinstance(value, dict):
            outside |= {f"{name}.{inner}": part for inner, part in value.items()}
        else:
            outside[name] = value
    if forced.pop(_FORCED_FLAG, False):
        outside["role"] = "forced"
    return outside, {k.removeprefix(_FORCED): v for k, v in forced.items()} | params, problems


def _read_columns(document: dict[str, list[Any]], path: Path) -> FlatTable:
    lengths = {name: len(column) for name, column in document.items()}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name} {n}" for name, n in list(lengths.items())[:5])
        raise InputError(f"{path} holds columns of different lengths: {shown}")
    columns = pd.DataFrame({name: pd.Series(column) for name, column in document.items()})
    return split_prefixed(columns, pd.DataFrame(index=columns.index))
