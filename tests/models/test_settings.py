from typing import Any

import pytest

from models.architecture import Architecture
from models.settings import GroupSettings, ReplicaSettings

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
        ({"optimizer": "sgd"}, "optimizer='sgd' is not one of adam, adamw"),
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
        ({"schedule": "linear"}, "schedule='linear' is not one of constant, cosine"),
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
