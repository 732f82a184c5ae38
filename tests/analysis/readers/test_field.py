"""Forms that people have, made small: each gives its right value, or the sentence that is due."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.frames.frame import TrialFrame
from analysis.readers.options import ReadOptions
from analysis.readers.sources import read_trials
from tests.analysis.readers.writers import Files, leave, to_csv
from trial_sets.errors import InputError


def rows(**columns: Iterable[Any]) -> str:
    listed = {name: list(values) for name, values in columns.items()}
    return to_csv(
        [dict(zip(listed, row, strict=True)) for row in zip(*listed.values(), strict=True)]
    )


def read(tmp_path: Path, content: str | Files, **said: Any) -> TrialFrame:
    files: Files = {"field": content} if isinstance(content, str) else content
    return read_trials(leave(tmp_path, files), ReadOptions(**said))


def best(frame: TrialFrame) -> tuple[str, float]:
    gains = frame.sign * frame.finished["metric"]
    row = frame.finished.loc[gains.idxmax()]
    return row["trial"], row["metric"]


OPTUNA = rows(number=range(3), value=[0.7, 0.3, 0.5], params_lr=[0.1, 0.2, 0.3],
              params_depth=[2, 2, 4], state=["COMPLETE"] * 3)  # fmt: skip


def test_an_optuna_csv_records_no_direction_and_its_default_is_assumed(tmp_path: Path) -> None:
    frame = read(tmp_path, OPTUNA)
    assert (frame.direction, frame.is_direction_known, best(frame)) == (
        "minimize", False, ("1", 0.3)
    )  # fmt: skip
    told = read(tmp_path, OPTUNA, direction="maximize")
    assert (told.is_direction_known, best(told)) == (True, ("0", 0.7))


def test_a_negated_loss_is_maximised_and_a_loss_minimised(tmp_path: Path) -> None:
    grid = {"lr": [0.1, 0.2, 0.3], "batch_size": [8, 8, 16]}
    negated = read(tmp_path, rows(**grid, neg_mean_absolute_error=[-0.7, -0.2, -0.5]))
    assert best(negated) == ("1", -0.2)
    assert best(read(tmp_path, rows(**grid, rmsle=[0.7, 0.2, 0.5]))) == ("1", 0.2)
    odd = read(tmp_path, rows(**grid, neg_mean_absolute_error=[0.7, 0.2, 0.5]))
    assert not odd.is_direction_known


def keras(name: str, score: float | None, units: int, *, direction: str = "min") -> str:
    seen = [] if score is None else [{"value": [score], "step": 2}]
    return json.dumps(
        {"trial_id": name,
         "hyperparameters": {
             "space": [{"class_name": "Int", "config": {"name": "units", "min_value": 4,
                                                        "max_value": 64, "step": 4}},
                       {"class_name": "Choice", "config": {"name": "act", "values": ["relu"]}}],
             "values": {"units": units, "act": "relu", "tuner/epochs": 3, "tuner/bracket": 1}},
         "metrics": {"metrics": {"val_mae": {"direction": direction, "observations": seen}}},
         "score": score, "best_step": 2, "status": "COMPLETED" if seen else "FAILED"}
    )  # fmt: skip


def test_the_direction_of_keras_tuner_is_that_of_the_metric_it_scores(tmp_path: Path) -> None:
    files: Files = {
        f"trial_{n}/trial.json": keras(str(n), score, 8 * (n + 1))
        for n, score in enumerate((0.4, 0.8, None))
    }
    frame = read(tmp_path, files)
    assert (frame.metric, frame.direction, best(frame)) == ("val_mae", "minimize", ("0", 0.4))
    assert frame.params == ("units", "act")
    assert frame.count_states() == {"complete": 2, "failed": 1}
    assert (frame.spaces["units"].low, frame.spaces["units"].step) == (4, 4)
    assert frame.spaces["act"].choices == ("relu",)
    assert set(frame.rows["budget"]) == {"3"}


def test_a_score_that_two_metrics_share_has_no_direction(tmp_path: Path) -> None:
    trial = json.loads(keras("0", 0.5, 8))
    trial["metrics"]["metrics"]["val_acc"] = {
        "direction": "max", "observations": [{"value": [0.5], "step": 2}]
    }  # fmt: skip
    frame = read(tmp_path, json.dumps(trial))
    assert (frame.metric, frame.is_direction_known) == ("value", False)


def test_a_model_that_repeats_is_a_hyperparameter_and_no_name(tmp_path: Path) -> None:
    table = rows(model=["lstm"] * 4 + ["mlp"] * 4, window=[3, 3, 6, 6] * 2, n_lags=[1, 2] * 4,
                 acc=[0.5 + n / 100 for n in range(8)])  # fmt: skip
    frame = read(tmp_path, table)
    assert frame.params == ("model", "window", "n_lags")
    assert (len(frame.finished), len(frame.merge_copies())) == (8, 8)


def test_mappings_in_cells_are_flattened(tmp_path: Path) -> None:
    cells = [{"max_depth": d, "gamma": g} for d in (2, 4) for g in (0.1, 0.2)]
    frame = read(tmp_path, rows(train_score=[0.9] * 4, validation_score=[0.5, 0.6, 0.8, 0.7],
                                hyperparameters=map(str, cells)))  # fmt: skip
    assert (frame.metric, frame.params) == ("validation_score", ("max_depth", "gamma"))
    assert (len(frame.merge_copies()), best(frame)) == (4, ("2", 0.8))


def test_a_continuous_column_of_any_name_is_a_hyperparameter(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    for name in ("eta", "zeta_strength"):
        columns = {name: rng.random(40).round(5), "max_depth": [3, 5] * 20, "score": rng.random(40)}
        frame = read(tmp_path, rows(**columns))
        assert frame.params == (name, "max_depth")
        assert len(frame.merge_copies()) == 40


def test_blanks_are_values_of_a_category_and_missing_among_numbers(tmp_path: Path) -> None:
    table = rows(number=range(4), value=[0.1, 0.2, 0.3, 0.4], params_limit=[10, "", "", 10],
                 params_opt=["adam", "", "adam", ""], params_units=[8, 16, "", ""],
                 params_lr=[1, 1, 2, 2], state=["COMPLETE"] * 4)  # fmt: skip
    frame = read(tmp_path, table)
    assert frame.finished["opt"].value_counts().to_dict() == {"adam": 2, "(blank)": 2}
    assert frame.finished["limit"].value_counts().to_dict() == {"10": 2, "(blank)": 2}
    assert frame.finished["units"].isna().sum() == 2
    assert set(frame.varying) == {"opt", "limit", "units", "lr"}


def test_pruned_and_failed_trials_are_counted(tmp_path: Path) -> None:
    table = rows(number=range(4), value=[0.5, 0.9, "", 0.4], params_lr=[1, 2, 3, 4],
                 state=["COMPLETE", "PRUNED", "FAIL", "COMPLETE"])  # fmt: skip
    frame = read(tmp_path, table, direction="maximize")
    assert frame.count_states() == {"complete": 2, "pruned": 1, "failed": 1}
    assert best(frame) == ("0", 0.5)


def test_what_wandb_logs_by_itself_is_no_hyperparameter(tmp_path: Path) -> None:
    table = rows(name=["a", "b", "c", "d"], _runtime=[4, 5, 4, 5], _step=[0, 1, 2, 3],
                 _timestamp=[1.5, 2.5, 3.5, 4.5], _wandb=['{"runtime": 4}'] * 4,
                 mae=[0.5, 0.6, 0.3, 0.7], depth_limit=[7, "", 7, ""],
                 n_trees=[50, 50, 90, 90])  # fmt: skip
    frame = read(tmp_path, table)
    assert frame.params == ("depth_limit", "n_trees")
    assert (best(frame), len(frame.merge_copies())) == (("c", 0.3), 4)


WANDB = rows(
    Name=["w-1", "w-2", "w-3"], State=["finished", "crashed", "finished"], Notes=["-"] * 3,
    User=["u"] * 3, Tags=[""] * 3, Created=["2024-01-01T00:00:00.000Z"] * 3, Runtime=[60, 61, 62],
    Sweep=["s"] * 3, lr=[0.1, 0.1, 0.2],
    **{"model.depth": [2, 4, 2], "epoch": [9, 3, 9], "_step": [90, 30, 91],
       "train/loss": [0.2] * 3, "val/loss": [0.6, 0.1, 0.5]},
)  # fmt: skip


def test_the_table_of_runs_of_wandb(tmp_path: Path) -> None:
    frame = read(tmp_path, WANDB, metric_column="val/loss")
    assert frame.params == ("lr", "model.depth")
    assert (frame.direction, best(frame)) == ("minimize", ("w-3", 0.5))
    assert frame.count_states() == {"complete": 2, "failed": 1}
    assert list(frame.rows["duration_s"]) == [60, 61, 62]


def test_runs_of_wandb_with_the_same_name_are_several_trials(tmp_path: Path) -> None:
    table = rows(Name=["w", "w", "v"], State=["finished"] * 3, Created=["x"] * 3, Runtime=[1, 2, 3],
                 batch_size=[8, 16, 8], lr=[1, 2, 3], _step=[1, 1, 1], acc=[0.1, 0.2, 0.3],
                 zeal=[5, 6, 7])  # fmt: skip
    frame = read(tmp_path, table, metric_column="acc")
    assert frame.params == ("batch_size", "lr")
    assert best(frame) == ("2", 0.3)


def test_the_rows_of_one_training_are_one_trial(tmp_path: Path) -> None:
    """Lightning writes a row for the training and one for the validation of an epoch."""
    lines = [
        f"{e},{9 + 10 * e},{tail}" for e in range(4) for tail in (f"0.{9 - e},", f",0.{8 - e}")
    ]
    frame = read(tmp_path, "epoch,step,train_loss,val_loss\n" + "\n".join(lines),
                 metric_column="val_loss")  # fmt: skip
    assert (len(frame.finished), frame.params, best(frame)) == (1, (), ("0", 0.5))
    assert frame.rows["epochs_run"][0] == 4
    assert frame.assumptions[0] == (
        "Rows are steps of a training (epoch), and each training one trial with its last val_loss."
    )


@pytest.mark.parametrize("order", [1, -1])
def test_the_iterations_of_ray_are_one_trial_in_whatever_order(tmp_path: Path, order: int) -> None:
    lines = [
        json.dumps({"acc": acc, "training_iteration": n, "trial_id": "ab_0", "time_total_s": n / 2,
                    "config": {"lr": 0.1, "optim": {"name": "sgd"}}, "done": n == 3})
        for n, acc in enumerate((0.4, 0.8, 0.6), 1)
    ][::order]  # fmt: skip
    frame = read(tmp_path, "\n".join(lines) + "\n", metric_column="acc")
    assert frame.params == ("lr", "optim.name")
    assert best(frame) == ("ab_0", 0.6)
    assert (frame.rows["epochs_run"][0], frame.rows["duration_s"][0]) == (3, 1.5)


def test_deviations_are_no_hyperparameters(tmp_path: Path) -> None:
    content = json.dumps({n: {"mean": 0.5 + n / 9, "std": 0.1 * n, "lr": n} for n in range(1, 4)})
    frame = read(tmp_path, content, metric_column="mean", direction="maximize")
    assert frame.params == ("lr",)


def test_of_several_objectives_one_is_named_and_said(tmp_path: Path) -> None:
    table = rows(number=range(3), values_0=[1, 2, 3], values_1=[3, 2, 1], params_lr=[0.1, 0.2, 0.3],
                 state=["COMPLETE"] * 3)  # fmt: skip
    with pytest.raises(
        InputError, match="several objectives, values_0 and values_1; name one with"
    ):
        read(tmp_path, table)
    frame = read(tmp_path, table, metric_column="values_1")
    assert (frame.metric, best(frame)) == ("values_1", ("2", 1))
    assert (
        "Of 2 objectives this is values_1; values_0 is not looked at here." in frame.assumptions[0]
    )


def test_metrics_that_are_no_numbers_leave_their_trials_out(tmp_path: Path) -> None:
    frame = read(
        tmp_path, rows(trial=list("abcd"), lr=[1, 2, 3, 4], val_acc=["nan", 0.5, "inf", 0.9])
    )
    assert frame.count_states() == {"complete": 2, "not finite": 2}
    assert best(frame) == ("d", 0.9)
    content = '[{"trial": "a", "params": {"lr": 1}, "val_acc": NaN}, {"trial": "b", "params": {"lr": 2}, "val_acc": 0.5}]'  # noqa: E501
    assert read(tmp_path, content).count_states() == {"not finite": 1, "complete": 1}


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (
            {"hyperparameters": {"space": []}, "ongoing_trials": {}},
            r"name the trials' .*trial\.json",
        ),
        ({"trial_data": [], "runner_data": {}}, r"state of Ray Tune's runner; name .*result\.json"),
        ({"_type": "Experiment", "trials": {}}, r"snapshot of Ax; write its get_trials_data_frame"),
        (
            {"method": "grid", "parameters": {"lr": {"values": [1, 2]}}},
            "configuration of a W&B sweep",
        ),
    ],
)
def test_documents_without_results_say_where_these_are(
    tmp_path: Path, content: dict[str, Any], match: str
) -> None:
    with pytest.raises(InputError, match=match):
        read(tmp_path, json.dumps(content))


def test_cross_validation_is_the_mean_and_its_splits_are_no_seeds(tmp_path: Path) -> None:
    """scikit-learn's own table, where more is better although it is an error."""
    splits = {f"split{n}_test_score": [-9 + n, -7 + n, -5 + n] for n in range(3)}
    table = pd.DataFrame(
        {"mean_fit_time": [1, 2, 3], "param_clf__C": [1, 10, ""],
         "param_clf__kind": ["a", "a", "b"], "params": ["{'clf__C': 1}"] * 3, **splits,
         "mean_test_score": [-8.0, -6.0, -4.0],
         "std_test_score": [0.8] * 3, "rank_test_score": [3, 2, 1]}
    )  # fmt: skip
    frame = read(tmp_path, table.to_csv())
    assert (frame.metric, frame.direction) == ("mean_test_score", "maximize")
    assert frame.params == ("clf__C", "clf__kind")
    assert best(frame) == ("2", -4)
    assert frame.rows["seed"].isna().all()
    assert "mean over 3 splits of a cross-validation" in frame.assumptions[0]
    assert "no seeds" in frame.assumptions[0]


def test_rows_that_are_splits_are_averaged(tmp_path: Path) -> None:
    table = rows(model=["a"] * 4 + ["b"] * 4, fold=[0, 1] * 4, seed=[0, 0, 1, 1] * 2,
                 auc=[0.1, 0.3, 0.2, 0.4, 0.5, 0.7, 0.6, 0.8])  # fmt: skip
    frame = read(tmp_path, table)
    assert frame.finished["metric"].tolist() == pytest.approx([0.2, 0.3, 0.6, 0.7])
    assert frame.params == ("model",)
    assert list(frame.rows["seed"]) == [0, 1, 0, 1]
    worded = rows(split=["train", "test"] * 2, lr=[1, 1, 2, 2], auc=[1, 2, 3, 4])
    assert len(read(tmp_path, worded).finished) == 4


def test_epochs_without_a_name_are_told_apart_by_their_counter(tmp_path: Path) -> None:
    table = rows(lr=[0.1] * 3 + [0.2] * 3, epoch=[1, 2, 3] * 2, val_loss=[9, 8, 7, 6, 5, 4])
    frame = read(tmp_path, table)
    assert (frame.params, len(frame.finished), best(frame)) == (("lr",), 2, ("1", 4))
    searched = rows(lr=[0.1, 0.3, 0.2], epoch=[10, 50, 20], val_loss=[3, 2, 1])
    assert len(read(tmp_path, searched).finished) == 3


def test_a_chart_of_wandb_is_a_trial_a_run(tmp_path: Path) -> None:
    table = rows(**{"Step": [0, 1], "a - val_loss": [0.5, 0.4], "a - val_loss__MIN": [0, 0],
                    "b - val_loss": [0.6, ""], "b - val_loss__MIN": [0, 0]})  # fmt: skip
    frame = read(tmp_path, table)
    assert dict(zip(frame.rows["trial"], frame.rows["metric"], strict=True)) == {"a": 0.4, "b": 0.6}
    two = rows(**{"Step": [0, 1], "a - loss": [1, 2], "a - acc": [1, 2]})
    with pytest.raises(InputError, match="a chart of W&B with 2 metrics"):
        read(tmp_path, two)


def test_the_log_of_a_trainer_is_one_trial(tmp_path: Path) -> None:
    log = [{"epoch": e, "step": 100 * e, "loss": 1 / e} for e in (1.0, 2.0)]
    log += [{"epoch": e, "step": 100 * e, "eval_loss": 0.5 / e} for e in (1.0, 2.0)]
    state = {
        "best_metric": 0.25,
        "epoch": 2.0,
        "log_history": sorted(log, key=lambda r: r["epoch"]),
    }
    frame = read(tmp_path, json.dumps(state), metric_column="eval_loss")
    assert (len(frame.rows), best(frame)) == (1, ("0", 0.25))


def test_runs_of_mlflow_from_the_page(tmp_path: Path) -> None:
    table = rows(**{"Start Time": ["2024"] * 3, "Duration": ["1.5s", "900ms", "2.0min"],
                    "Run ID": list("xyz"), "Name": ["r"] * 3, "Source Type": ["LOCAL"] * 3,
                    "Source Name": ["t.py"] * 3, "User": ["u"] * 3,
                    "Status": ["FINISHED", "FAILED", "FINISHED"], "depth": [1, 2, 1],
                    "acc": [0.5, "", 0.7]})  # fmt: skip
    frame = read(tmp_path, table)
    assert (frame.params, best(frame)) == (("depth",), ("z", 0.7))
    assert list(frame.rows["duration_s"]) == [1.5, 0.9, 120]


def test_smac_says_that_configurations_ran_on_several_instances(tmp_path: Path) -> None:
    data = [[[c, str(i), 0, 0.0], [100 * c + i, 1.5, {"__enum__": "StatusType.SUCCESS"}]]
            for c in (1, 2) for i in (1, 2)]  # fmt: skip
    content = {"data": data, "configs": {"1": {"rf:depth": 3}, "2": {"rf:depth": 5}}}
    frame = read(tmp_path, json.dumps(content))
    assert (frame.direction, len(frame.finished), len(frame.merge_copies())) == ("minimize", 4, 2)
    assert "several instances" in frame.assumptions[0]
    with pytest.raises(InputError, match="run 1: no configuration 1"):
        read(tmp_path, json.dumps({**content, "configs": {}}))


def test_a_table_whose_first_column_names_the_rows_keeps_the_names(tmp_path: Path) -> None:
    frame = read(tmp_path, ",acc,depth\nforest,0.9,1\nridge,0.8,2\n")
    assert list(frame.rows["trial"]) == ["forest", "ridge"]


@pytest.mark.parametrize("word", ["None", "null", "NA"])
def test_a_word_for_nothing_is_a_value_among_words_and_missing_among_numbers(
    tmp_path: Path, word: str
) -> None:
    table = rows(depth=[1, 2, word], features=["sqrt", word, "log2"], acc=[0.1, 0.2, 0.3])
    frame = read(tmp_path, table, param_columns=("depth", "features"))
    assert frame.rows["depth"].isna().tolist() == [False, False, True]
    assert list(frame.rows["features"]) == ["sqrt", word, "log2"]
