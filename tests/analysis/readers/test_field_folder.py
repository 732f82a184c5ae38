"""The forms that people have, kept beside the project: every one is read right."""

from pathlib import Path
from typing import Any

import pytest

from analysis.readers.options import ReadOptions
from analysis.readers.sources import read_trials
from tests.analysis.readers.test_field import best

FIELD: dict[str, tuple[dict[str, Any], tuple[str, float], int, set[str]]] = {
    "optuna_loss_direction.csv": ({}, ("1", 0.4), 4, {"lr", "depth"}),
    "neg_mse.csv": ({}, ("3", -0.1), 4, {"lr", "batch_size"}),
    "model_column_is_no_trial_name.csv": ({}, ("11", 0.71), 12, {"model", "window", "n_lags"}),
    "dict_text_column.csv": ({}, ("5", 0.925), 6, {"max_depth", "subsample"}),
    "eta_missed.csv": ({}, ("25", 0.9898), 60, {"eta", "max_depth"}),
    "blank_is_a_value.csv": ({"direction": "maximize"}, ("3", 0.8), 4, {"lr", "opt"}),
    "optuna_pruned.csv": ({"direction": "maximize"}, ("9", 0.59), 6, {"lr", "n", "opt"}),
    "wandb_underscore.csv": ({}, ("r3", 0.4), 4, {"depth_limit", "n_trees"}),
    "wandb_full.csv": ({"metric_column": "val/loss"}, ("sunny-sweep-5", 0.85), 4,
                       {"lr", "batch_size", "model.depth", "optimizer", "wd"}),
    "lightning_metrics.csv": ({"metric_column": "val_loss"}, ("0", 0.3), 1, set()),
    "ray_result.json": ({"metric_column": "acc"}, ("ab12c_00000", 0.8), 1, {"lr", "batch_size"}),
    "ray_dataframe.csv": ({"metric_column": "acc"}, ("ab12c_00000", 0.8), 4, {"lr", "batch_size"}),
    "std_param.json": ({"metric_column": "mean"}, ("b", 0.6), 2, {"lr"}),
    "optuna_multi.csv": ({"metric_column": "values_0"}, ("0", 0.5), 10, {"lr", "n"}),
    "nan.json": ({}, ("c", 0.6), 2, {"lr"}),
    "nan_inf.csv": ({}, ("d", 0.9), 3, {"lr", "batch_size"}),
    "rmsle.csv": ({}, ("3", 0.3), 4, {"lr", "batch_size"}),
}  # fmt: skip


@pytest.mark.parametrize("name", FIELD)
def test_the_folder_of_forms_is_read_right(shared_data: Path, name: str) -> None:
    said, expected, n_finished, params = FIELD[name]
    frame = read_trials([shared_data / "field" / name], ReadOptions(**said))
    assert best(frame) == (expected[0], pytest.approx(expected[1]))
    assert (len(frame.finished), set(frame.params)) == (n_finished, params)
