import pandas as pd
import pytest

from analysis.readers.columns import (
    find_aliases,
    find_objectives,
    guess_params,
    list_names,
)


def test_roles_are_found_under_any_name_the_surest_first() -> None:
    found = find_aliases(["Model", "config_name", "Seed", "Training Time (s)", "status"])
    assert found == {
        "trial": "config_name",
        "seed": "Seed",
        "duration_s": "Training Time (s)",
        "state": "status",
    }


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["lr", "val_auc"], ["val_auc"]),
        (["value", "val_auc", "val_f1"], ["value"]),
        (["train_auc", "val_auc"], ["val_auc"]),
        (["val_auc", "val_loss"], ["val_auc", "val_loss"]),
        (["lr", "foo"], []),
    ],
)
def test_candidates_for_the_objective(names: list[str], expected: list[str]) -> None:
    columns = pd.DataFrame([[0.5] * len(names)] * 2, columns=names)
    assert find_objectives(columns) == expected


def test_an_objective_of_failed_trials_is_still_the_objective() -> None:
    columns = pd.DataFrame({"number": [0, 1], "value": [None, None]})
    assert find_objectives(columns) == ["value"]
    mixed = pd.DataFrame({"metric": ["auc", "auc"], "val_auc": [0.5, 0.6]})
    assert find_objectives(mixed) == ["val_auc"]


def test_known_names_are_hyperparameters_and_outcomes_are_not() -> None:
    columns = pd.DataFrame(
        {
            "lr": [1e-3, 1e-4, 1e-5],
            "my_knob": [1, 2, 1],
            "inference_ms": [1.23, 4.56, 7.89],
            "test_f1": [0.1, 0.2, 0.3],
            "start_date": ["a", "b", "a"],
            "comment": ["x", "y", "z"],
            "constant": [1, 1, 1],
        }
    )
    taken, left = guess_params(columns, None)
    assert taken == ["lr", "my_knob", "inference_ms"]
    assert left == ["test_f1", "start_date", "comment", "constant"]


def test_what_varies_between_the_seeds_of_a_trial_is_measured() -> None:
    columns = pd.DataFrame(
        {"model": ["a", "a", "b", "b"], "knob": [1, 1, 2, 2], "measured": [1, 2, 3, 4]}
    )
    assert guess_params(columns, "model") == (["knob"], ["measured"])


def test_long_lists_of_names_are_cut() -> None:
    assert list_names([f"c{n}" for n in range(20)]).endswith("c11 and 8 more")
    assert len(list_names(["x" * 1000])) == 60
