"""From a flat table to the tidy frame: objective, roles and hyperparameters put in their places."""

import re
import warnings
from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis.frames.frame import TrialFrame, make_frame, rename_reserved
from analysis.numbers import count_noun
from analysis.readers.columns import is_number_like
from analysis.readers.curves import join_rows
from analysis.readers.flat import FlatTable
from analysis.readers.hyperparameters import settle_params
from analysis.readers.nested import expand_mappings, expand_nested
from analysis.readers.objective import (
    choose_metric,
    find_sense,
    list_objectives,
    name_metric,
    read_metric,
)
from analysis.readers.options import ReadOptions
from analysis.readers.optuna.storage import describe_objective
from analysis.readers.states import read_states
from trial_sets.wording import well_form

_FILE_NAME = re.compile(r"^(?P<tier>[a-z]+\d+)_(?P<budget>\d+[kmb])$", re.IGNORECASE)
_REFERENCE = re.compile(r"^(baseline|default|control|reference)\b", re.IGNORECASE)


def tidy_table(flat: FlatTable, options: ReadOptions, path: Path) -> TrialFrame:
    """Understand a flat table's columns and return the tidy frame.

    Raises
    ------
    InputError
        When the objective cannot be told, or a named column does not exist.
    """
    flat = expand_nested(expand_mappings(flat, path))
    metric = choose_metric(flat, options, path)
    joined = join_rows(flat, metric)
    flat, roles = settle_params(joined.flat, options, metric, path, joined.measured)
    rows, notes = _read_standard(flat.columns, metric, roles, path)
    used = {metric, *roles.values(), *flat.params.columns}
    extra = flat.columns[[name for name in flat.columns.columns if name not in used]]
    names = rename_reserved([*flat.params.columns, *extra.columns])
    rest = pd.concat([flat.params, extra], axis=1).rename(columns=names)
    metric_name = name_metric(flat, metric)
    sense = find_sense(flat, options, metric_name, metric)
    notes = [*flat.notes, *notes, *_note_bare_trials(flat.params, rows)]
    frame = make_frame(
        pd.concat([rows, rest], axis=1),
        [names[name] for name in flat.params.columns],
        metric=metric_name,
        direction=sense.direction,
        is_direction_known=sense.is_known,
        spaces={names[name]: space for name, space in flat.spaces.items() if name in names},
        notes=[f"{well_form(path.name)}: {note}" for note in notes],
    )
    return replace(
        frame,
        direction_source=sense.source,
        assumptions=(*flat.said, *_say_objective(flat, metric), *_say_splits(flat, metric)),
        studies=(flat.study,) if flat.study else (),
    )


def _say_objective(flat: FlatTable, metric: str) -> tuple[str, ...]:
    """Say which of several objectives of a table was taken."""
    names = list_objectives(flat)
    is_one = metric in names and len(names) > 1
    return (describe_objective(names, metric),) if is_one else ()


def _say_splits(flat: FlatTable, metric: str) -> tuple[str, ...]:
    """Say that the metric is a mean over the splits of a cross-validation, which are no seeds."""
    scorer = metric.removeprefix("mean_test_")
    n_splits = sum(bool(re.fullmatch(rf"split\d+_test_{re.escape(scorer)}", n)) for n in flat.names)
    if scorer == metric or n_splits < 2:
        return ()
    return (
        f"{metric} is the mean over {n_splits} splits of a cross-validation, which share rows: "
        "correlated repeats, no seeds.",
    )


def _note_bare_trials(params: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """Say how many trials have no hyperparameter although they are no reference."""
    bare = rows["trial"][params.isna().all(axis=1) & rows["role"].isna()]
    if bare.empty or params.columns.empty:
        return []
    return [
        f"{count_noun(len(bare), 'trial')} without any hyperparameter, first {bare.iloc[0]}, "
        "in no table"
    ]


def _read_standard(
    columns: pd.DataFrame, metric: str, roles: dict[str, str], path: Path
) -> tuple[pd.DataFrame, list[str]]:
    """Read the standard columns under whatever names they go by, with notes on odd values."""
    rows = pd.DataFrame({role: columns[name] for role, name in roles.items()})
    rows["metric"], notes = read_metric(columns[metric])
    rows["file"] = well_form(path.name)
    if "state" in rows:
        rows["state"], problems = read_states(rows["state"])
        notes += problems
    if "duration_s" in rows and not is_number_like(rows["duration_s"]):
        rows["duration_s"] = _read_spans(rows["duration_s"])
    if "trial" not in rows:
        rows["trial"] = [str(number) for number in range(len(rows))]
    rows["role"] = _read_roles(rows)
    return _read_origins(rows, path), notes


def _read_spans(column: pd.Series) -> pd.Series:
    """Read spans as tools write them, `0 days 00:01:30` or `2.5min`, as seconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of units that pandas will spell otherwise
        return pd.to_timedelta(column.astype("str"), errors="coerce").dt.total_seconds()


def _read_origins(rows: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Take tier and budget from the columns, or from a file name such as `a50_20m`."""
    named = _FILE_NAME.match(path.stem)
    for origin in ("tier", "budget") if named else ():
        if origin not in rows and named:
            rows[origin] = named[origin]
    for origin, case in (("tier", str.lower), ("budget", str.upper)):
        if origin in rows:
            rows[origin] = rows[origin].map(str, na_action="ignore").map(case, na_action="ignore")
    return rows


def _read_roles(rows: pd.DataFrame) -> pd.Series:
    """Take a trial called a baseline, a default, a control or a reference for one."""
    words = rows["trial"].astype("str").str.extract(_REFERENCE, expand=False).str.lower()
    return rows["role"].astype("object").fillna(words) if "role" in rows else words
