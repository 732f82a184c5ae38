"""What depends on each other is searched together."""

from typing import Any

import pytest

from tests.trial_sets.linting.conftest import RATE, USUAL, WARM, lint, make_bare_study, only
from trial_sets.configuration import LstmConfiguration

COMPANIONS: list[tuple[dict[str, Any], dict[str, Any], str | None]] = [
    (
        {"batch_size": {"choices": [32, 64]}},
        {"learning_rate": 1e-4},
        "dimension batch_size: the batch size varies while the learning rate does not vary, at "
        "0.0001: the best rate grows about as its root; let the learning rate vary too",
    ),
    (
        {"n_layers": {"choices": [1, 2]}, "d_model": {"choices": [32, 64]}},
        {"learning_rate": 1e-4},
        "dimensions n_layers and d_model: the architecture varies while the learning rate does not",
    ),
    (
        {"warmup_fraction": WARM},
        {"learning_rate": 1e-4},
        "dimension warmup_fraction: the warm-up varies while the learning rate does not vary, at",
    ),
    ({**USUAL, "batch_size": {"choices": [32, 64]}, "n_layers": {"choices": [1, 2]}}, {}, None),
    (
        {**USUAL, "weight_decay": {"choices": [1e-4, 1e-2]}},
        {"optimizer": "adam"},
        "dimension weight_decay: with adam the decay is added to the gradient (L2)",
    ),
    (
        {
            **USUAL,
            "optimizer": {"choices": ["adam", "adamw"]},
            "weight_decay": {"choices": [0.1, 1]},
        },
        {},
        "dimension weight_decay: with adam the decay is added to the gradient (L2)",
    ),
    (
        {
            **USUAL,
            "optimizer": {"choices": ["adam", "adamw"]},
            "weight_decay": {"choices": [0.1, 1], "when": {"optimizer": ["adamw"]}},
        },
        {},
        None,
    ),
    ({**USUAL, "weight_decay": {"choices": [1e-4, 1e-2]}}, {"optimizer": "sgd"}, None),
    (
        {"learning_rate": RATE},
        {},
        "dimension learning_rate: a transformer is trained at rates of up to 0.01 without a warm-u",
    ),
    ({"learning_rate": {**RATE, "high": 5e-4}}, {}, None),
    ({"learning_rate": RATE}, {"warmup_fraction": 0.1}, None),
    ({"learning_rate": RATE}, {"schedule": "one_cycle"}, None),
    (
        {"dropout": {"choices": [0.1, 0.2]}},
        {"learning_rate": 1e-3},
        "space: a transformer is trained at rates of up to 0.001 without a warm-up",
    ),
    (
        {**USUAL, "optimizer": {"choices": ["sgd", "adamw", "rmsprop"]}},
        {},
        "dimensions optimizer and learning_rate: sgd, adamw and rmsprop share one range of le",
    ),
    ({**USUAL, "optimizer": {"choices": ["rmsprop", "adamw"]}}, {}, None),
]


@pytest.mark.parametrize(("dimensions", "fixed", "said"), COMPANIONS)
def test_what_belongs_together_is_searched_together(
    dimensions: dict[str, Any], fixed: dict[str, Any], said: str | None
) -> None:
    remarks = lint(dimensions, **fixed)
    assert remarks == () if said is None else only(remarks).startswith(said)


def test_the_lstm_needs_no_warm_up() -> None:
    study = make_bare_study().model_copy(
        update={
            "trainer": "lstm",
            "base": LstmConfiguration(hidden_size=8, n_layers=1, dropout=0.0, learning_rate=1e-3),
        }
    )
    assert lint({"learning_rate": RATE}, study=study) == ()
