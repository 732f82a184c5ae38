"""Nested and paired columns made plain."""

from typing import Any

import pandas as pd

from analysis.readers.flat import FlatTable
from analysis.readers.nested import expand_nested


def expand(**columns: list[Any]) -> dict[str, list[Any]]:
    table = pd.DataFrame(columns)
    flat = expand_nested(FlatTable(table, pd.DataFrame(index=table.index), notes=("said",)))
    assert flat.notes == ("said",)
    return {str(name): column.tolist() for name, column in flat.columns.items()}


def test_a_range_of_predictions_becomes_its_two_ends() -> None:
    found = expand(val_pred_range=[[0.1, 0.4], [0.2, 0.9]])
    assert found == {"prediction_low": [0.1, 0.2], "prediction_high": [0.4, 0.9]}


def test_what_is_no_pair_of_numbers_is_missing() -> None:
    found = expand(pred_range=[[0.1, 0.4], [0.2], ["a", "b"], None])
    assert pd.Series(found["prediction_low"]).isna().tolist() == [False, True, True, True]


def test_counts_of_a_confusion_matrix_become_the_rows_of_each_class() -> None:
    counts = {"tp": [10], "fn": [20], "fp": [5], "tn": [65]}
    found = expand(**{f"val_confusion.{name}": column for name, column in counts.items()})
    assert found == {"positives": [30], "negatives": [70]}


def test_three_of_the_four_counts_are_left_as_they_are() -> None:
    names = ("val_confusion.tp", "val_confusion.fn", "val_confusion.fp")
    assert list(expand(**{name: [1] for name in names})) == list(names)


def test_start_and_end_make_a_duration() -> None:
    found = expand(
        datetime_start=["2026-01-28T12:00:00", "2026-01-28T12:00:00"],
        datetime_complete=["2026-01-28T12:01:30", None],
    )
    assert found["duration_s"][0] == 90.0
    assert pd.isna(found["duration_s"][1])


def test_a_duration_that_is_recorded_stays() -> None:
    times = {"datetime_start": ["2026-01-28"], "datetime_complete": ["2026-01-29"]}
    assert "duration_s" not in expand(duration=["0 days 00:00:05"], **times)
