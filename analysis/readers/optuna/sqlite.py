"""Optuna studies in an SQLite file, read without Optuna, read-only, in every schema since 1.0."""

import itertools
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.readers.content import MAX_BYTES, MAX_VALUES, parse_results
from analysis.readers.flat import FlatTable
from analysis.readers.options import ReadOptions
from analysis.readers.optuna.storage import (
    METRIC_NAMES,
    StoredStudy,
    choose_objective,
    choose_study,
    read_direction,
    read_metric_names,
    tabulate_study,
)
from trial_sets.errors import InputError
from trial_sets.metric_names import Direction
from trial_sets.opening import MIB

MAX_CELL_BYTES = 16 * MIB
STEP, MAX_STEPS = 1_000_000, 2_000  # instructions of SQLite: some 20 s
_NEEDED = {"studies", "trials", "trial_params"}
# What values of other types or tables without a column make of the steps below.
_DAMAGE = (
    sqlite3.Error,
    pd.errors.DatabaseError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
_INFINITE = {"INF_POS": np.inf, "INF_NEG": -np.inf}


def read_sqlite(path: Path, options: ReadOptions) -> FlatTable:
    """Read one study.

    Raises
    ------
    InputError
        When the file is damaged, holds no Optuna tables, or the study must be named.
    """
    with _open_storage(path) as database:
        return _read_study(database, path, options)


def list_sqlite_studies(path: Path) -> tuple[str, ...]:
    """Return the names of the studies.

    Raises
    ------
    InputError
        When the file is damaged or holds no Optuna tables.
    """
    with _open_storage(path) as database:
        return tuple(s.name for s in _list_studies(database, _list_needed(database, path)))


def read_sqlite_reports(path: Path, options: ReadOptions) -> dict[int, dict[int, float]]:
    """Return what the trials of one study reported, by trial number and step.

    Nothing of a schema from before 2.4, which kept them otherwise.

    Raises
    ------
    InputError
        As `read_sqlite` does.
    """
    with _open_storage(path) as database:
        tables = _list_needed(database, path)
        columns = tables.get("trial_intermediate_values", set())
        if "intermediate_value" not in columns or "number" not in tables["trials"]:
            return {}
        study = choose_study(_list_studies(database, tables), options, path)
        is_typed = "intermediate_value_type" in columns
        kind = "intermediate_value_type" if is_typed else "'FINITE'"
        rows = _select(
            database,
            f"select t.number, step, intermediate_value as value, {kind} as kind "  # noqa: S608
            "from trial_intermediate_values join trials t using (trial_id) where study_id = ?",
            study.study_id,
        )
    infinite = rows["kind"].map(_INFINITE)
    values = infinite.fillna(pd.to_numeric(rows["value"], errors="coerce"))
    found: dict[int, dict[int, float]] = {}
    for number, step, value in zip(rows["number"], rows["step"], values, strict=True):
        found.setdefault(int(number), {})[int(step)] = float(value)
    return found


@contextmanager
def _open_storage(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database, and turn what damage makes of reading it into one sentence."""
    try:
        with _open_readonly(path) as database:
            yield database
    except InputError:
        raise
    except _DAMAGE as error:
        raise InputError(f"{path} cannot be read as an Optuna SQLite storage ({error})") from error


def _list_needed(database: sqlite3.Connection, path: Path) -> dict[str, set[str]]:
    tables = _list_tables(database)
    if _NEEDED - set(tables):
        raise InputError(
            f"{path} is an SQLite database without Optuna's tables; "
            f"it holds {', '.join(sorted(tables)[:8]) or 'no table'}"
        )
    return tables


def _read_study(database: sqlite3.Connection, path: Path, options: ReadOptions) -> FlatTable:
    tables = _list_needed(database, path)
    study = choose_study(_list_studies(database, tables), options, path)
    objective = choose_objective(study, options, path)
    trials = _read_trials(database, tables, study, objective)
    stored = _select(
        database,
        "select p.trial_id, param_name as name, param_value as value, "
        "distribution_json as distribution, param_id from trial_params p "
        "join trials using (trial_id) where study_id = ?",
        study.study_id,
    )
    stored = _sort(stored, "param_id").drop(columns="param_id")
    attributes = pd.DataFrame(columns=["trial_id", "name", "value"])
    if "trial_user_attributes" in tables:
        attributes = _select(
            database,
            "select a.trial_id, key as name, value_json as value from trial_user_attributes a "
            "join trials using (trial_id) where study_id = ?",
            study.study_id,
        )
        where = f"{path}, a user attribute"
        attributes["value"] = attributes["value"].map(lambda text: parse_results(str(text), where))
    return tabulate_study(trials, stored, attributes, study=study, objective=objective, path=path)


def _list_studies(database: sqlite3.Connection, tables: dict[str, set[str]]) -> list[StoredStudy]:
    """List the studies; until 2.4 the direction stood in their own table."""
    if "study_directions" in tables:
        query = (
            "select study_id, study_name, d.direction, objective from studies "
            "join study_directions d using (study_id)"
        )
    else:
        query = "select study_id, study_name, direction, 0 as objective from studies"
    found = _sort(_select(database, query), "study_id", "objective")
    rows = list(zip(found["study_id"], found["study_name"], found["direction"], strict=True))
    names = {int(study_id): str(name) for study_id, name, _ in rows}
    directions: dict[int, list[Direction]] = {key: [] for key in names}
    for study_id, _, stored in rows:
        directions[int(study_id)].append(read_direction(stored))
    called: dict[int, tuple[str, ...]] = {}
    if "study_system_attributes" in tables:
        query = "select study_id, value_json from study_system_attributes where key = ?"
        for study_id, stored in database.execute(query, [METRIC_NAMES]):
            called[int(study_id)] = read_metric_names(parse_results(str(stored), "metric names"))
    return [
        StoredStudy(key, name, tuple(directions[key]), called.get(key, ()))
        for key, name in names.items()
    ]


def _read_trials(
    database: sqlite3.Connection, tables: dict[str, set[str]], study: StoredStudy, objective: int
) -> pd.DataFrame:
    """Read trials and their final values, which stood in the trials' own table until 2.4."""
    numbered = "number" if "number" in tables["trials"] else "null as number"
    valued = "value" if "value" in tables["trials"] else "null as value"
    trials = _select(
        database,
        f"select trial_id, {numbered}, state, {valued}, datetime_start, datetime_complete "  # noqa: S608
        "from trials where study_id = ?",
        study.study_id,
    )
    trials = _sort(trials, "trial_id")
    trials["number"] = trials["number"].fillna(pd.Series(range(len(trials)), dtype="object"))
    columns = tables.get("trial_values", set())
    if "objective" in columns:
        kind = "value_type" if "value_type" in columns else "'FINITE' as value_type"
        values = _select(
            database,
            f"select v.trial_id, v.value, {kind} from trial_values v join trials using (trial_id) "  # noqa: S608
            f"where objective = {int(objective)} and study_id = ?",
            study.study_id,
        )
        infinite = values["value_type"].map(_INFINITE)
        finals = infinite.fillna(pd.to_numeric(values["value"], errors="coerce"))
        trials["value"] = trials["trial_id"].map(dict(zip(values["trial_id"], finals, strict=True)))
    return trials


def _list_tables(database: sqlite3.Connection) -> dict[str, set[str]]:
    """Return table -> its columns; views are left out, since they run a query of the file's."""
    names = database.execute("select name from sqlite_master where type = 'table'").fetchall()
    columns = "select name from pragma_table_info(?)"
    return {str(n): {str(c) for (c,) in database.execute(columns, (n,))} for (n,) in names}


def _sort(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Sort by numbers. SQLite would sort all that a join comes to before the first row is seen."""
    for column in reversed(columns):
        places = pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=float)
        frame = frame.iloc[np.argsort(places, kind="stable")]
    return frame.reset_index(drop=True)


def _select(database: sqlite3.Connection, query: str, *values: int) -> pd.DataFrame:
    """Return what a query finds, as long as it is no more than is read."""
    cursor = database.execute(query, values)
    names = [column[0] for column in cursor.description]
    rows: list[tuple[Any, ...]] = []
    n_bytes = 0
    while found := cursor.fetchmany(10_000):
        rows += found
        n_bytes += sum(len(cell) for row in found for cell in row if isinstance(cell, str | bytes))
        if len(rows) * len(names) > MAX_VALUES or n_bytes > MAX_BYTES:
            raise ValueError("a table comes to more than is read")
    return pd.DataFrame.from_records(rows, columns=names, coerce_float=True)


@contextmanager
def _open_readonly(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database so that nothing can be written and nothing in the schema is trusted."""
    for ending in ("-journal", "-shm", "-wal"):  # SQLite would wait for a pipe
        beside = path.with_name(path.name + ending)
        if os.path.lexists(beside) and not beside.is_file():
            raise InputError(f"{beside}: not a regular file")
    uri = f"{Path(os.path.realpath(path)).as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as database:
        database.execute("pragma query_only = on")
        database.execute("pragma trusted_schema = off")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_CELL_BYTES)
        steps = itertools.count()
        database.set_progress_handler(lambda: next(steps) >= MAX_STEPS, STEP)
        yield database
