"""The range test of both networks, on each task."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from models.architecture import AnyArchitecture, Architecture, LstmArchitecture
from models.objective import METRICS
from models.rate_range import list_rates, suggest_rates
from models.settings import GroupSettings, ReplicaSettings
from models.task import Task
from models.training.range_test import RangeCurve, run_range_test
from models.training.windows import TrainingData

pytestmark = pytest.mark.usefixtures("one_thread")

CPU = torch.device("cpu")
T, CONTEXT = 400, 6
NETWORKS: dict[str, AnyArchitecture] = {
    "transformer": Architecture(3, CONTEXT, patch=2, stride=2, d_model=8, n_layers=1, n_heads=2),
    "lstm": LstmArchitecture(3, CONTEXT, hidden_size=8, n_layers=1),
}
TASKS: list[Task] = ["binary", "multiclass", "regression"]
REPLICA = ReplicaSettings(0, 0.0, 1e-3, 0.0)


def make_data(task: Task, scale: float = 1.0) -> TrainingData:
    rng = np.random.default_rng(5)
    features = rng.normal(size=(T, 3)).astype(np.float32)
    signal = features[:, 0] + 0.5 * features[:, 1]
    labels: dict[Task, Any] = {
        "binary": (signal > 0).astype(np.int8),
        "multiclass": np.digitize(signal, [-0.5, 0.5]).astype(np.int32),
        "regression": scale * (4.0 + signal.astype(np.float64)),
    }
    return TrainingData(features, labels[task], np.arange(CONTEXT, 360), np.arange(365, T))


def run(
    network: str,
    task: Task,
    replica: ReplicaSettings = REPLICA,
    data: TrainingData | None = None,
    **changes: Any,
) -> RangeCurve:
    outputs = 3 if task == "multiclass" else 1
    architecture = replace(NETWORKS[network], outputs=outputs)
    settings: dict[str, Any] = {"batch_size": 16, "task": task, "metric": METRICS[task][0]}
    group = GroupSettings(architecture, **{**settings, **changes})
    return run_range_test(group, replica, data or make_data(task), CPU)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("network", NETWORKS)
def test_a_range_is_found_for_each_network_and_task(network: str, task: Task) -> None:
    curve = run(network, task)
    assert len(curve.rates) == len(curve.losses) > 150
    assert np.isfinite(curve.losses).all()
    np.testing.assert_allclose(curve.rates, list_rates(300)[: len(curve.rates)])
    found = suggest_rates(curve.rates, curve.losses)
    assert found is not None
    assert 1e-6 < found.low < found.high < 3


def test_the_first_steps_hardly_learn_and_the_test_ends_where_the_loss_explodes() -> None:
    curve = run("transformer", "regression", replace(REPLICA, optimizer="sgd"))
    first = np.mean(curve.losses[:30])
    assert first == pytest.approx(np.var(make_data("regression").labels), rel=0.5)
    assert len(curve.rates) < 300
    assert curve.losses[-1] > 4 * first


def test_schedule_and_rate_of_the_settings_have_no_part_in_it() -> None:
    plain = run("lstm", "binary")
    other = replace(REPLICA, learning_rate=0.5)
    schedule = {"schedule": "cosine", "final_factor": 0.1, "warmup_fraction": 0.3}
    assert run("lstm", "binary", other, **schedule) == plain
    assert run("lstm", "binary", other, schedule="step", step_size=1, gamma=0.5) == plain
    assert run("lstm", "binary", replace(REPLICA, seed=1)) != plain
    assert run("lstm", "binary", replace(REPLICA, weight_decay=0.1)) != plain


def test_a_pass_over_many_rows_is_as_many_steps() -> None:
    curve = run("transformer", "binary", batch_size=1)
    np.testing.assert_allclose(curve.rates, list_rates(354)[: len(curve.rates)])
    assert len(curve.rates) > 300


def test_losses_are_in_units_of_the_label() -> None:
    small, large = (run("lstm", "regression", data=make_data("regression", x)) for x in (1, 100))
    np.testing.assert_allclose(np.array(small.losses[:150]) * 1e4, large.losses[:150], rtol=1e-3)


def test_a_missing_number_leaves_no_curve() -> None:
    data = make_data("binary")
    data.features[:] = np.nan
    assert run("transformer", "binary", data=data) == RangeCurve((), ())


def test_data_and_settings_are_checked_as_for_a_fit() -> None:
    with pytest.raises(ValueError, match=r"label_smoothing=0\.1 has no effect"):
        run("lstm", "regression", replace(REPLICA, label_smoothing=0.1))
    with pytest.raises(ValueError, match="both 0 and 1"):
        run("lstm", "binary", data=make_data("multiclass"))
