"""Every network with every loss, optimizer and schedule: in a group as alone, and learning."""

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest
import torch

from models.architecture import AnyArchitecture, Architecture, LstmArchitecture
from models.objective import METRICS, Loss
from models.schedule import Schedule
from models.settings import GroupSettings, Optimizer, ReplicaSettings
from models.task import Task
from models.training.results import ReplicaResult
from models.training.stacked_optimizer import StackedOptimizer
from models.training.trainer import train_group
from models.training.windows import TrainingData

pytestmark = pytest.mark.usefixtures("one_thread")

CPU = torch.device("cpu")
T, CONTEXT, EPOCHS = 80, 4, 2
NETWORKS: dict[str, AnyArchitecture] = {
    "transformer": Architecture(2, CONTEXT, patch=2, stride=2, d_model=4, n_layers=1, n_heads=2),
    "lstm": LstmArchitecture(2, CONTEXT, hidden_size=4, n_layers=2),
}
LOSSES: dict[Loss, Task] = {
    "bce": "binary",
    "cross_entropy": "multiclass",
    "mse": "regression",
    "mae": "regression",
    "huber": "regression",
}
SCHEDULES: dict[Schedule, dict[str, Any]] = {
    "constant": {"warmup_fraction": 0.3},
    "step": {"step_size": 1, "gamma": 0.3},
    "exponential": {"gamma": 0.5},
    "linear": {"final_factor": 0.1},
    "cosine": {"warmup_fraction": 0.2},
    "one_cycle": {},
}
OPTIMIZERS: tuple[Optimizer, ...] = get_args(Optimizer)


def make_data(task: Task) -> TrainingData:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(T, 2)).astype(np.float32)
    labels: dict[Task, Any] = {
        "binary": (features[:, 0] > 0).astype(np.int8),
        "multiclass": np.digitize(features[:, 0], [-0.4, 0.4]),
        "regression": 3 + features[:, 0].astype(np.float64),
    }
    return TrainingData(features, labels[task], np.arange(CONTEXT, 60), np.arange(60, T))


def make_group(network: str, loss: Loss, schedule: Schedule) -> GroupSettings:
    task = LOSSES[loss]
    architecture = replace(NETWORKS[network], outputs=3 if task == "multiclass" else 1)
    settings: dict[str, Any] = {"task": task, "metric": METRICS[task][0], "loss": loss}
    return GroupSettings(
        architecture, 16, epochs=EPOCHS, schedule=schedule, **settings, **SCHEDULES[schedule]
    )


def make_replica(optimizer: Optimizer, seed: int) -> ReplicaSettings:
    has_momentum = optimizer in {"sgd", "rmsprop"}
    return ReplicaSettings(
        seed,
        dropout=0.2,
        learning_rate=3e-2 if optimizer == "sgd" else 3e-3,
        weight_decay=1e-2,
        optimizer=optimizer,
        momentum=0.5 if has_momentum else 0.0,
        gradient_clip=1.0 if seed else None,
    )


def train(
    group: GroupSettings, replicas: list[ReplicaSettings], data: TrainingData
) -> list[ReplicaResult]:
    results = train_group(group, replicas, data, CPU, lambda _: True)
    return sorted(results, key=lambda result: result.replica)


def scores(result: ReplicaResult) -> np.ndarray:
    assert result.selection is not None
    assert len(result.curve) == EPOCHS
    return np.asarray(result.selection.train_logits)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("network", NETWORKS)
def test_each_optimizer_trains_in_a_group_as_alone(
    network: str, loss: Loss, schedule: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the bit as a CPU updates replicas, and but for roundings as an accelerator does."""
    group, data = make_group(network, loss, schedule), make_data(LOSSES[loss])
    replicas = [make_replica(optimizer, seed) for seed, optimizer in enumerate(OPTIMIZERS)]
    alone = [scores(train(group, [each], data)[0]) for each in replicas]
    for found, one in zip(train(group, replicas, data), alone, strict=True):
        assert np.array_equal(scores(found), one)
    monkeypatch.setattr("models.training.stack.open_optimizer", StackedOptimizer)
    for found, one in zip(train(group, replicas, data), alone, strict=True):
        np.testing.assert_allclose(scores(found), one, rtol=1e-4, atol=1e-5)
    assert len({one.tobytes() for one in alone}) == len(OPTIMIZERS)
