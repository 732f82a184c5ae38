"""Which columns of a flat table are hyperparameters, and what the others are."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.readers.columns import find_aliases
from analysis.readers.flat import FlatTable
from analysis.readers.hyperparameters import settle_params
from analysis.readers.options import ReadOptions
from analysis.readers.tidy import tidy_table
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
) -> tuple[FlatTable, dict[str, str]]:
    told = pd.DataFrame(params or {}, index=columns.index)
    options = ReadOptions(param_columns=names)
    return settle_params(FlatTable(columns, told), options, "val_auc", PATH)


def test_known_names_and_few_values_are_taken() -> None:
    flat, roles = settle()
    assert list(flat.params) == ["learning_rate", "flavour"]
    assert roles == {"trial": "trial", "seed": "seed", "duration_s": "runtime"}
    assert flat.notes == (
        "took learning_rate and flavour as hyperparameters; --param-columns says otherwise",
    )


def test_named_columns_are_taken_and_no_others() -> None:
    flat, _ = settle(names=("flavour",))
    assert list(flat.params) == ["flavour"]


def test_told_hyperparameters_stay_and_their_seed_moves_to_the_columns() -> None:
    columns = COLUMNS.drop(columns=["seed", "learning_rate"])
    flat, roles = settle(columns, {"lr": [1, 2, 1, 2], "random_seed": [0, 0, 1, 1]})
    assert list(flat.params) == ["lr"]
    assert roles["seed"] == "random_seed"
    assert list(flat.columns["random_seed"]) == [0, 0, 1, 1]


def test_without_hyperparameters_repeated_trials_are_their_own() -> None:
    columns = pd.DataFrame({"trial": ["a", "a", "b"], "val_auc": [0.7, 0.8, 0.6]})
    flat, _ = settle(columns)
    assert list(flat.params) == ["trial"]


def test_a_name_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(InputError, match=r"results.csv has no column 'lr' .*; it has trial, seed"):
        settle(names=("lr",))


def test_too_many_hyperparameters_are_refused() -> None:
    params: dict[str, list[object]] = {f"p{n}": [1, 2, 3, 4] for n in range(201)}
    with pytest.raises(InputError, match="has 201 columns that look like hyperparameters"):
        settle(params=params)


@pytest.mark.parametrize("names", [(), ("flavour",)])
def test_a_file_has_its_names_looked_up_once(
    names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[list[str]] = []

    def find(names: list[str]) -> dict[str, str]:
        looked_up.append(names)
        return find_aliases(names)

    for module in ("hyperparameters", "tidy"):
        monkeypatch.setattr(f"analysis.readers.{module}.find_aliases", find, raising=False)
    flat = FlatTable(COLUMNS, pd.DataFrame(index=COLUMNS.index))
    tidy_table(flat, ReadOptions(param_columns=names), PATH)
    assert looked_up == [["trial", "seed", "learning_rate", "flavour", "runtime"]]
