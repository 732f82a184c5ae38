import json
from pathlib import Path
from typing import Any

import pytest

from analysis.readers.flat import FlatTable
from analysis.readers.options import ReadOptions
from analysis.readers.optuna.journal import is_journal, read_journal
from trial_sets.errors import InputError

LR = json.dumps({"name": "FloatDistribution", "attributes": {"low": 0, "high": 1, "log": False}})
STUDY = {"op_code": 0, "study_name": "s", "directions": [2]}
TRIAL = {"op_code": 4, "study_id": 0, "datetime_start": "2025-01-01T00:00:00"}


def param(trial: int, value: float) -> dict[str, Any]:
    return {
        "op_code": 5,
        "trial_id": trial,
        "param_name": "lr",
        "param_value_internal": value,
        "distribution": LR,
    }


def finish(trial: int, state: int, values: list[float] | None) -> dict[str, Any]:
    return {"op_code": 6, "trial_id": trial, "state": state, "values": values}


def replay(*operations: dict[str, Any], **options: Any) -> FlatTable:
    lines = list(enumerate(operations, 1))
    return read_journal(lines, Path("x.log"), ReadOptions(**options))


def test_a_journal_is_replayed() -> None:
    flat = replay(
        STUDY,
        TRIAL,
        param(0, 0.5),
        {"op_code": 7, "trial_id": 0, "step": 1, "intermediate_value": 0.1},
        {"op_code": 8, "trial_id": 0, "user_attr": {"epochs_run": 9}},
        finish(0, 1, [0.7]),
        TRIAL,
        param(1, 0.25),
        finish(1, 2, None),
        TRIAL,
    )
    assert flat.direction == "maximize"
    assert list(flat.columns["state"]) == ["1", "2", "0"]
    assert flat.columns["value"][0] == 0.7
    assert flat.columns["epochs_run"][0] == 9
    assert list(flat.params["lr"][:2]) == [0.5, 0.25]


def test_a_finished_trial_ignores_later_operations() -> None:
    flat = replay(STUDY, TRIAL, finish(0, 1, [0.7]), param(0, 0.9), finish(0, 1, [0.1]))
    assert flat.columns["value"][0] == 0.7
    assert flat.params.columns.empty


def test_a_whole_trial_may_be_added_at_once() -> None:
    added = {**TRIAL, "state": 1, "value": 0.6, "params": {"lr": 0.5}, "distributions": {"lr": LR}}
    flat = replay(STUDY, added)
    assert (flat.columns["value"][0], flat.params["lr"][0]) == (0.6, 0.5)


def test_deleted_and_repeated_studies_are_gone() -> None:
    second = {**STUDY, "study_name": "t", "directions": [1]}
    trial = {**TRIAL, "study_id": 1}
    flat = replay(STUDY, STUDY, second, {"op_code": 1, "study_id": 0}, TRIAL, trial)
    assert (flat.direction, len(flat.columns)) == ("minimize", 1)


def test_operations_of_an_unknown_trial_are_ignored() -> None:
    assert len(replay(STUDY, TRIAL, param(7, 0.5)).columns) == 1


def test_several_studies_must_be_told_apart() -> None:
    second = {**STUDY, "study_name": "t"}
    with pytest.raises(InputError, match="holds 2 studies, s and t"):
        replay(STUDY, second)
    for name in ("study", "preferred_study"):
        flat = replay(STUDY, second, {**TRIAL, "study_id": 1}, **{name: "t"})
        assert (len(flat.columns), flat.study) == (1, "t")


def test_one_of_several_objectives_is_picked() -> None:
    study = {**STUDY, "directions": [2, 1]}
    flat = replay(study, TRIAL, finish(0, 1, [0.7, 0.1]), metric_column="values_1")
    assert (flat.direction, flat.columns["value"][0]) == ("minimize", 0.1)


@pytest.mark.parametrize(
    "operation",
    [{"op_code": 4}, {"op_code": 6, "trial_id": 0}, {"op_code": 5, "trial_id": "x"}],
)
def test_a_broken_operation_is_refused_with_its_line(operation: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"x.log, line 3: not an operation"):
        replay(STUDY, TRIAL, operation)


def test_a_journal_is_told_by_its_operations() -> None:
    assert is_journal(STUDY)
    assert not is_journal({"value": 1})
