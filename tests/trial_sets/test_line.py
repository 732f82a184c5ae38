"""A line is one hyperparameter varied with all else equal."""

import math
from typing import Any

import pytest

from tests.trial_sets.conftest import FULL
from trial_sets.configuration import Configuration
from trial_sets.line import Line, differing_fields


def configure(**changes: Any) -> Configuration:
    return Configuration.model_validate({**FULL, **changes})


def test_a_line_goes_through_configurations_that_differ_in_one_hyperparameter() -> None:
    line = Line.through(configure(dropout=0.2), configure(dropout=0.4))
    assert line is not None
    assert line.field == "dropout"
    assert line.place(configure(dropout=0.7)) == 0.7
    assert line.place(configure(dropout=0.7, weight_decay=1e-3)) is None


@pytest.mark.parametrize("changes", [{}, {"dropout": 0.2, "n_layers": 3}])
def test_no_line_goes_through_equal_or_doubly_different_ones(changes: dict[str, Any]) -> None:
    assert Line.through(configure(), configure(**changes)) is None


def test_the_batch_size_goes_with_the_width() -> None:
    narrow, wide = configure(d_model=64), configure(d_model=256)
    assert (narrow.batch_size, wide.batch_size) == (128, 32)
    assert differing_fields(narrow, wide) == ("d_model",)
    line = Line.through(narrow, wide)
    assert line is not None
    assert line.place(configure(d_model=128)) == 128
    assert differing_fields(narrow, configure(d_model=64, batch_size=32)) == ("batch_size",)


def test_an_unlimited_gradient_lies_beyond_every_limit() -> None:
    line = Line.at(configure(), "gradient_clip")
    assert line.place(configure()) == math.inf
    assert line.place(configure(gradient_clip=1.0)) == 1.0


@pytest.mark.parametrize(("field", "value"), [("optimizer", "adamw"), ("revin", False)])
def test_a_choice_has_no_order(field: str, value: object) -> None:
    line = Line.through(configure(), configure(**{field: value}))
    assert line is not None
    assert line.place(configure()) is None


def test_an_option_of_a_trainer_of_ones_own_is_a_hyperparameter() -> None:
    shallow, deep = configure(options={"depth": 2}), configure(options={"depth": 6})
    line = Line.through(shallow, deep)
    assert line is not None
    assert line.field == "options.depth"
    assert line.place(deep) == 6
    assert line.place(configure()) is None
    assert line.place(configure(options={"depth": 4, "rate": 0.1})) is None
    assert differing_fields(shallow, configure()) == ("options.depth",)
