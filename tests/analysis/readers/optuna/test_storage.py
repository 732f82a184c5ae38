"""What Optuna's storages have in common."""

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.frames.frame import Space
from analysis.readers.options import ReadOptions
from analysis.readers.optuna.storage import (
    StoredStudy,
    choose_objective,
    choose_study,
    read_direction,
    tabulate_study,
)
from trial_sets.errors import InputError

PATH = Path("study.db")
FIRST = StoredStudy(1, "first", ("maximize",))
SECOND = StoredStudy(2, "second", ("maximize", "minimize"))


def describe_range(low: float, high: float) -> str:
    attributes = {"step": None, "low": low, "high": high, "log": False}
    return json.dumps({"name": "FloatDistribution", "attributes": attributes})


def test_the_only_study_needs_no_name() -> None:
    assert choose_study([FIRST], ReadOptions(), PATH) == FIRST
    assert choose_study([FIRST, SECOND], ReadOptions(study="second"), PATH) == SECOND


@pytest.mark.parametrize(
    ("studies", "wanted", "message"),
    [
        ([], None, "study.db holds no Optuna study"),
        ([FIRST, SECOND], None, "holds 2 studies, first and second; name one with --study or"),
        ([FIRST], "third", "holds no study 'third'; it holds first"),
    ],
)
def test_a_study_that_is_not_clear_is_asked_for(
    studies: list[StoredStudy], wanted: str | None, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        choose_study(studies, ReadOptions(study=wanted), PATH)


def test_all_studies_are_named_however_many_there_are() -> None:
    studies = [StoredStudy(n, f"study-{n}", ("maximize",)) for n in range(40)]
    with pytest.raises(InputError, match=r"study-38 and study-39; name .*#all reports on"):
        choose_study(studies, ReadOptions(), PATH)


def test_an_objective_goes_by_the_name_that_its_study_gave_it() -> None:
    named = StoredStudy(1, "s", ("maximize", "minimize"), ("acc", "loss"))
    assert choose_objective(named, ReadOptions(metric_column="loss"), PATH) == 1
    assert choose_objective(named, ReadOptions(metric_column="values_1"), PATH) == 1
    with pytest.raises(InputError, match="2 objectives; name one of acc and loss with --metric"):
        choose_objective(named, ReadOptions(), PATH)


def test_of_several_objectives_one_is_named() -> None:
    assert choose_objective(FIRST, ReadOptions(), PATH) == 0
    assert choose_objective(SECOND, ReadOptions(metric_column="values_1"), PATH) == 1
    with pytest.raises(InputError, match="2 objectives; name one of values_0 and values_1 with"):
        choose_objective(SECOND, ReadOptions(), PATH)


@pytest.mark.parametrize(
    ("stored", "direction"),
    [("MAXIMIZE", "maximize"), (2, "maximize"), ("NOT_SET", "minimize"), (1, "minimize")],
)
def test_a_direction_that_was_never_set_is_optunas_default(
    stored: str | int, direction: str
) -> None:
    assert read_direction(stored) == direction


def test_long_rows_become_one_row_a_trial() -> None:
    trials = pd.DataFrame({"trial_id": [7, 8], "number": [0, 1], "value": [0.7, 0.8]})
    stored = pd.DataFrame(
        [
            (7, "lr", 0.1, describe_range(0.0, 1.0)),
            (8, "lr", 0.2, describe_range(0.1, 2.0)),
            (8, "lr", 0.3, describe_range(0.1, 2.0)),
        ],
        columns=["trial_id", "name", "value", "distribution"],
    )
    attributes = pd.DataFrame(
        [(7, "note", "a"), (8, "number", "mine")], columns=["trial_id", "name", "value"]
    )
    flat = tabulate_study(trials, stored, attributes, study=FIRST, objective=0, path=PATH)
    assert flat.params["lr"].tolist() == [0.1, 0.3]  # the last of repeated entries
    assert flat.spaces == {"lr": Space(0.0, 2.0, is_log=False)}  # a range that grew
    assert flat.columns["number"].tolist() == [0, 1]
    assert flat.columns["user_number"].tolist()[1] == "mine"
    assert flat.columns["note"].tolist()[0] == "a"
