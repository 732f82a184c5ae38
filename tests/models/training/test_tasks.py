"""Training for each task, by the transformer and by the LSTM: the same loop, another network."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from models.architecture import AnyArchitecture, Architecture, LstmArchitecture
from models.epoch_metrics import find_epoch_metric
from models.objective import METRICS
from models.settings import GroupSettings, ReplicaSettings
from models.task import Task
from models.training.results import EpochReport, ReplicaResult
from models.training.trainer import train_group
from models.training.windows import TrainingData

pytestmark = pytest.mark.usefixtures("one_thread")

CPU = torch.device("cpu")
T, CONTEXT = 120, 6
PATCHES = Architecture(
    n_features=3, context=CONTEXT, patch=2, stride=2, d_model=8, n_layers=1, n_heads=2
)
LSTM = LstmArchitecture(n_features=3, context=CONTEXT, hidden_size=5, n_layers=2)
NETWORKS = {"transformer": PATCHES, "lstm": LSTM}
N_CLASSES = 3
BASE = ReplicaSettings(seed=0, dropout=0.3, learning_rate=3e-3, weight_decay=1e-4)
LEVEL = 400.0  # of the numbers: far from what a network begins with


def shape(network: str, task: Task) -> AnyArchitecture:
    return replace(NETWORKS[network], outputs=N_CLASSES if task == "multiclass" else 1)


def make_data(task: Task = "regression", **changes: Any) -> TrainingData:
    rng = np.random.default_rng(3)
    features = rng.normal(size=(T, 3)).astype(np.float32)
    signal = features[:, 0] + 0.5 * features[:, 1]
    labels: dict[Task, Any] = {
        "binary": (signal > 0).astype(np.int8),
        "multiclass": np.digitize(signal, [-0.5, 0.5]).astype(np.int32),
        "regression": LEVEL + 30 * signal.astype(np.float64),
    }
    parts: dict[str, Any] = {
        "features": features,
        "labels": labels[task],
        "train_rows": np.arange(CONTEXT - 1, 80),
        "val_rows": np.arange(85, T),
    }
    return TrainingData(**{**parts, **changes})


def train(
    network: str,
    task: Task,
    replicas: Sequence[ReplicaSettings] = (BASE,),
    data: TrainingData | None = None,
    **settings: Any,
) -> list[ReplicaResult]:
    """Train on a CPU and return the results in the replicas' order."""
    usual = {"batch_size": 16, "epochs": 3, "task": task, "metric": METRICS[task][0]}
    group = GroupSettings(shape(network, task), **{**usual, **settings})
    results = train_group(group, replicas, data or make_data(task), CPU, ignore)
    return sorted(results, key=lambda result: result.replica)


def ignore(report: EpochReport) -> None:
    """Take no notice of an epoch."""


def bits(result: ReplicaResult) -> list[Any]:
    """Return all that training computed, without times and places."""
    found: list[Any] = [(s.train_loss, s.val_loss, s.val_metric) for s in result.curve]
    found += [result.stop_reason]
    if result.selection is not None and result.last_val_logits is not None:
        found += [result.selection.epoch, result.last_val_logits.tobytes()]
        found += [result.selection.val_logits.tobytes(), result.selection.train_logits.tobytes()]
    if result.epoch_values is not None:
        found += [result.epoch_values.values.tobytes()]
    return found


TASKS: list[Task] = ["binary", "multiclass", "regression"]


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("task", TASKS)
def test_one_batch_is_learned_by_heart(network: str, task: Task) -> None:
    rows = np.arange(20, 52)
    data = make_data(task, train_rows=rows, val_rows=rows)
    still = replace(BASE, dropout=0.0, learning_rate=2e-2, weight_decay=0.0)
    settings = {"epochs": 150, "patience": 150, "batch_size": 32}
    result = train(network, task, [still], data, **settings)[0]
    assert result.selection is not None
    metric = METRICS[task][0]
    found = find_epoch_metric(task, metric)(data.labels[rows], result.selection.train_logits)
    if task == "regression":
        assert found < 0.1 * data.labels[rows].std()
    else:
        assert found == 1.0


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("task", TASKS)
def test_a_replica_has_the_same_bits_alone_in_any_group_and_place(network: str, task: Task) -> None:
    rates = {"label_smoothing": 0.1} if task != "regression" else {}
    replicas = [
        BASE,
        replace(BASE, seed=1, dropout=0.5, optimizer="sgd", momentum=0.9, learning_rate=1e-2),
        replace(BASE, seed=2, optimizer="rmsprop", gradient_clip=1.0, **rates),
        replace(BASE, seed=3, dropout=0.0, optimizer="adamw"),
    ]
    stopping: dict[str, Any] = {"epochs": 6, "patience": 2, "min_delta": 0.0}
    alone = [bits(train(network, task, [r], **stopping)[0]) for r in replicas]
    for places in ([0, 1, 2, 3], [3, 1, 0], [2, 0]):
        group = train(network, task, [replicas[i] for i in places], **stopping)
        assert [bits(result) for result in group] == [alone[i] for i in places]
    assert len({str(each) for each in alone}) == len(alone)


@pytest.mark.parametrize("network", NETWORKS)
def test_values_come_back_in_the_units_of_the_label(network: str) -> None:
    data = make_data(extra_rows={"test": np.array([50, 20])})
    result = train(network, "regression", data=data, epochs=2)[0]
    assert result.selection is not None
    assert result.last_val_logits is not None
    assert result.epoch_values is not None
    values = result.selection.train_logits
    assert (values.dtype, values.shape) == (np.float64, data.train_rows.shape)
    assert abs(values.mean() - LEVEL) < 30
    assert result.selection.extra_logits["test"] == pytest.approx(values[[45, 15]])
    labels = data.labels[data.val_rows]
    rmse = float(np.sqrt(np.mean((result.last_val_logits - labels) ** 2)))
    assert result.curve[-1].val_metric == pytest.approx(rmse)
    assert result.curve[-1].val_loss == pytest.approx(rmse**2)
    assert result.epoch_values.values.shape == (2, len(labels))
    np.testing.assert_allclose(result.epoch_values.values[-1], result.last_val_logits, rtol=1e-6)


@pytest.mark.parametrize("loss", ["mse", "mae", "huber"])
def test_training_and_validation_loss_have_the_same_units(loss: Any) -> None:
    """With weights that stay as they are, both are what the same rows' errors come to."""
    data = make_data()
    data = replace(data, val_rows=data.train_rows)
    still = replace(BASE, dropout=0.0, learning_rate=1e-12, weight_decay=0.0)
    result = train("lstm", "regression", [still], data, epochs=1, loss=loss)[0]
    assert result.curve[0].train_loss == pytest.approx(result.curve[0].val_loss, rel=1e-5)


def test_a_target_in_other_units_trains_the_same() -> None:
    data = make_data()
    scaled = replace(data, labels=data.labels * 1000 - 7)
    first, second = (train("lstm", "regression", data=d, metric="r2")[0] for d in (data, scaled))
    found = [[scores.val_metric for scores in result.curve] for result in (first, second)]
    assert found[0] == pytest.approx(found[1], abs=1e-4)
    ratios = [b.train_loss / a.train_loss for a, b in zip(first.curve, second.curve, strict=True)]
    assert ratios == pytest.approx([1e6] * 3, rel=1e-4)


@pytest.mark.parametrize("network", NETWORKS)
def test_classes_have_a_logit_each(network: str) -> None:
    data = make_data("multiclass")
    result = train(network, "multiclass", data=data, metric="log_loss")[0]
    assert result.selection is not None
    assert result.epoch_values is not None
    assert result.selection.val_logits.shape == (len(data.val_rows), N_CLASSES)
    assert result.epoch_values.values.shape == (3, len(data.val_rows), N_CLASSES)
    assert [s.val_loss for s in result.curve] == [s.val_metric for s in result.curve]


@pytest.mark.parametrize(
    ("metric", "values", "selected"),
    [("rmse", [3.0, 2.0, 2.5], 2), ("r2", [0.1, 0.2, 0.3], 3), ("mae", [1.0, 1.0, 1.0], 1)],
)
def test_the_epoch_is_selected_by_metric_and_direction(
    metric: str, values: list[float], selected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = iter(values)
    monkeypatch.setattr(
        "models.training.trainer.find_epoch_metric", lambda *_: lambda labels, scores: next(script)
    )
    result = train("lstm", "regression", metric=metric)[0]
    assert result.selection is not None
    assert result.selection.epoch == selected
    assert [scores.val_metric for scores in result.curve] == values


def test_min_delta_is_in_units_of_the_metric(monkeypatch: pytest.MonkeyPatch) -> None:
    script = iter([50.0, 49.0, 48.0, 47.9, 46.6])
    monkeypatch.setattr(
        "models.training.trainer.find_epoch_metric", lambda *_: lambda labels, scores: next(script)
    )
    result = train("lstm", "regression", epochs=9, patience=2, min_delta=1.5)[0]
    assert (len(result.curve), result.stop_reason) == (5, "patience")


@pytest.mark.parametrize("metric", ["auc", "average_precision"])
def test_log_odds_that_are_ranked_are_kept_in_half_precision(metric: str) -> None:
    result = train("lstm", "binary", metric=metric)[0]
    assert result.epoch_values is None
    assert result.epoch_logits is not None
    assert result.epoch_logits.halves.dtype == np.float16


@pytest.mark.parametrize("metric", ["log_loss", "brier", "accuracy"])
def test_log_odds_whose_values_count_are_kept_in_single_precision(metric: str) -> None:
    result = train("lstm", "binary", metric=metric)[0]
    assert result.epoch_logits is None
    assert result.epoch_values is not None
    score = find_epoch_metric("binary", metric)
    data = make_data("binary")
    labels = data.labels[data.val_rows]
    assert [score(labels, values) for values in result.epoch_values.values] == [
        scores.val_metric for scores in result.curve
    ]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("network", NETWORKS)
def test_micro_batches_take_the_same_steps_as_the_whole_batch(network: str, task: Task) -> None:
    still = [replace(BASE, dropout=0.0)]
    whole, parts = (train(network, task, still, micro_batches=n)[0] for n in (1, 3))
    assert whole.selection is not None
    assert parts.selection is not None
    np.testing.assert_allclose(
        whole.selection.val_logits, parts.selection.val_logits, rtol=1e-4, atol=1e-4
    )


@pytest.mark.parametrize("schedule", ["step", "exponential", "linear", "one_cycle"])
def test_a_schedule_changes_what_is_learned(schedule: Any) -> None:
    fields = {"step": {"step_size": 1}, "exponential": {"gamma": 0.5}}.get(schedule, {})
    constant, other = (
        train("lstm", "regression", schedule=kind, **given)[0]
        for kind, given in (("constant", {}), (schedule, fields))
    )
    assert bits(constant) != bits(other)


def test_a_window_of_one_row_can_be_trained_on() -> None:
    """Rows without time have no past."""
    data = make_data()
    group = GroupSettings(
        LstmArchitecture(n_features=3, context=1, hidden_size=4, n_layers=1),
        batch_size=16,
        epochs=2,
        task="regression",
        metric="rmse",
    )
    data = replace(data, train_rows=np.arange(80))
    result = next(train_group(group, [BASE], data, CPU, ignore))
    assert result.stop_reason == "epochs"


@pytest.mark.parametrize(
    ("task", "changes", "message"),
    [
        ("regression", {"positive_class_weight": 2.0}, "positive_class_weight=2.0 has no effect"),
        ("regression", {"label_smoothing": 0.1}, "label_smoothing=0.1 has no effect on task regr"),
        ("multiclass", {"positive_class_weight": 2.0}, "has no effect on task multiclass"),
    ],
)
def test_settings_without_effect_on_the_task_are_refused(
    task: Task, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        train("lstm", task, [replace(BASE, **changes)])


def test_a_missing_number_makes_the_fit_diverge() -> None:
    data = make_data()
    data.features[T - 1] = np.nan
    result = train("lstm", "regression", data=data)[0]
    assert result.failure == "1 of 35 validation values were not finite after epoch 1"
