"""The objective: its column, its name, its direction, its numbers."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.frames.frame import Direction
from analysis.readers.flat import FlatTable
from analysis.readers.objective import choose_metric, find_sense, name_metric, read_metric
from analysis.readers.options import ReadOptions
from trial_sets.errors import InputError

PATH = Path("results.csv")


def tabulate(params: list[str] | None = None, **columns: list[Any]) -> FlatTable:
    table = pd.DataFrame(columns)
    return FlatTable(table, pd.DataFrame(1, index=table.index, columns=params or []))


def test_the_only_column_that_looks_like_one_is_the_objective() -> None:
    assert choose_metric(tabulate(lr=[0.1], acc=[0.8]), ReadOptions(), PATH) == "acc"


def test_a_named_column_is_the_objective_whatever_it_looks_like() -> None:
    flat = tabulate(lr=[0.1], acc=[0.8])
    assert choose_metric(flat, ReadOptions(metric_column="lr"), PATH) == "lr"


def test_of_several_the_projects_own_counts_where_the_hyperparameters_are_told() -> None:
    columns = {"val_auc": [0.8], "val_loss": [0.4]}
    assert choose_metric(tabulate(["lr"], **columns), ReadOptions(), PATH) == "val_auc"
    with pytest.raises(InputError, match="several columns that could be the metric, val_auc and v"):
        choose_metric(tabulate(**columns), ReadOptions(), PATH)


@pytest.mark.parametrize(
    ("columns", "named", "message"),
    [
        ({"lr": [0.1]}, "auc", "results.csv has no column 'auc'; it has lr"),
        ({"lr": [0.1], "kind": ["a"]}, None, "names none; lr hold numbers"),
        ({"kind": ["a"]}, None, "names none; no column holds numbers"),
    ],
)
def test_without_an_objective_the_columns_are_listed(
    columns: dict[str, list[Any]], named: str | None, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        choose_metric(tabulate(**columns), ReadOptions(metric_column=named), PATH)


@pytest.mark.parametrize(
    ("val_auc", "name"), [([0.7, 0.8, None], "val_auc"), ([0.7, 0.9, 0.1], "value")]
)
def test_a_value_is_named_after_the_auc_that_repeats_it(val_auc: list[Any], name: str) -> None:
    assert name_metric(tabulate(value=[0.7, 0.8, 0.9], val_auc=val_auc), "value") == name


@pytest.mark.parametrize(
    ("said", "recorded", "column", "metric", "expected"),
    [
        ("minimize", "maximize", None, "val_auc", ("minimize", "as --direction says", True)),
        (None, "minimize", None, "val_auc", ("minimize", "as recorded", True)),
        (None, "minimize", "val_auc", "val_auc", ("maximize", "by its name", True)),
        (None, None, None, "val_loss", ("minimize", "by its name", True)),
        (None, None, None, "value", ("maximize", "assumed", False)),
    ],
)
def test_what_is_said_counts_before_what_is_recorded_before_the_name(
    said: Direction | None,
    recorded: Direction | None,
    column: str | None,
    metric: str,
    expected: tuple[Direction, str, bool],
) -> None:
    flat = FlatTable(
        pd.DataFrame({metric: [0.5], "value": [0.5]}), pd.DataFrame(), direction=recorded
    )
    found = find_sense(flat, ReadOptions(direction=said), metric, column or "value")
    assert (found.direction, found.source, found.is_known) == expected


def test_what_is_no_number_is_counted_with_its_first_row() -> None:
    values, notes = read_metric(pd.Series([0.7, None, "nan", "good", True], name="acc"))
    assert values.isna().tolist() == [False, True, True, True, True]
    assert notes == ["acc is no number in 2 rows, first 'good' in row 4"]
