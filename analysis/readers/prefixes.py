"""Prefixes that say what a column is: `params_lr`, `config/lr`, `metrics.acc`, `user_attrs_k`."""

from collections.abc import Iterable

import pandas as pd

from analysis.readers.flat import FlatTable

_PARAMS = (
    *("params_", "params.", "params/", "param_", "config.", "config/", "hp_", "hparams/"),
    *("hparams.", "hyperparameters.", "hyperparameters/", "parameters/", "parameters.", "hp."),
    *("parameter.", "parameter/"),
)
_CONFIG = "config_"  # of Syne Tune, where several columns have it
_NO_PARAMS = ("config_name", "config_id", "config_version")
# Cut off a name, where the name alone is free.
_PLAIN = ("user_attrs_", "metrics.", "metrics/", "summary.", "summary/")
# A study's trials, whose direction is not written: unless told otherwise, Optuna minimises.
_OF_OPTUNA = {"number", "state"}
_TOOLS_OWN = ("system_attrs_", "tags.mlflow.", "sys/")


def split_prefixed(
    columns: pd.DataFrame, params: pd.DataFrame, notes: tuple[str, ...] = ()
) -> FlatTable:
    """Move columns with a prefix such as `params_` to the hyperparameters.

    Prefixes that say no more than where a metric comes from are cut off; what a tool keeps for
    itself is dropped.
    """
    columns = columns.rename(columns=str)
    names = [*map(str, columns.columns)]
    prefix, inside = _find_prefixed(names)
    if inside and params.columns.empty:
        params = columns[inside].rename(columns=lambda name: name.removeprefix(prefix))
        columns = columns.drop(columns=inside)
    columns = columns.drop(columns=[n for n in columns.columns if n.startswith(_TOOLS_OWN)])
    params = params.rename(columns=str).reindex(columns.index)
    is_optuna = set(columns.columns) >= _OF_OPTUNA and not params.columns.empty
    return FlatTable(
        columns=columns.rename(columns=shorten_names(columns.columns)),
        params=params,
        assumed="minimize" if is_optuna else "maximize",
        notes=notes,
    )


def _find_prefixed(names: list[str]) -> tuple[str, list[str]]:
    """Return the prefix of the hyperparameters, and the columns that bear it."""
    for prefix in (*_PARAMS, _CONFIG):
        inside = [n for n in names if n.startswith(prefix) and n not in (prefix, *_NO_PARAMS)]
        if len(inside) > (prefix == _CONFIG):
            return prefix, inside
    return "", []


def shorten_names(names: Iterable[str]) -> dict[str, str]:
    """Return a shorter name for each with a prefix to be cut off, if the short one is free."""
    known = list(names)
    taken = set(known)
    shorter: dict[str, str] = {}
    for name in known:
        prefix = next((p for p in _PLAIN if name.startswith(p)), "")
        short = name.removeprefix(prefix)
        if prefix and short and short not in taken:
            shorter[name] = short
            taken.add(short)
    return shorter


def cut_prefix(name: str) -> str:
    """Return a name without a prefix that is cut off."""
    return name.removeprefix(next((p for p in _PLAIN if name.startswith(p)), ""))
