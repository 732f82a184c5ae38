"""The space of a search."""

import math
from random import Random
from statistics import median

import pytest
from pydantic import ValidationError

from trial_sets.parameter import Parameter
from trial_sets.space import Dimension, SearchSpace, nest_options


def space(**dimensions: dict[str, object]) -> SearchSpace:
    return SearchSpace.model_validate({"dimensions": dimensions}, strict=False)


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ({"type": "int", "low": 64, "high": 256, "step": 64}, (64, 128, 192, 256)),
        ({"type": "int", "low": 1, "high": 3}, (1, 2, 3)),
        ({"type": "float", "low": 0.0, "high": 0.3, "step": 0.1}, (0.0, 0.1, 0.2, 0.3)),
        ({"type": "float", "low": 0.2, "high": 0.2}, (0.2,)),
        ({"type": "bool"}, (False, True)),
        ({"choices": (32, 64)}, (32, 64)),
        ({"type": "float", "low": 1e-4, "high": 5e-3, "log": True}, None),
    ],
)
def test_values_that_can_be_counted_are(
    said: dict[str, object], values: tuple[object, ...] | None
) -> None:
    dimension = Dimension.model_validate(said)
    assert dimension.values == values
    assert dimension.count() == (None if values is None else len(values))
    assert dimension.ends == ((1e-4, 5e-3) if values is None else (values[0], values[-1]))


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"type": "float", "low": 0.1}, "a range needs both ends, and high is missing"),
        ({"type": "int", "high": 3}, "a range needs both ends, and low is missing"),
        ({"type": "str"}, "a text needs choices"),
        ({"type": "float", "low": -1e308, "high": 1e308}, "low and high are too far apart"),
        ({"type": "int", "low": 0, "high": 1e16}, "low and high are too far apart for steps of 1"),
        (
            {"type": "float", "low": 0, "high": 1, "step": 1e-20},
            "low and high are too far apart for steps of 1e-20",
        ),
    ],
)
def test_what_has_no_ends_cannot_be_searched(said: dict[str, object], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        Dimension.of_parameter(Parameter.model_validate(said))


def test_a_conditional_dimension_varies_beside_its_values_alone() -> None:
    found = space(
        optimizer={"choices": ("adam", "sgd")},
        momentum={"type": "float", "low": 0.0, "high": 0.99, "when": {"optimizer": ("sgd",)}},
    )
    assert found.is_conditional
    assert found.list_active({"optimizer": "adam"}) == ["optimizer"]
    assert found.find_fault({"optimizer": "sgd", "momentum": 0.9}) is None
    assert found.find_fault({"optimizer": "adam"}) is None
    wrong = {"optimizer": "adam", "momentum": 0.9}
    assert found.find_fault(wrong) == "momentum does not vary beside the other values"
    assert found.find_fault({"optimizer": "sgd"}) == "momentum has no value"
    assert (
        found.find_fault({"optimizer": "lion"}) == 'optimizer="lion" is not one of "adam" or "sgd"'
    )


@pytest.mark.parametrize(
    ("when", "fault"),
    [
        ({"later": (1,)}, "names later, which is no dimension before it"),
        ({"first": (4,)}, "first is never 4"),
        ({"first": ("x",)}, 'first is never "x"'),
    ],
)
def test_a_condition_that_never_holds_is_refused(when: dict[str, object], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        space(
            first={"type": "int", "low": 1, "high": 3},
            second={"type": "bool", "when": when},
            later={"type": "int", "low": 1, "high": 3},
        )


@pytest.mark.parametrize(
    ("said", "middle"),
    [
        ({"type": "float", "low": 1e-4, "high": 1e-2, "log": True}, 1e-3),
        ({"type": "float", "low": 0.0, "high": 0.5}, 0.25),
        ({"type": "float", "low": 0.0, "high": 0.4, "step": 0.1}, 0.2),
        ({"type": "int", "low": 1, "high": 101}, 51),
        ({"type": "int", "low": 1, "high": 10_000, "log": True}, 100),
        ({"choices": (1, 2, 3)}, 2),
    ],
)
def test_values_are_drawn_evenly_on_their_scale(said: dict[str, object], middle: float) -> None:
    dimension = Dimension.model_validate(said)
    random = Random(0)
    drawn = [dimension.draw(random) for _ in range(2_000)]
    assert not [value for value in drawn if dimension.find_fault(value)]
    assert {type(value) for value in drawn} == {type(dimension.convert(dimension.draw(random)))}
    found = [float(value) for value in drawn]
    assert math.isclose(median(found), middle, rel_tol=0.15)


def test_a_point_has_a_value_of_what_is_active_alone() -> None:
    found = space(
        optimizer={"choices": ("adam", "sgd")},
        momentum={"type": "float", "low": 0.0, "high": 0.99, "when": {"optimizer": ("sgd",)}},
        bias={"type": "bool"},
    )
    random = Random(0)
    points = [found.draw_point(random) for _ in range(50)]
    assert not [point for point in points if found.find_fault(point)]
    assert {point["optimizer"] for point in points} == {"adam", "sgd"}
    assert all(("momentum" in point) is (point["optimizer"] == "sgd") for point in points)
    given = [found.draw_point(random, {"momentum": 0.9, "bias": True}) for _ in range(50)]
    assert {point.get("momentum", 0.9) for point in given} == {0.9}
    assert {point["bias"] for point in given} == {True}


def test_options_of_a_network_stand_in_a_dict_of_their_own() -> None:
    assert nest_options({"dropout": 0.1, "options.norm": "rms"}) == {
        "dropout": 0.1,
        "options": {"norm": "rms"},
    }
