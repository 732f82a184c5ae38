"""Which columns are the objective, which are hyperparameters, told by names and values."""

from typing import Any

import pandas as pd
import pytest

from analysis.readers.columns import find_objectives, guess_params, list_names


def guess(
    columns: dict[str, list[Any]], metric: str = "acc", **settings: Any
) -> tuple[list[str], list[str]]:
    names = [name for name in columns if name != metric]
    return guess_params(pd.DataFrame(columns), names, metric, **settings)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["lr", "val_auc"], ["val_auc"]),
        (["value", "val_auc", "val_f1"], ["value"]),
        (["train_auc", "val_auc"], ["val_auc"]),
        (["train_auc"], ["train_auc"]),
        (["val_auc", "val_loss"], ["val_auc", "val_loss"]),
        (["mean_fit_time", "split0_test_score", "mean_test_score", "std_test_score",
          "rank_test_score", "mean_train_score"], ["mean_test_score"]),
        (["number", "values_0", "values_1", "acc"], ["values_0", "values_1"]),
        (["confusion.precision", "auc"], ["auc"]),
        (["val.auc"], ["val.auc"]),
        (["lr", "foo"], []),
    ],
)  # fmt: skip
def test_candidates_for_the_objective(names: list[str], expected: list[str]) -> None:
    columns = pd.DataFrame([[0.5] * len(names)] * 2, columns=names)
    assert find_objectives(columns) == expected


def test_an_objective_of_failed_trials_is_still_the_objective() -> None:
    columns = pd.DataFrame({"number": [0, 1], "value": [None, None]})
    assert find_objectives(columns) == ["value"]
    mixed = pd.DataFrame({"metric": ["auc", "auc"], "val_auc": [0.5, 0.6]})
    assert find_objectives(mixed) == ["val_auc"]


def test_known_names_and_values_that_repeat_are_taken_and_outcomes_are_not() -> None:
    taken, left = guess(
        {
            "lr": [1e-3, 1e-4, 1e-5],
            "my_knob": [1, 2, 1],
            "acc": [0.7, 0.8, 0.9],
            "inference_ms": [1, 2, 1],
            "test_f1": [0.1, 0.2, 0.1],
            "acc_std": [0.1, 0.2, 0.1],
            "start_date": ["a", "b", "a"],
            "comment": ["x", "y", "z"],
            "constant": [1, 1, 1],
            "history": [[1.0] * 20] * 3,
        }
    )
    assert taken == ["lr", "my_knob"]
    assert left == [
        *("inference_ms", "test_f1", "acc_std", "start_date", "comment", "constant", "history")
    ]


@pytest.mark.parametrize(
    ("order", "is_taken"),
    [
        (["strength", "depth", "acc"], True),
        (["acc", "depth", "strength"], True),
        (["depth", "acc", "strength"], False),
    ],
)
def test_many_numbers_are_chosen_left_of_the_metric_or_beside_a_hyperparameter(
    order: list[str], is_taken: bool
) -> None:
    rows = {"strength": [n / 7 for n in range(20)], "depth": [1, 2] * 10, "acc": [0.5] * 20}
    taken, _ = guess({name: rows[name] for name in order})
    assert ("strength" in taken) is is_taken


def test_a_blank_is_a_value_of_a_column() -> None:
    assert guess({"limit": [10, None, 10, None], "acc": [1, 2, 3, 4]})[0] == ["limit"]


@pytest.mark.parametrize(
    ("name", "is_taken"), [("loss_weight", True), ("train_batch_size", True), ("val_loss", False)]
)
def test_what_weighs_a_loss_is_no_loss(name: str, is_taken: bool) -> None:
    assert (name in guess({name: [1, 2, 1], "acc": [1, 2, 3]})[0]) is is_taken


def test_tools_own_columns_and_row_numbers_are_set_aside() -> None:
    table = {
        "index": [0, 1, 2], "_step": [1, 2, 1], "_runtime": [3, 4, 3], "notes": ["a", "b", "a"],
        "model.depth": [1, 2, 1], "acc": [1, 2, 3],
    }  # fmt: skip
    assert guess(table) == (["model.depth"], ["index", "_step", "_runtime", "notes"])


def test_a_loss_of_words_is_the_one_that_was_trained() -> None:
    assert guess({"loss": ["mse", "huber", "mse"], "acc": [1, 2, 3]}) == (["loss"], [])


def test_what_varied_within_a_trial_is_measured() -> None:
    table = {"knob": [1, 1, 2, 2], "drift": [1, 2, 1, 2], "acc": [1, 2, 3, 4]}
    assert guess(table, measured={"drift"}) == (["knob"], ["drift"])


def test_hyperparameters_are_sought_where_the_form_says() -> None:
    table = {"bits": [1, 2, 3], "size": [7, 7, 8], "acc": [1, 2, 3]}
    assert guess(table, inputs={"bits"}) == (["bits"], ["size"])


def test_long_lists_of_names_are_cut_unless_they_are_to_be_whole() -> None:
    names = [f"c{n}" for n in range(20)]
    assert list_names(names).endswith("c11 and 8 more")
    assert list_names(names, most=None).endswith("c18 and c19")
    assert len(list_names(["x" * 1000])) == 60
