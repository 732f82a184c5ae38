from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.frames.frame import Direction, TrialFrame
from analysis.readers.options import ReadOptions
from analysis.readers.records import read_records
from analysis.readers.tidy import tidy_table
from trial_sets.errors import InputError


def tidy(records: list[dict[str, Any]], path: str = "x.json", **options: Any) -> TrialFrame:
    return tidy_table(read_records(records, Path(path)), ReadOptions(**options), Path(path))


RUN = {"lr": 0.1, "val_auc": 0.7}


def test_the_supplementary_form_is_read() -> None:
    frame = tidy(
        [
            {
                "config_name": "A1",
                "tier": "A50",
                "budget": "20m",
                "params": {"dropout": 0.35},
                "duration_sec": 48.0,
                "epochs_run": 50,
                "stopped_early": True,
                "val_auc": 0.72,
                "val_accuracy": 0.8,
                "val_pred_range": [0.1, 0.8],
                "val_confusion": {"tp": 10, "tn": 334, "fp": 12, "fn": 66},
                "train_auc": None,
            }
        ]
    )
    row = frame.rows.iloc[0]
    assert (row["trial"], row["tier"], row["budget"]) == ("A1", "a50", "20M")
    assert (row["metric"], row["duration_s"], row["epochs_run"]) == (0.72, 48, 50)
    assert (row["prediction_low"], row["prediction_high"]) == (0.1, 0.8)
    assert (row["positives"], row["negatives"]) == (76, 346)
    assert bool(row["stopped_early"])
    assert frame.params == ("dropout",)
    assert row["val_accuracy"] == 0.8


def test_a_file_name_gives_tier_and_budget() -> None:
    row = tidy([RUN], path="a50_20m.json").rows.iloc[0]
    assert (row["tier"], row["budget"], row["file"]) == ("a50", "20M", "a50_20m.json")
    assert pd.isna(tidy([RUN], path="results.json").rows["tier"]).all()


def test_the_objective_is_named_after_the_attribute_that_repeats_it() -> None:
    record = {"value": 0.7, "params": {"lr": 1}, "user_attrs": {"val_auc": 0.7}}
    assert tidy([record]).metric == "val_auc"
    other = {"value": 0.7, "params": {"lr": 1}, "user_attrs": {"val_auc": 0.1}}
    assert tidy([other]).metric == "value"


@pytest.mark.parametrize(
    ("record", "direction", "is_known"),
    [
        ({"lr": 1, "val_auc": 0.5}, "maximize", True),
        ({"lr": 1, "val_loss": 0.5}, "minimize", True),
        ({"value": 0.5, "params": {"lr": 1}}, "maximize", False),
    ],
)
def test_the_direction_is_recorded_named_or_assumed(
    record: dict[str, Any], direction: Direction, is_known: bool
) -> None:
    frame = tidy([record])
    assert (frame.direction, frame.is_direction_known) == (direction, is_known)
    assert frame.direction_source == ("by its name" if is_known else "assumed")
    assert tidy([record], direction="minimize").direction == "minimize"


def test_a_named_metric_and_named_hyperparameters_are_taken() -> None:
    records = [{"a": 1, "b": 2, "c": 0.5, "d": 9}, {"a": 2, "b": 2, "c": 0.6, "d": 8}]
    frame = tidy(records, metric_column="c", param_columns=("b", "a"))
    assert frame.params == ("b", "a")
    assert list(frame.rows["metric"]) == [0.5, 0.6]
    assert list(frame.rows["d"]) == [9, 8]


def test_naming_some_hyperparameters_sets_the_others_aside() -> None:
    records = [{"value": 1, "params": {"a": 1, "b": 2}}]
    frame = tidy(records, param_columns=("a",))
    assert frame.params == ("a",)
    assert list(frame.rows["b"]) == [2]


def test_guesses_are_told() -> None:
    frame = tidy([{"lr": n, "foo_bar": [1], "val_auc": 0.1 * n} for n in range(3)])
    assert frame.assumptions == (
        "Taken as hyperparameters: lr; set aside: foo_bar (--param-columns says otherwise).",
    )


def test_a_repeated_name_alone_is_the_hyperparameter() -> None:
    records = [{"Model": m, "Seed": s, "AUPRC": s / 10} for m in "ab" for s in (1, 2)]
    frame = tidy(records)
    assert frame.params == ("Model",)
    assert list(frame.rows["trial"]) == ["a", "a", "b", "b"]
    assert list(frame.rows["seed"]) == [1, 2, 1, 2]


def test_trials_without_hyperparameters_are_said() -> None:
    records = [
        {"number": 4, "val_auc": 0.7, "params": {}},
        {"number": 5, "val_auc": 0.6, "params": {"lr": 1}},
    ]
    frame = tidy(records)
    assert frame.notes == ("x.json: 1 trial without any hyperparameter, first 4, in no table",)
    assert list(frame.configured["trial"]) == ["5"]


@pytest.mark.parametrize("name", ["Baseline (OLS)", "control", "DEFAULT-1"])
def test_references_are_told_by_their_name(name: str) -> None:
    role = tidy([{"name": name, **RUN}]).rows["role"][0]
    assert role in {"baseline", "control", "default"}
    assert tidy([{"name": "controlled", **RUN}]).rows["role"][0] == "trial"


def test_a_seed_among_the_hyperparameters_is_a_seed() -> None:
    frame = tidy([{"value": 0.5, "params": {"lr": 1, "seed": 7}}])
    assert frame.params == ("lr",)
    assert frame.rows["seed"][0] == 7


def test_reserved_names_get_an_underscore() -> None:
    frame = tidy([{"value": 0.5, "params": {"metric": 1, "metric_": 2, "state": "x"}}])
    assert frame.params == ("metric__", "metric_", "state_")
    assert frame.rows["metric"][0] == 0.5


def test_values_that_are_no_numbers_are_said_with_their_row() -> None:
    records = [{"value": value, "params": {"lr": 1}} for value in (0.5, "high", True, [1], None)]
    frame = tidy(records)
    assert frame.count_states() == {"not finite": 4, "complete": 1}
    assert frame.notes[0] == "x.json: value is no number in 3 rows, first 'high' in row 2"


def test_durations_are_read_in_every_form() -> None:
    assert tidy([{"duration": "0 days 00:01:30", **RUN}]).rows["duration_s"][0] == 90
    times = {"datetime_start": "2025-01-01 00:00:00", "datetime_complete": "2025-01-01T00:02:00"}
    assert tidy([{**times, **RUN}]).rows["duration_s"][0] == 120


@pytest.mark.parametrize(
    ("records", "options", "match"),
    [
        ([RUN], {"metric_column": "f1"}, "x.json has no column 'f1'; it has lr and val_auc"),
        ([RUN], {"param_columns": ("k",)}, "no column 'k' for a hyperparameter"),
        ([{**RUN, "val_loss": 1}], {}, "could be the metric, val_auc and val_loss; name one"),
        ([{"a": "x"}], {}, "no column holds numbers"),
        ([{"a": 1}], {}, "looks like a metric.*a hold numbers"),
        ([{"value": 1, "params": {f"p{n}": 1 for n in range(201)}}], {}, "201 columns"),
    ],
)
def test_what_cannot_be_told_is_asked(
    records: list[dict[str, Any]], options: dict[str, Any], match: str
) -> None:
    with pytest.raises(InputError, match=match):
        tidy(records, **options)
