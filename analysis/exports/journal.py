"""An Optuna storage: a journal file, written without Optuna.

One study with one trial a fit, its seed among the attributes. A trial of Optuna's has one value,
one curve, one start and one end, as a fit has; a mean over seeds has none of these, and can be
taken of the fits afterwards. Fits without any hyperparameter, which are baselines, are no trials:
a sampler would count them among its best and learn nothing of where to look, so that they stand in
the study's attributes.
"""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from analysis.exports.exported import Exported, FitTrace, list_attributes
from analysis.exports.ranges import StoredRange, settle_ranges
from analysis.frames.frame import COMPLETE, NOT_FINITE
from analysis.readers.optuna.storage import METRIC_NAMES
from trial_sets.errors import InputError

_CREATE_STUDY, _STUDY_ATTRIBUTE, _STUDY_SYSTEM, _CREATE_TRIAL = 0, 2, 3, 4  # Optuna's op codes
_DIRECTIONS = {"minimize": 1, "maximize": 2}
_RUNNING, _COMPLETE, _PRUNED, _FAILED, _WAITING = range(5)
_STATES = {
    COMPLETE: _COMPLETE,
    NOT_FINITE: _COMPLETE,  # where it is a number at all
    "pruned": _PRUNED,
    "failed": _FAILED,
    "running": _RUNNING,
    "waiting": _WAITING,
}
_SCORED = {_COMPLETE, _PRUNED}  # Optuna keeps the last report of a pruned trial as its value
_WRITER = "supplementary-trials"


def write_journal(what: Exported, now: datetime) -> tuple[Iterator[bytes], tuple[str, ...]]:
    """Return the lines of a journal, and sentences on what it holds otherwise than it was read.

    Parameters
    ----------
    now
        With a time zone: the end of trials of which no time is known, which Optuna demands.

    Raises
    ------
    InputError
        If no row sets a hyperparameter.
    """
    frame = what.frame
    ranges, notes = settle_ranges(frame)
    is_trial = frame.rows[list(frame.params)].notna().any(axis=1).tolist()
    if not any(is_trial):
        raise InputError("no trial sets a hyperparameter: there is nothing that Optuna could read")
    said = [*notes]
    n_left = is_trial.count(False)
    if n_left:
        what_is = "fit without hyperparameters is" if n_left == 1 else "fits without any are"
        said.append(f"{n_left} {what_is} no trial, and stand{'s' * (n_left == 1)} in the study's "
                    "attribute baselines.")  # fmt: skip
    if any(trace.finished is None for trace, own in zip(what.traces, is_trial, strict=True) if own):
        said.append("Trials of which no time is known end at the time of the export.")
    return _list_lines(what, ranges, is_trial, now), tuple(said)


def _list_lines(
    what: Exported, ranges: Mapping[str, StoredRange], is_trial: list[bool], now: datetime
) -> Iterator[bytes]:
    frame = what.frame
    directions = [_DIRECTIONS[frame.direction]]
    yield _write(_CREATE_STUDY, {"study_name": what.name, "directions": directions})
    yield _write(_STUDY_SYSTEM, {"study_id": 0, "system_attr": {METRIC_NAMES: [frame.metric]}})
    about: dict[str, Any] = dict(what.about)
    rows = frame.rows.to_dict("records")
    left = [row for row, own in zip(rows, is_trial, strict=True) if not own]
    if left:
        about["baselines"] = [_describe_baseline(row) for row in left]
    for name, value in about.items():
        yield _write(_STUDY_ATTRIBUTE, {"study_id": 0, "user_attr": {name: value}})
    for row, trace, own in zip(rows, what.traces, is_trial, strict=True):
        if own:
            yield _write(_CREATE_TRIAL, _describe_trial(row, trace, ranges, now))


def _describe_baseline(row: Mapping[Any, Any]) -> dict[str, Any]:
    score = row["metric"]
    return {**list_attributes(row), "state": row["state"],
            "value": None if pd.isna(score) else float(score)}  # fmt: skip


def _describe_trial(
    row: Mapping[Any, Any], trace: FitTrace, ranges: Mapping[str, StoredRange], now: datetime
) -> dict[str, Any]:
    score = row["metric"]
    state = _STATES.get(row["state"], _FAILED)
    if state == _COMPLETE and math.isnan(score):
        state = _FAILED
    values = {name: row[name] for name in ranges if not pd.isna(row[name])}
    attributes: dict[str, Any] = {**trace.attributes, **list_attributes(row)}
    if row["state"] == NOT_FINITE or row["state"] not in _STATES:
        attributes["recorded_state"] = row["state"]
    if trace.finished is None and state not in {_RUNNING, _WAITING}:
        attributes.setdefault("duration_s", None)  # else a reader would take the span for it
    start, end = _settle_times(trace, row["duration_s"], now)
    return {
        "study_id": 0,
        "state": state,
        "value": float(score) if state in _SCORED and not math.isnan(score) else None,
        "values": None,
        "datetime_start": None if state == _WAITING else _write_time(start),
        **({} if state in {_RUNNING, _WAITING} else {"datetime_complete": _write_time(end)}),
        "distributions": {name: ranges[name].text for name in values},
        "params": {name: ranges[name].encode(value) for name, value in values.items()},
        "user_attrs": attributes,
        "system_attrs": {},
        "intermediate_values": {str(epoch): value for epoch, value in trace.curve.items()},
    }


def _settle_times(trace: FitTrace, duration_s: float, now: datetime) -> tuple[datetime, datetime]:
    """Return when a fit began and ended, as far as it is known."""
    span = timedelta(seconds=0.0 if math.isnan(duration_s) else duration_s)
    if trace.started is not None:
        return trace.started, trace.finished or trace.started + span
    end = trace.finished or now
    return end - span, end


def _write_time(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _write(code: int, content: dict[str, Any]) -> bytes:
    line = {"op_code": code, "worker_id": _WRITER, **content}
    return f"{json.dumps(line, separators=(',', ':'))}\n".encode()
