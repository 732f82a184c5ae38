"""Scales and reaches suit what varies."""

from typing import Any

import pytest

from tests.trial_sets.linting.conftest import USUAL, lint, only

SCALES: list[tuple[dict[str, Any], str | None]] = [
    (
        {**USUAL, "learning_rate": {"type": "float", "low": 1e-4, "high": 1e-2}},
        "dimension learning_rate: a linear scale from 0.0001 to 0.01 draws 91% of its values from "
        '0.001 upwards; give "log": true',
    ),
    (
        {**USUAL, "weight_decay": {"type": "float", "low": 0.0, "high": 0.1}},
        "dimension weight_decay: a linear scale from 0 to 0.1 draws 90% of its values from 0.01 "
        'upwards; give "log": true and begin at a small value such as 1e-06, as a logarithm cannot '
        "at 0",
    ),
    (
        {**USUAL, "weight_decay": {"type": "float", "low": 0.02, "high": 0.1}},
        "dimension weight_decay: a linear scale from 0.02 to 0.1 draws evenly by differences, and "
        'what counts are factors; give "log": true',
    ),
    (
        {**USUAL, "d_model": {"type": "int", "low": 8, "high": 256, "step": 8}},
        "dimension d_model: a linear scale from 8 to 256 draws 93% of its values from 25.6 "
        'upwards; give "log": true without step, or choices of which each is a multiple of the one '
        "before",
    ),
    ({**USUAL, "d_model": {"type": "int", "low": 64, "high": 256, "step": 64}}, None),
    ({**USUAL, "d_model": {"type": "int", "low": 8, "high": 256, "log": True}}, None),
    ({**USUAL, "dropout": {"type": "float", "low": 0.01, "high": 0.5}}, None),
    ({**USUAL, "momentum": {"type": "float", "low": 0.01, "high": 0.99}}, None),
    ({**USUAL, "warmup_fraction": {"type": "float", "low": 0.001, "high": 0.2}}, None),
    (
        {**USUAL, "weight_decay": {"choices": [0.0, 0.025, 0.05, 0.075, 0.1]}},
        "dimension weight_decay: its choices are evenly spaced, and its effect goes by factors; "
        "let each choice be a multiple of the one before, or give a range with log",
    ),
    ({**USUAL, "weight_decay": {"choices": [0.0, 1e-4, 1e-3, 1e-2]}}, None),
    (
        {**USUAL, "learning_rate": {"type": "float", "low": 5e-3, "high": 1e-2, "log": True}},
        "dimension learning_rate: the learning rate varies by a factor 2, less than a decade, so "
        "that the best may lie outside; begin with several decades, such as 1e-5 to 1e-1, and "
        "narrow them afterwards",
    ),
    ({**USUAL, "learning_rate": {"type": "float", "low": 1e-3, "high": 1e-2, "log": True}}, None),
    (
        {**USUAL, "learning_rate": {"choices": [0.008, 0.01]}},
        "dimension learning_rate: the learning rate varies by a factor 1.25, less than a decade",
    ),
    (
        {**USUAL, "dropout": {"choices": [0.0, 0.3, 0.6, 0.9]}},
        "dimension dropout: a dropout of up to 0.9 leaves little to learn with; end at 0.8",
    ),
    ({**USUAL, "dropout": {"type": "float", "low": 0.0, "high": 0.8}}, None),
]


@pytest.mark.parametrize(("dimensions", "said"), SCALES)
def test_scales_are_those_of_what_varies(dimensions: dict[str, Any], said: str | None) -> None:
    remarks = lint(dimensions)
    assert remarks == () if said is None else only(remarks).startswith(said)
