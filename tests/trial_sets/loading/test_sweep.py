"""A sweep of Weights & Biases is a grid where it lists values, and refused where it draws them."""

from typing import Any

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.sweep import is_sweep, list_unused, read_run_values, read_sweep

VALUES = {"lr": {"values": [1e-3, 1e-4]}}


@pytest.mark.parametrize(
    ("content", "axes"),
    [
        ({"method": "grid", "parameters": VALUES}, {"lr": [1e-3, 1e-4]}),
        ({"parameters": {**VALUES, "epochs": {"value": 5}}}, {"lr": [1e-3, 1e-4], "epochs": [5]}),
        (
            {"method": "grid", "parameters": {"optim": {"parameters": VALUES}, "wd": 0.1}},
            {"optim.lr": [1e-3, 1e-4], "wd": [0.1]},
        ),
        (
            {"method": "grid", "parameters": {"lr": {"distribution": "constant", "value": 1}}},
            {"lr": [1]},
        ),
    ],
)
def test_lists_of_values_are_read(content: dict[str, Any], axes: dict[str, list[Any]]) -> None:
    assert is_sweep(content)
    assert read_sweep(content, "own.yaml") == axes


@pytest.mark.parametrize(
    "content",
    [
        {"parameters": {"lr": 1e-3}},
        {"parameters": [1], "method": "grid"},
        {"A1": {"lr": 1}, "parameters": VALUES},
        {"lr": {"values": [1]}},
    ],
)
def test_what_only_looks_like_a_sweep_is_none(content: dict[str, Any]) -> None:
    assert not is_sweep(content)


@pytest.mark.parametrize(
    ("method", "lr", "message"),
    [
        ("random", {"values": [1]}, r'own\.yaml: the sweep\'s method is "random", which chooses'),
        ("bayes", {"values": [1]}, r'the sweep\'s method is "bayes", which chooses trials while'),
        (None, {"values": [1]}, r"the sweep's method is null"),
        ("grid", {"min": 0.1, "max": 1}, r'lr is \{"min": 0\.1, "max": 1\}, which lists no values'),
        (
            "grid",
            {"distribution": "uniform", "values": [1]},
            r"lr is .* which lists no values: give",
        ),
        ("grid", {"values": 3}, r"lr is .* which lists no values"),
        ("grid", {"values": [1], "probabilities": [1]}, r"lr is .* which lists no values"),
        ("grid", {}, r"lr is \{\}, which lists no values"),
    ],
)
def test_what_is_drawn_is_refused(method: object, lr: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_sweep({"method": method, "parameters": {"lr": lr}}, "own.yaml")


def test_what_trials_have_no_use_for_is_listed() -> None:
    content = {"program": "x.py", "method": "grid", "name": "x", "metric": {}, "parameters": VALUES}
    assert list_unused(content) == ["program", "metric"]


def test_the_configuration_of_a_run_is_its_values() -> None:
    content = {
        "wandb_version": 1,
        "_wandb": {},
        "lr": {"desc": None, "value": 1},
        "x": {"value": 2},
    }
    assert read_run_values(content) == {"lr": 1, "x": 2}


@pytest.mark.parametrize(
    "content", [{}, {"A1": {"lr": 1}}, {"lr": {"value": 1}, "A1": {}}, {"a": {"value": 1, "lr": 2}}]
)
def test_trials_are_no_configuration_of_a_run(content: dict[str, Any]) -> None:
    assert read_run_values(content) is None
