"""What a trainer of one's own may report follows from the study's task and metric."""

import json
from pathlib import Path

import numpy as np
import pytest

from runner.workers.host.context import Terms as FitTerms
from runner.workers.host.context import TrainerContext, check_metrics
from runner.workers.host.data_view import TrainerData, read_data
from runner.workers.host.epoch_history import ScoreHistory

N_TRAIN, N_VAL = 6, 4


def make_data(task: str, **rest: object) -> TrainerData:
    arrays = {
        "features": np.arange(24.0, dtype=np.float32).reshape(12, 2),
        "labels": np.arange(12),
        "dates": np.full(12, "NaT", dtype="datetime64[ns]"),
        "train_rows": np.arange(N_TRAIN),
        "val_rows": np.arange(6, 10),
        "test_rows": np.arange(10, 12),
    }
    return TrainerData(arrays, {"task": task, "context": 2, **rest})


def make_context(
    task: str, metric: str, direction: str = "maximize", *, wants_test: bool = False, **rest: object
) -> tuple[TrainerContext, list[dict[str, object]]]:
    data = make_data(task, **rest)
    terms = FitTerms(data, metric, direction)
    history = ScoreHistory(None, N_VAL * terms.outputs, in_halves=terms.in_halves)
    said: list[dict[str, object]] = []
    context = TrainerContext(
        seed=1, device="cpu", wants_test=wants_test, terms=terms, history=history,
        report=said.append,
    )  # fmt: skip
    return context, said


def test_a_regression_takes_values_and_selects_by_the_studys_direction() -> None:
    context, said = make_context("regression", "rmse", "minimize")
    for epoch, rmse in enumerate([3.0, 1.0, 2.0, 1.0]):
        context.report_epoch(val_metric=rmse, val_scores=np.full(N_VAL, epoch))
    context.save_predictions(np.full(N_VAL, 1e9), val_last=np.zeros(N_VAL))
    found = context.describe({"rmse": 1.0, "mae": 0.5}, 1.0)
    assert found["selected_epoch"] == 2
    assert found["metrics"] == {"val_rmse": 1.0, "mae": 0.5}
    assert (found["val_logits"], found["outputs"]) == ([1e9] * N_VAL, 1)
    assert "epoch_values" in found
    assert [point["val_metric"] for point in said] == [3.0, 1.0, 2.0, 1.0]


@pytest.mark.parametrize(
    ("metrics", "last"),
    [
        ([], [1.0] * N_VAL),
        ([0.6, 0.7], [1.0] * N_VAL),
        ([0.7, 0.6], []),
        ([None, None], [1.0] * N_VAL),
    ],
    ids=["no epochs", "the last is selected", "an earlier one is", "no metric"],
)
def test_the_last_epoch_is_known_if_it_is_the_selected_one(
    metrics: list[float | None], last: list[float]
) -> None:
    context, _ = make_context("binary", "auc")
    for metric in metrics:
        context.report_epoch(val_metric=metric, val_loss=0.5)
    context.save_predictions(np.ones(N_VAL))
    assert context.describe(None, 1.0)["val_logits_last"] == last


def test_several_classes_take_a_column_a_class() -> None:
    context, _ = make_context("multiclass", "macro_f1", classes=["a", "b", "c"])
    scores = np.arange(12.0).reshape(N_VAL, 3)
    context.report_epoch(val_metric=0.5, val_scores=scores)
    context.save_predictions(scores)
    found = context.describe(None, 1.0)
    assert (found["outputs"], found["val_logits"]) == (3, list(range(12)))
    with pytest.raises(ValueError, match=r"val has shape \(4,\), expected \(4, 3\)"):
        make_context("multiclass", "macro_f1", classes=["a", "b", "c"])[0].save_predictions([0] * 4)


@pytest.mark.parametrize(
    ("metric", "key"),
    [("auc", "epoch_logits"), ("average_precision", "epoch_logits"), ("log_loss", "epoch_values")],
)
def test_log_odds_by_epoch_are_halved_where_their_order_counts(metric: str, key: str) -> None:
    context, _ = make_context("binary", metric)
    context.report_epoch(val_metric=0.5, val_scores=np.arange(N_VAL))
    assert key in context.describe(None, 1.0)


def test_where_no_rows_are_scored_metrics_alone_are_taken() -> None:
    context, _ = make_context("none", "latency", "minimize")
    context.report_epoch(val_metric=3.0)
    assert context.describe({"latency": 2.0}, 1.0)["metrics"] == {"val_latency": 2.0}
    with pytest.raises(ValueError, match="the study scores no rows"):
        context.save_predictions([1.0])


def test_names_of_once_hold_where_the_metric_is_the_auc() -> None:
    context, said = make_context("binary", "auc")
    context.report_epoch(val_auc=0.5, val_logits=np.zeros(N_VAL))
    assert said[0]["val_metric"] == 0.5
    with pytest.raises(ValueError, match="val_auc or val_logits beside val_metric"):
        context.report_epoch(val_auc=0.5, val_metric=0.5)
    with pytest.raises(ValueError, match="val_auc, but the study's metric is rmse: val_metric"):
        make_context("regression", "rmse")[0].report_epoch(val_auc=0.5)


def test_the_test_rows_are_predicted_when_they_are_asked_for_and_only_then() -> None:
    context, _ = make_context("binary", "auc", wants_test=True)
    context.save_predictions(np.zeros(N_VAL))
    with pytest.raises(ValueError, match="saved no predictions of the test rows"):
        context.describe(None, 1.0)
    context.save_predictions(np.zeros(N_VAL), test=[1.0, 2.0])
    assert context.describe(None, 1.0)["test_logits"] == [1.0, 2.0]
    with pytest.raises(ValueError, match="nobody asked for it"):
        make_context("binary", "auc")[0].save_predictions(np.zeros(N_VAL), test=[1.0, 2.0])


@pytest.mark.parametrize("returned", [3, [("a", 1)], {"a": "b"}, {1: 2}, {"a": None}, {"a": [1]}])
def test_what_is_no_mapping_of_numbers_is_refused(returned: object) -> None:
    with pytest.raises(ValueError, match="the trainer returned"):
        check_metrics(returned, "auc")


def test_data_are_read_only_and_each_fits_own(tmp_path: Path) -> None:
    arrays = {"features": np.ones((3, 2)), "test_rows": np.arange(2), "labels": np.zeros(3)}
    rest = {"context": 2, "feature_names": ["a", "b"], "name": "own", "fold": None}
    np.savez(tmp_path / "data.npz", json=np.array(json.dumps(rest)), **arrays)  # type: ignore[arg-type]
    read = read_data(str(tmp_path / "data.npz"))
    one, other = read.copied(with_test=False), read.copied(with_test=True)
    assert (len(one.test_rows), len(other.test_rows)) == (0, 2)
    assert one.window(1).shape == (2, 2)
    assert (one.feature_names, one.task, one.is_ordered) == (("a", "b"), "binary", True)
    assert len(one.groups) == 0
    assert not np.shares_memory(one.features, other.features)
    with pytest.raises(ValueError, match="read-only"):
        one.features[0] = 2
    with pytest.raises(ValueError, match="cannot set WRITEABLE"):
        one.window(1).flags.writeable = True
