"""Rows that are epochs of a training, or splits of a cross-validation, put together to trials.

A trial's metric is its last one over epochs, as the tools that write such files report it, and its
mean over splits.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.readers.flat import FlatTable
from analysis.readers.vocabulary import (
    ALIASES,
    find_own,
    is_counter,
    is_epoch_counter,
    is_known_param,
    is_measured,
    is_split_number,
)
from trial_sets.metric_names import squash_name

_EPOCHS_RUN = "epochs_run"
_SPLIT_NUMBER = r"(?i)(fold|split|cv)?[ _-]?\d+(\.0)?"


@dataclass(frozen=True, slots=True)
class Joined:
    """A table of trials, and what varied within them, which is no hyperparameter."""

    flat: FlatTable
    measured: frozenset[str] = frozenset()


def join_rows(flat: FlatTable, metric: str) -> Joined:
    """Put rows of one training or of one cross-validation together.

    Rows are epochs where a counter (`epoch`, `step`, `training_iteration`) rises within each trial,
    or over the whole table where nothing names the trials.

    Parameters
    ----------
    metric
        The objective's column.
    """
    counters = [name for name in flat.names if is_counter(name) and name != metric]
    for counter in sorted(counters, key=lambda name: not is_epoch_counter(name)):
        groups = _find_trainings(flat, counter, {metric, *counters})
        if groups is not None:
            return _join_epochs(flat, groups, metric, counter)
    splits = [name for name in flat.names if is_split_number(name) and name != metric]
    groups = _find_validations(flat, splits[0], metric) if splits else None
    return Joined(flat) if groups is None else _join_splits(flat, groups, metric, splits[0])


def _find_trainings(flat: FlatTable, counter: str, aside: set[str]) -> "pd.Series[int] | None":
    """Return the training that each row belongs to, or None where rows are trials."""
    count = pd.to_numeric(flat.columns[counter], errors="coerce")
    if len(count) < 2 or count.isna().any():
        return None
    names = _list_names(flat)
    seeds = [name for name in flat.names if squash_name(name) in ALIASES["seed"]]
    for name in names:
        if flat.columns[name].astype("str").duplicated().any():
            groups = _number(flat.columns[[name, *seeds]])
            if _tells_apart(count, groups):
                return groups
        elif flat.columns[name].notna().all():
            return None
    if not flat.params.columns.empty:
        groups = _number(pd.concat([flat.params, flat.columns[seeds]], axis=1))
        return groups if _tells_apart(count, groups) else None
    return _find_segments(flat, count, {*aside, *names, *seeds})


def _find_segments(flat: FlatTable, count: pd.Series, aside: set[str]) -> "pd.Series[int] | None":
    """Begin a training wherever the counter falls, unless hyperparameters change on the way."""
    segments = (count.diff() < 0).cumsum().astype("int64")
    if not _rises(count, segments):
        return None
    known = [name for name in flat.names if name not in aside and is_known_param(name)]
    steps = count.groupby(segments).diff().dropna()
    is_steady = bool(len(steps)) and bool(steps.isin([0, 1]).all())
    written = flat.columns[known].astype("str")
    constant = written.groupby(segments).nunique(dropna=False) <= 1
    return segments if is_steady or bool(constant.to_numpy().all()) else None


def _find_validations(flat: FlatTable, split: str, metric: str) -> "pd.Series[int] | None":
    """Return the cross-validation that each row belongs to, or None where that is not told."""
    column = flat.columns[split]
    if not column.astype("str").str.fullmatch(_SPLIT_NUMBER).all():
        return None
    own = find_own(flat.names)
    others = [n for n in flat.names if n not in (split, metric) and n not in own]
    chosen = [name for name in others if not is_measured(name)]
    known = [name for name in others if is_known_param(name)]
    names = [n for n in _list_names(flat) if flat.columns[n].astype("str").duplicated().any()]
    for told in (chosen, [*known, *names]):
        keys = pd.concat([flat.params, flat.columns[told]], axis=1)
        groups = _number(keys) if len(keys.columns) else pd.Series(0, index=column.index)
        is_once = not pd.DataFrame({"group": groups, "split": column}).duplicated().any()
        if groups.duplicated().any() and is_once:
            return groups
    return None


def _list_names(flat: FlatTable) -> list[str]:
    """Return the columns that may name a trial, the surest first."""
    squashed = {squash_name(name): name for name in reversed(flat.names)}
    return [squashed[alias] for alias in ALIASES["trial"] if alias in squashed]


def _number(columns: pd.DataFrame) -> "pd.Series[int]":
    written = columns.astype("str")
    return written.groupby(list(written.columns), sort=False, dropna=False).ngroup()


def _tells_apart(count: pd.Series, groups: "pd.Series[int]") -> bool:
    """Say whether a counter rises within named groups, or at least gives none a number twice."""
    steps = pd.DataFrame({"group": groups, "count": count})
    is_once = groups.duplicated().any() and not steps.duplicated().any()
    return bool(is_once) or _rises(count, groups)


def _rises(count: pd.Series, groups: "pd.Series[int]") -> bool:
    """Say whether a counter never falls within a group, and rises in some."""
    steps = count.groupby(groups).diff().dropna()
    return bool(len(steps)) and bool((steps >= 0).all()) and bool((steps > 0).any())


def _join_epochs(flat: FlatTable, groups: "pd.Series[int]", metric: str, counter: str) -> Joined:
    """Keep the last value of every column, which is a trial's own only where it never changed."""
    order = pd.to_numeric(flat.columns[counter]).argsort(kind="stable")
    columns, params, keys = flat.columns.iloc[order], flat.params.iloc[order], groups.iloc[order]
    numbers = pd.to_numeric(columns[metric].map(_blank_compound), errors="coerce")
    columns = columns.assign(**{metric: columns[metric].where(np.isfinite(numbers))})
    last = columns.groupby(keys).last()
    if _EPOCHS_RUN not in last and is_epoch_counter(counter):
        last[_EPOCHS_RUN] = columns[counter].groupby(keys).nunique()
    said = (
        f"Rows are steps of a training ({counter}), and each training one trial with its last "
        f"{metric}."
    )
    return _rebuild(flat, last, params.groupby(keys).last(), groups, said)


def _join_splits(flat: FlatTable, groups: "pd.Series[int]", metric: str, split: str) -> Joined:
    """Take the mean of the metric over a trial's splits."""
    numbers = pd.to_numeric(flat.columns[metric].map(_blank_compound), errors="coerce")
    first = flat.columns.groupby(groups).first()
    first[metric] = numbers.groupby(groups).mean()
    said = (
        f"Rows are splits of a cross-validation ({split}), and each cross-validation one trial "
        f"with its mean {metric}: splits share rows, and are no seeds."
    )
    params = flat.params.groupby(groups).first()
    return _rebuild(flat, first.drop(columns=split), params, groups, said)


def _rebuild(
    flat: FlatTable,
    columns: pd.DataFrame,
    params: pd.DataFrame,
    groups: "pd.Series[int]",
    said: str,
) -> Joined:
    """Return the table of trials, and the columns that varied within one."""
    varied = flat.columns.astype("str").groupby(groups).nunique(dropna=False) > 1
    columns = columns.reset_index(drop=True)
    told = (
        params.reset_index(drop=True) if len(params.columns) else pd.DataFrame(index=columns.index)
    )
    joined = replace(flat, columns=columns, params=told, said=(*flat.said, said))
    return Joined(joined, frozenset(str(name) for name in varied.columns[varied.any()]))


def _blank_compound(value: object) -> object:
    return np.nan if isinstance(value, bool | list | dict) else value
