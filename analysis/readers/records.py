"""JSON results: lists of objects, columns, objects by name, and the dumps of Optuna studies.

A dump's trial has `params`, and a trial whose values were forced has them as `forced_<name>` in
`user_attrs` instead.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from analysis.readers.content import name_type, refuse_many
from analysis.readers.flat import FlatTable
from analysis.readers.mappings import (
    flatten_mapping,
    is_metrics_holder,
    is_params_holder,
    settle_nones,
    unwrap,
)
from analysis.readers.prefixes import split_prefixed
from analysis.readers.tools.documents import read_tool
from trial_sets.errors import InputError

_LIST_KEYS = ("trials", "results", "runs", "records", "data", "log_history", "history")
_FORCED = "forced_"
_FORCED_FLAG = "forced_extreme"


def read_document(document: object, path: Path) -> FlatTable:
    """Read a parsed JSON document.

    Raises
    ------
    InputError
        When it holds no trials in any known form.
    """
    of_tool = read_tool(document, path)
    if of_tool is not None:
        return of_tool
    if isinstance(document, list):
        return read_records(document, path)
    if not isinstance(document, dict):
        raise InputError(f"{path} holds {name_type(document)}; expected a list of trials")
    return _read_object(document, path)


def _read_object(document: dict[str, Any], path: Path) -> FlatTable:
    """Read an object: around a list of trials, of trials by name, of columns, or one trial."""
    if _is_split_table(document):
        return _read_split_table(document, path)
    for key in _LIST_KEYS:
        if isinstance(document.get(key), list):
            return read_records(document[key], path, key=f"{key}, ")
    lists = [key for key, value in document.items() if _is_list_of_objects(value)]
    if len(lists) == 1 and len(document) > 1:
        return read_records(document[lists[0]], path, key=f"{lists[0]}, ")
    if document and all(isinstance(value, dict) for value in document.values()):
        return _read_named(document, path)
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
    return split_prefixed(pd.DataFrame(plain), pd.DataFrame(settle_nones(params)), tuple(notes))


def _split_record(record: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Split one object into plain columns and hyperparameters; say what has an odd form."""
    outside: dict[str, Any] = {}
    params: dict[str, Any] = {}
    forced: dict[str, Any] = {}
    problems: list[str] = []
    for name, stored in record.items():
        value = unwrap(stored)
        if is_params_holder(name) or is_metrics_holder(name):
            if not isinstance(value, dict):
                problems += _describe_odd(name, value, outside)
            elif is_params_holder(name):
                params |= flatten_mapping(value)
            else:
                inner = flatten_mapping(value)
                forced |= {k: v for k, v in inner.items() if k.startswith(_FORCED)}
                outside |= {k: v for k, v in inner.items() if k not in forced and k not in record}
        elif isinstance(value, dict):
            outside |= flatten_mapping({name: value})
        else:
            outside[name] = value
    if forced.pop(_FORCED_FLAG, False):
        outside["role"] = "forced"
    return outside, {k.removeprefix(_FORCED): v for k, v in forced.items()} | params, problems


def _describe_odd(name: str, value: object, outside: dict[str, Any]) -> list[str]:
    """Keep a plain value, which may be a result of that name; say what else is no object."""
    if value is None:
        return []
    if isinstance(value, list) or name in {"params", "user_attrs"}:
        return [f"{name}: expected an object"]
    outside[name] = value
    return []


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _read_named(document: dict[str, dict[str, Any]], path: Path) -> FlatTable:
    """Read objects by name: one a trial, or as pandas writes a table, one a column."""
    keys = {tuple(inner) for inner in document.values()}
    rows = next(iter(keys))
    if len(keys) == 1 and rows and rows == tuple(map(str, range(len(rows)))):
        return _read_columns({name: list(c.values()) for name, c in document.items()}, path)
    return read_records([{"trial": name, **record} for name, record in document.items()], path)


def _is_split_table(document: dict[str, Any]) -> bool:
    """Say whether an object is a table as pandas writes one with `orient="split"`."""
    return document.keys() >= {"columns", "data"} and document.keys() <= {
        "columns", "data", "index", "schema"
    }  # fmt: skip


def _read_split_table(document: dict[str, Any], path: Path) -> FlatTable:
    names, rows = document["columns"], document["data"]
    is_list = isinstance(names, list) and isinstance(rows, list) and rows
    if not is_list or not all(isinstance(r, list) and len(r) == len(names) for r in rows):
        raise InputError(f"{path} holds columns and data of different lengths")
    return read_records([dict(zip(map(str, names), row, strict=True)) for row in rows], path)


def _read_columns(document: dict[str, list[Any]], path: Path) -> FlatTable:
    lengths = {name: len(column) for name, column in document.items()}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name} {n}" for name, n in list(lengths.items())[:5])
        raise InputError(f"{path} holds columns of different lengths: {shown}")
    columns = pd.DataFrame({name: pd.Series(column) for name, column in document.items()})
    return split_prefixed(columns, pd.DataFrame(index=columns.index))
