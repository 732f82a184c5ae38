"""Optuna studies in a journal file: one operation a line, replayed without Optuna."""

import dataclasses
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

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

_FINISHED = {1, 2, 3}


@dataclass(slots=True)
class _Trial:
    """A trial as far as it has been replayed."""

    study_id: int
    number: int
    state: int
    values: list[float | None] | None
    start: str | None
    end: str | None
    params: dict[str, tuple[float, str]] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    reports: dict[int, float] = field(default_factory=dict)  # where they are asked for


@dataclass(slots=True)
class _Replay:
    """The storage as far as it has been replayed."""

    studies: dict[int, StoredStudy] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)  # of the studies
    trials: list[_Trial] = field(default_factory=list)
    n_studies: int = 0
    n_trials: dict[int, int] = field(default_factory=dict)


def is_journal(record: dict[str, Any]) -> bool:
    """Say whether a file's first object is an operation of a journal."""
    return "op_code" in record


def read_journal(
    lines: Iterable[tuple[int, dict[str, Any]]], path: Path, options: ReadOptions
) -> FlatTable:
    """Replay a journal and read one study.

    Raises
    ------
    InputError
        For an operation that cannot be applied, with its line, or when the study must be named.
    """
    replay = _replay(lines, path)
    study = choose_study(list(replay.studies.values()), options, path)
    return _assemble(replay, study, choose_objective(study, options, path), path)


def list_journal_studies(
    lines: Iterable[tuple[int, dict[str, Any]]], path: Path
) -> tuple[str, ...]:
    """Return the names of the studies.

    Raises
    ------
    InputError
        For an operation that cannot be applied, with its line.
    """
    return tuple(study.name for study in _replay(lines, path).studies.values())


def read_journal_reports(
    lines: Iterable[tuple[int, dict[str, Any]]], path: Path, options: ReadOptions
) -> dict[int, dict[int, float]]:
    """Return what the trials of one study reported, by trial number and step.

    Raises
    ------
    InputError
        As `read_journal` does.
    """
    more = {_CREATE_TRIAL: _create_reported, 7: _set_report}
    replay = _replay(lines, path, {**_OPERATIONS, **more})
    study = choose_study(list(replay.studies.values()), options, path)
    return {
        t.number: t.reports for t in replay.trials if t.study_id == study.study_id and t.reports
    }


def _replay(
    lines: Iterable[tuple[int, dict[str, Any]]],
    path: Path,
    operations: "Mapping[int, _Operation] | None" = None,
) -> _Replay:
    replay = _Replay()
    known = operations or _OPERATIONS
    for number, line in lines:
        try:
            apply = known.get(line.get("op_code", -1))
            if apply is not None:
                apply(replay, line)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise InputError(
                f"{path}, line {number}: not an operation of an Optuna journal "
                f"({type(error).__name__}: {error})"
            ) from error
    return replay


def _assemble(replay: _Replay, study: StoredStudy, objective: int, path: Path) -> FlatTable:
    members = [(i, t) for i, t in enumerate(replay.trials) if t.study_id == study.study_id]
    trials = pd.DataFrame(
        [
            (i, t.number, str(t.state), _pick(t.values, objective), t.start, t.end)
            for i, t in members
        ],
        columns=["trial_id", "number", "state", "value", "datetime_start", "datetime_complete"],
    )
    stored = pd.DataFrame(
        [(i, name, *pair) for i, t in members for name, pair in t.params.items()],
        columns=["trial_id", "name", "value", "distribution"],
    )
    attributes = pd.DataFrame(
        [(i, name, value) for i, t in members for name, value in t.attributes.items()],
        columns=["trial_id", "name", "value"],
    )
    return tabulate_study(trials, stored, attributes, study=study, objective=objective, path=path)


def _pick(values: list[float | None] | None, objective: int) -> float | None:
    if not isinstance(values, list) or objective >= len(values):
        return None
    return values[objective]


def _create_study(replay: _Replay, line: dict[str, Any]) -> None:
    """Add a study; a second one of the same name is ignored, as Optuna does."""
    name = str(line["study_name"])
    if name in replay.names:
        return
    directions = tuple(read_direction(code) for code in line["directions"])
    replay.names.add(name)
    replay.studies[replay.n_studies] = StoredStudy(replay.n_studies, name, directions)
    replay.n_studies += 1


def _delete_study(replay: _Replay, line: dict[str, Any]) -> None:
    deleted = replay.studies.pop(int(line["study_id"]), None)
    if deleted is not None:
        replay.names.remove(deleted.name)


def _name_metrics(replay: _Replay, line: dict[str, Any]) -> None:
    """Keep the names of a study's objectives, of all that Optuna notes of it."""
    study = replay.studies.get(int(line["study_id"]))
    if study is not None and METRIC_NAMES in line["system_attr"]:
        names = read_metric_names(line["system_attr"][METRIC_NAMES])
        replay.studies[study.study_id] = dataclasses.replace(study, metric_names=names)


def _create_trial(replay: _Replay, line: dict[str, Any]) -> None:
    study_id = int(line["study_id"])
    if study_id not in replay.studies:
        return
    number = replay.n_trials.get(study_id, 0)
    replay.n_trials[study_id] = number + 1
    ranges = line.get("distributions", {})
    values = line.get("values")
    replay.trials.append(
        _Trial(
            study_id=study_id,
            number=number,
            state=int(line.get("state", 0)),
            values=[line["value"]] if values is None and line.get("value") is not None else values,
            start=line.get("datetime_start"),
            end=line.get("datetime_complete"),
            params={
                name: (value, str(ranges[name])) for name, value in line.get("params", {}).items()
            },
            attributes=dict(line.get("user_attrs", {})),
        )
    )


def _create_reported(replay: _Replay, line: dict[str, Any]) -> None:
    n_known = len(replay.trials)
    _create_trial(replay, line)
    if len(replay.trials) > n_known:
        reports = line.get("intermediate_values") or {}
        replay.trials[-1].reports |= {int(step): float(v) for step, v in reports.items()}


def _set_report(replay: _Replay, line: dict[str, Any]) -> None:
    trial = _find_open(replay, line)
    if trial is not None:
        trial.reports[int(line["step"])] = float(line["intermediate_value"])


def _set_param(replay: _Replay, line: dict[str, Any]) -> None:
    trial = _find_open(replay, line)
    if trial is not None:
        value = line["param_value_internal"]
        trial.params[str(line["param_name"])] = (value, sys.intern(str(line["distribution"])))


def _set_state(replay: _Replay, line: dict[str, Any]) -> None:
    trial = _find_open(replay, line)
    if trial is not None:
        trial.state = int(line["state"])
        trial.values = line["values"] if line.get("values") is not None else trial.values
        trial.start = line.get("datetime_start") or trial.start
        trial.end = line.get("datetime_complete") or trial.end


def _set_attribute(replay: _Replay, line: dict[str, Any]) -> None:
    trial = _find_open(replay, line)
    if trial is not None:
        trial.attributes |= line["user_attr"]


def _find_open(replay: _Replay, line: dict[str, Any]) -> _Trial | None:
    """Return the trial of an operation unless it is finished: those ignore later operations."""
    number = int(line["trial_id"])
    if not 0 <= number < len(replay.trials):
        return None
    trial = replay.trials[number]
    return None if trial.state in _FINISHED else trial


# A study's user attributes, intermediate values and a trial's system attributes (2, 7, 9) are not
# needed, but for an export.
_Operation = Callable[[_Replay, dict[str, Any]], None]
_CREATE_TRIAL = 4
_OPERATIONS: dict[int, _Operation] = {
    0: _create_study,
    1: _delete_study,
    3: _name_metrics,
    _CREATE_TRIAL: _create_trial,
    5: _set_param,
    6: _set_state,
    8: _set_attribute,
}
