"""Declared ranges as those of a frame."""

import math

from analysis.frames.spaces import declare_spaces
from trial_sets.parameter import Parameter


def test_a_declared_range_and_its_scale_are_kept() -> None:
    space = declare_spaces({"rate": Parameter(type="float", low=1e-5, high=0.1, log=True)})["rate"]
    assert (space.low, space.high, space.is_log, space.step) == (1e-5, 0.1, True, None)


def test_an_open_end_is_infinite() -> None:
    space = declare_spaces({"depth": Parameter(type="int", low=1, step=2)})["depth"]
    assert (space.low, space.high, space.step) == (1, math.inf, 2)


def test_choices_are_numbers_or_words() -> None:
    found = declare_spaces(
        {"n": Parameter(choices=(8, 4)), "act": Parameter(choices=("relu", "gelu"))}
    )
    assert (found["n"].low, found["n"].high, found["n"].choices) == (4, 8, (8.0, 4.0))
    assert math.isnan(found["act"].low)
    assert found["act"].choices == ("relu", "gelu")


def test_a_type_alone_declares_no_range() -> None:
    assert declare_spaces({"x": Parameter(type="float"), "on": Parameter(type="bool")}) == {}


def test_a_name_that_a_standard_column_has_is_that_of_its_column() -> None:
    assert list(declare_spaces({"horizon": Parameter(type="int", low=1)})) == ["horizon_"]
