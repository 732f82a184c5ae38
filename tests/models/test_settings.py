from typing import Any

import pytest

from models.architecture import Architecture, LstmArchitecture
from models.settings import GroupSettings, ReplicaSettings
from models.task import Task

REPLICA = {"seed": 0, "dropout": 0.3, "learning_rate": 5e-5, "weight_decay": 1e-4}
GROUP = {"architecture": Architecture(n_features=5), "batch_size": 64}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": -1}, "seed=-1 is not at least 0"),
        ({"dropout": 1.0}, r"dropout=1.0 is not in \[0, 1\)"),
        ({"learning_rate": 0.0}, "learning_rate=0.0 is not finite and above 0"),
        ({"learning_rate": float("nan")}, "learning_rate=nan is not finite"),
        ({"weight_decay": -1e-4}, "weight_decay=-0.0001 is not finite and at least 0"),
        ({"optimizer": "lion"}, "optimizer='lion' is not one of adam, adamw, sgd, rmsprop"),
        ({"momentum": 1.0, "optimizer": "sgd"}, r"momentum=1.0 is not in \[0, 1\)"),
        ({"momentum": 0.9}, "momentum=0.9 has no effect with optimizer adam: it goes with sgd"),
        ({"label_smoothing": 1.0}, r"label_smoothing=1.0 is not in \[0, 1\)"),
        ({"positive_class_weight": 0.0}, "positive_class_weight=0.0 is not finite and above 0"),
        ({"gradient_clip": 0.0}, "gradient_clip=0.0 is not finite and above 0"),
    ],
)
def test_impossible_replica_settings_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ReplicaSettings(**{**REPLICA, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch_size": 0}, "batch_size=0 is not at least 1"),
        ({"epochs": 0}, "epochs=0 is not at least 1"),
        ({"patience": 0}, "patience=0 is not at least 1"),
        ({"min_delta": -0.1}, r"min_delta=-0.1 is not in \[0, 1\)"),
        ({"schedule": "flat"}, "schedule='flat' is not one of constant, step, exponential"),
        ({"schedule": "step"}, "step_size=None is not at least 1"),
        ({"task": "multiclass"}, "metric='auc' is not one of macro_f1, accuracy"),
        ({"task": "multiclass", "metric": "accuracy"}, "outputs=1 of a network for task multicl"),
        ({"architecture": Architecture(5, outputs=2)}, "outputs=2 .* task binary, expected 1"),
        ({"loss": "mse"}, "loss='mse' is not one of bce, the losses of task binary"),
        ({"task": "regression", "metric": "rmse", "min_delta": -1.0}, "min_delta=-1.0 is not fin"),
        ({"task": "regression", "metric": "r2", "min_delta": float("inf")}, "min_delta=inf is no"),
        ({"warmup_fraction": 1.0}, r"warmup_fraction=1.0 is not in \[0, 1\)"),
    ],
)
def test_impossible_group_settings_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        GroupSettings(**{**GROUP, **changes})


def rate_factors(**settings: Any) -> list[float]:
    group = GroupSettings(**GROUP, epochs=4, **settings)
    return [group.learning_rate_factor(step, steps_per_epoch=2) for step in range(8)]


def test_a_constant_rate_is_constant() -> None:
    assert rate_factors() == [1.0] * 8


def test_a_cosine_rate_falls_from_one_to_nearly_zero() -> None:
    factors = rate_factors(schedule="cosine")
    assert factors[0] == 1.0
    assert factors[4] == pytest.approx(0.5)
    assert factors[7] == pytest.approx(0.0380602, abs=1e-7)  # (1 + cos(7 pi / 8)) / 2
    assert factors == sorted(factors, reverse=True)


def test_a_warm_up_rises_linearly_and_the_cosine_starts_after_it() -> None:
    factors = rate_factors(schedule="cosine", warmup_fraction=0.5)
    assert factors[:5] == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert factors[6] == pytest.approx(0.5)


def test_an_error_may_have_to_fall_by_any_number() -> None:
    group = GroupSettings(**GROUP, task="regression", metric="rmse", min_delta=250.0)
    assert (group.trained_loss, group.min_delta) == ("mse", 250.0)
    assert GroupSettings(**GROUP, task="regression", metric="r2", loss="mae").trained_loss == "mae"


@pytest.mark.parametrize(
    ("task", "metric", "outputs", "given"),
    [
        ("binary", "auc", 1, {"label_smoothing": 0.1, "positive_class_weight": 2.0}),
        ("multiclass", "macro_f1", 3, {"label_smoothing": 0.1}),
        ("regression", "rmse", 1, {}),
    ],
)
def test_a_group_admits_what_has_an_effect_on_its_task(
    task: Task, metric: str, outputs: int, given: dict[str, Any]
) -> None:
    architecture = LstmArchitecture(n_features=5, outputs=outputs)
    group = GroupSettings(architecture, batch_size=64, task=task, metric=metric)
    group.admit(ReplicaSettings(**REPLICA, **given))
    for name, value in (("label_smoothing", 0.1), ("positive_class_weight", 2.0)):
        if name not in given:
            with pytest.raises(ValueError, match=f"{name}={value} has no effect on task {task}"):
                group.admit(ReplicaSettings(**REPLICA, **{name: value}))
