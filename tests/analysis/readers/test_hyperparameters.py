"""Which columns of a flat table are hyperparameters, and what the others are."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.readers.flat import FlatTable
from analysis.readers.hyperparameters import BLANK, settle_params
from analysis.readers.options import ReadOptions
from trial_sets.errors import InputError

PATH = Path("results.csv")
COLUMNS = pd.DataFrame(
    {
        "trial": ["T1", "T2", "T3", "T4"],
        "seed": [0, 0, 1, 1],
        "learning_rate": [1e-3, 1e-4, 1e-3, 1e-4],
        "flavour": ["a", "b", "a", "b"],
        "runtime": [5.0, 6.0, 7.0, 8.0],
        "val_auc": [0.7, 0.8, 0.6, 0.9],
    }
)


def settle(
    columns: pd.DataFrame = COLUMNS,
    params: dict[str, list[object]] | None = None,
    names: tuple[str, ...] = (),
    blanks: tuple[str, ...] = (),
) -> tuple[FlatTable, dict[str, str]]:
    told = pd.DataFrame(params or {}, index=columns.index)
    options = ReadOptions(param_columns=names)
    flat = FlatTable(columns, told, blanks=frozenset(blanks))
    return settle_params(flat, options, "val_auc", PATH)


def test_known_names_and_few_values_are_taken_and_all_is_said() -> None:
    flat, roles = settle()
    assert list(flat.params) == ["learning_rate", "flavour"]
    assert roles == {"trial": "trial", "seed": "seed", "duration_s": "runtime"}
    assert flat.said == (
        "Taken as hyperparameters: learning_rate and flavour; set aside: none "
        "(--param-columns says otherwise).",
    )


def test_what_is_set_aside_is_listed_in_full() -> None:
    many = {f"note_{n}": ["x", "y", "z", "w"] for n in range(30)}
    flat, _ = settle(pd.concat([COLUMNS, pd.DataFrame(many)], axis=1))
    assert all(f"note_{n}" in flat.said[0] for n in range(30))


def test_named_columns_are_taken_and_no_others() -> None:
    flat, _ = settle(names=("flavour",))
    assert list(flat.params) == ["flavour"]
    assert flat.said == ()


def test_told_hyperparameters_stay_and_their_seed_moves_to_the_columns() -> None:
    columns = COLUMNS.drop(columns=["seed", "learning_rate"])
    flat, roles = settle(columns, {"lr": [1, 2, 1, 2], "random_seed": [0, 0, 1, 1]})
    assert list(flat.params) == ["lr"]
    assert roles["seed"] == "random_seed"
    assert list(flat.columns["random_seed"]) == [0, 0, 1, 1]


@pytest.mark.parametrize("names", [["a", "a", "b"], ["a", "b", "c"]])
def test_models_alone_are_their_own_hyperparameter(names: list[str]) -> None:
    flat, _ = settle(pd.DataFrame({"model": names, "val_auc": [0.7, 0.8, 0.6]}))
    assert list(flat.params) == ["model"]


def test_names_of_trials_alone_are_no_hyperparameter() -> None:
    flat, roles = settle(pd.DataFrame({"trial": ["a", "b"], "val_auc": [0.7, 0.8]}))
    assert (list(flat.params), roles) == ([], {"trial": "trial"})


def test_blanks_among_words_or_beside_one_number_are_values() -> None:
    params: dict[str, list[object]] = {
        "opt": ["adam", None, "adam", None],
        "limit": [10.0, None, 10.0, None],
        "units": [1.0, None, 2.0, None],
        "lr": [1, 1, 2, None],
    }
    flat, _ = settle(COLUMNS[["val_auc"]], params, blanks=("opt", "limit", "units", "lr"))
    assert list(flat.params["opt"])[:3] == ["adam", BLANK, "adam"]
    assert list(flat.params["limit"])[:3] == ["10", BLANK, "10"]
    assert flat.params["units"].isna().tolist() == [False, True, False, True]
    assert flat.params.iloc[3].isna().all(), "a row that sets nothing, such as a baseline"
    told, _ = settle(COLUMNS[["val_auc"]], params)
    assert told.params["opt"].isna().sum() == 2


def test_a_column_called_status_without_states_is_an_ordinary_one() -> None:
    columns = pd.DataFrame(
        {"lr": [1, 2, 3], "status": ["hot", "cold", "hot"], "val_auc": [0.1, 0.2, 0.3]}
    )
    flat, roles = settle(columns)
    assert "state" not in roles
    assert list(flat.params) == ["lr", "status"]
    codes = columns.assign(status=[0, 0, 1])
    assert "state" not in settle(codes)[1]


def test_a_name_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(InputError, match=r"results.csv has no column 'lr' .*; it has trial, seed"):
        settle(names=("lr",))


def test_too_many_hyperparameters_are_refused() -> None:
    params: dict[str, list[object]] = {f"p{n}": [1, 2, 3, 4] for n in range(201)}
    with pytest.raises(InputError, match="has 201 columns that look like hyperparameters"):
        settle(params=params)
