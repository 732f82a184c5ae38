"""A configuration is checked as a whole, and named by its content."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.trial_sets.conftest import STUDY
from trial_sets.configuration import (
    Configuration,
    FreeConfiguration,
    LstmConfiguration,
    Overrides,
    batch_size_for,
    said,
)

FIELDS = {**STUDY["base"], "dropout": 0.5, "learning_rate": 1e-4}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("width", "rows"), [(96, 128), (127, 128), (128, 64), (255, 64), (256, 32), (512, 32)]
)
def test_default_batch_size_is_the_first_rounds(width: int, rows: int) -> None:
    assert batch_size_for(width) == rows


def test_a_batch_size_of_ones_own_stands() -> None:
    assert Configuration.model_validate({**FIELDS, "batch_size": 7}).batch_size == 7


def test_equal_configurations_have_one_key() -> None:
    one = Configuration.model_validate({**FIELDS, "dropout": 0.5, "weight_decay": 0.0})
    other = Configuration.model_validate({"weight_decay": 0, **FIELDS, "batch_size": 128})
    assert one == other
    assert one.key == other.key


def test_options_are_the_same_in_any_order() -> None:
    one = Configuration.model_validate({**FIELDS, "options": {"a": 1, "b": 2}})
    other = Configuration.model_validate({**FIELDS, "options": {"b": 2, "a": 1}})
    assert one == other
    assert hash(one) == hash(other)
    assert one.key == other.key


@pytest.mark.parametrize(
    ("field", "value"), [("dropout", 0.51), ("revin", False), ("epochs", 49), ("patch", 8)]
)
def test_any_field_changes_the_key(field: str, value: object) -> None:
    assert Configuration.model_validate(FIELDS).key != (
        Configuration.model_validate({**FIELDS, field: value}).key
    )


# field: values at and within the limits, values beyond them
LIMITS: dict[str, tuple[list[Any], list[Any]]] = {
    "d_model": ([2, 65_536], [0, -2, 65_538, 2.0, True]),
    "n_layers": ([1, 128], [0, 129]),
    "n_heads": ([1, 16], [0, 32]),
    "d_ff_ratio": ([1, 64], [0, 65]),
    "dropout": ([0, 0.0, 0.999], [1.0, -0.1, float("nan")]),
    "learning_rate": ([1e-12, 1e6], [0.0, -1e-4, 1.1e6, float("inf")]),
    "weight_decay": ([0.0, 1e6], [-1e-9, 1.1e6]),
    "batch_size": ([1, 1_000_000], [0, 1_000_001, 32.0]),
    "epochs": ([1, 100_000], [0, 100_001]),
    "patience": ([1, 1_000_000], [0]),
    "min_delta": ([0.0, 0.5, 1e9], [-0.001, float("inf")]),
    "optimizer": (["adam", "adamw", "sgd", "rmsprop"], ["Adam", "lion", None]),
    "momentum": ([0.0], [1.0, -0.1, 0.9]),  # which goes with sgd and rmsprop
    "schedule": (["constant", "cosine", "linear", "one_cycle"], ["plateau", "step", "exponential"]),
    "step_size": ([None], [0, 3]),  # which goes with step
    "gamma": ([None], [1.0, 0.0, 0.5]),
    "final_factor": ([0.0], [1.0, -0.1, 0.5]),
    "warmup_fraction": ([0.0, 0.1, 0.999], [1.0, -0.1]),
    "gradient_clip": ([None, 1e-3, 1e6], [0.0, -1.0, float("inf")]),
    "loss": ([None, "bce", "mse"], ["hinge"]),
    "label_smoothing": ([0.0, 0.1], [1.0, -0.1]),
    "positive_class_weight": ([1e-3, 4.6], [0.0, -1.0]),
    "context": ([16, 1_000_000], [15, 0]),
    "patch": ([8, 80], [7, 81, 0]),
    "stride": ([1, 16], [0, 17]),
    "revin": ([True, False], [1, "yes", None]),
    "options": (
        [{}, {"depth": 3, "rate": 0.1, "fast": True, "kind": "trees"}],
        [[], {"x": [1]}, {"x": None}, {"x": float("nan")}, {f"x{i}": i for i in range(101)}],
    ),
}


def test_every_field_has_a_limit_that_is_tested_and_a_description() -> None:
    assert list(LIMITS) == list(Configuration.model_fields)
    assert all(field.description for field in Configuration.model_fields.values())
    fields = LstmConfiguration.model_fields.keys() | Configuration.model_fields.keys()
    assert Overrides.model_fields.keys() == fields


@pytest.mark.parametrize(("field", "value"), [(f, v) for f in LIMITS for v in LIMITS[f][0]])
def test_a_trial_may_set_every_field_within_its_limits(field: str, value: object) -> None:
    configuration = Configuration.model_validate({**FIELDS, field: value})
    assert getattr(configuration, field) == value
    assert said(Overrides.model_validate({field: value})) == {field: value}


@pytest.mark.parametrize(("field", "value"), [(f, v) for f in LIMITS for v in LIMITS[f][1]])
def test_a_value_beyond_its_limits_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError, match=field):
        Configuration.model_validate({**FIELDS, field: value})


def test_a_changed_copy_has_a_key_of_its_own() -> None:
    one = FreeConfiguration(parameters={"depth": 1})
    assert one.key == one.model_copy().key
    other = one.model_copy(update={"parameters": {"depth": 2}})
    assert other.key == FreeConfiguration(parameters={"depth": 2}).key != one.key
    assert one == FreeConfiguration(parameters={"depth": 1})
