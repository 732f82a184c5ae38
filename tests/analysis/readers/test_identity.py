"""A column names the trials only where it tells them apart."""

import pandas as pd
import pytest

from analysis.readers.flat import FlatTable
from analysis.readers.identity import find_trial, list_roles


def find(**columns: list[object]) -> str | None:
    table = pd.DataFrame(columns)
    return find_trial(FlatTable(table, pd.DataFrame(index=table.index)), "acc")


def test_the_surest_name_that_tells_the_rows_apart_is_taken() -> None:
    assert find(model=["a", "b"], config_name=["x", "y"]) == "config_name"
    assert find(model=["a", "b"], config_name=["x", "x"], lr=[1, 2]) == "model"
    assert find(Name=["a", "b"]) == "Name"
    assert find(acc=[1, 2]) is None


@pytest.mark.parametrize("name", ["model", "experiment", "id", "name"])
def test_a_weak_name_that_repeats_is_none(name: str) -> None:
    assert find(**{name: ["a", "a", "b", "b"], "window": [1, 2, 1, 2]}) is None


def test_a_name_may_repeat_for_the_seeds_of_one_configuration() -> None:
    assert find(model=["a", "a", "b", "b"], seed=[0, 1, 0, 1], lr=[1, 1, 2, 2]) == "model"
    assert find(model=["a", "a", "b", "b"], seed=[0, 1, 0, 1], lr=[1, 2, 1, 2]) is None
    assert find(model=["a", "a", "a", "b"], seed=[0, 0, 1, 0]) is None


def test_a_sure_name_may_repeat_for_copies_but_not_for_other_hyperparameters() -> None:
    assert find(trial_id=["a", "a", "b"], lr=[1, 1, 2]) == "trial_id"
    assert find(trial_id=["a", "a", "b"], lr=[1, 2, 2]) is None


def test_roles_are_found_under_any_name_the_surest_first() -> None:
    names = ["Model", "config_name", "Seed", "Training Time (s)", "status"]
    assert list_roles(names, "config_name") == {
        "trial": "config_name",
        "seed": "Seed",
        "duration_s": "Training Time (s)",
        "state": "status",
    }
