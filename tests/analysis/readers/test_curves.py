"""Rows of one training or one cross-validation become one trial."""

from typing import Any

import pandas as pd
import pytest

from analysis.readers.curves import Joined, join_rows
from analysis.readers.flat import FlatTable


def join(
    metric: str = "loss", params: dict[str, list[Any]] | None = None, **columns: Any
) -> Joined:
    table = pd.DataFrame(columns)
    told = pd.DataFrame(params or {}, index=table.index)
    return join_rows(FlatTable(table, told), metric)


def count(joined: Joined) -> int:
    return len(joined.flat.columns)


def test_rows_without_a_counter_are_trials() -> None:
    joined = join(loss=[3, 2, 1], lr=[1, 2, 3])
    assert (count(joined), joined.measured, joined.flat.said) == (3, frozenset(), ())


def test_a_named_trial_keeps_its_last_finite_metric_and_what_never_changed() -> None:
    joined = join(
        trial=["a", "a", "b", "b"], epoch=[1, 2, 1, 2], loss=[4, 3, 2, None], lr=[1, 1, 2, 2],
        drift=[5, 6, 7, 8],
    )  # fmt: skip
    assert joined.flat.columns["loss"].tolist() == [3, 2]
    assert joined.flat.columns["epochs_run"].tolist() == [2, 2]
    assert joined.measured == {"epoch", "loss", "drift"}


def test_told_hyperparameters_tell_trainings_apart() -> None:
    joined = join(params={"lr": [1, 2, 1, 2]}, step=[1, 1, 2, 2], loss=[4, 3, 2, 1])
    assert joined.flat.params["lr"].tolist() == [1, 2]
    assert joined.flat.columns["loss"].tolist() == [2, 1]


@pytest.mark.parametrize(
    ("columns", "n"),
    [
        ({"epoch": [0, 1, 2], "loss": [3, 2, 1]}, 1),
        ({"epoch": [1, 2, 1, 2], "lr": [1, 1, 2, 2], "loss": [4, 3, 2, 1]}, 2),
        ({"epoch": [1, 2, 3], "lr": [0.3, 0.2, 0.1], "loss": [3, 2, 1]}, 1),  # a schedule
        ({"epoch": [10, 20, 50], "lr": [0.3, 0.2, 0.1], "loss": [3, 2, 1]}, 3),  # a search
        ({"epoch": [5, 5, 5], "lr": [0.3, 0.2, 0.1], "loss": [3, 2, 1]}, 3),
        ({"trial": ["a", "b"], "epoch": [5, 9], "loss": [2, 1]}, 2),
        ({"epoch": ["x", "y"], "loss": [2, 1]}, 2),
        ({"step": [0, 100, 200], "loss": [3, 2, 1]}, 1),
        ({"trial": ["a", "a"], "epoch": [9, 9], "seed": [0, 1], "loss": [2, 1]}, 2),
    ],
)
def test_a_counter_makes_trainings_where_it_rises(columns: dict[str, list[Any]], n: int) -> None:
    assert count(join(**columns)) == n


def test_splits_are_averaged_over_what_was_chosen() -> None:
    joined = join(
        fold=[1, 2, 1, 2], depth=[3, 3, 5, 5], note=["w", "x", "y", "z"], loss=[1, 3, 5, 9]
    )
    assert count(joined) == 2
    assert joined.flat.columns["loss"].tolist() == [2, 7]
    assert "fold" not in joined.flat.columns


def test_splits_that_stand_twice_are_left_alone() -> None:
    assert count(join(fold=[1, 1, 1], depth=[3, 3, 5], loss=[1, 3, 5])) == 3
