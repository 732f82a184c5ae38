"""A study's own hyperparameters have types, ranges and choices."""

from typing import Any

import pytest

from trial_sets.errors import InputError
from trial_sets.parameter import Parameter, check_said, check_values
from trial_sets.strict_json import check


def make(**said: Any) -> Parameter:
    return check(Parameter, said, "parameter x")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"type": "float"}, "float"),
        ({"choices": [1, 2]}, "int"),
        ({"choices": [1, 2.5]}, "float"),
        ({"choices": [True, False]}, "bool"),
        ({"choices": ["a"]}, "str"),
        ({"type": "float", "choices": [1, 2]}, "float"),
    ],
)
def test_a_type_is_said_or_shown_by_the_choices(said: dict[str, Any], kind: str) -> None:
    assert make(**said).kind == kind


@pytest.mark.parametrize(
    ("kind", "value", "converted"),
    [
        *(("float", 1, 1.0), ("float", 0.5, 0.5), ("float", 10**400, None)),
        *(("float", True, None), ("float", "1", None)),
        *(("int", 3, 3), ("int", 3.0, 3), ("int", 3.5, None), ("int", True, None)),
        *(("bool", True, True), ("bool", 1, None)),
        *(("str", "a", "a"), ("str", 1, None)),
    ],
)
def test_a_value_becomes_one_of_its_type_or_none(kind: str, value: Any, converted: Any) -> None:
    found = make(type=kind).convert(value)
    assert found == converted
    assert type(found) is type(converted)


def test_a_negative_zero_is_zero() -> None:
    assert str(make(type="float").convert(-0.0)) == "0.0"


@pytest.mark.parametrize(
    ("said", "value", "fault"),
    [
        ({"type": "int", "low": 1, "high": 8}, 1, None),
        ({"type": "int", "low": 1, "high": 8}, 8, None),
        ({"type": "int", "low": 1, "high": 8}, 0, "lies below low=1"),
        ({"type": "int", "low": 1, "high": 8}, 9, "lies above high=8"),
        ({"type": "int", "low": 1, "step": 3}, 7, None),
        ({"type": "int", "low": 1, "step": 3}, 8, "is no whole number of steps of 3 from low=1"),
        ({"type": "float", "low": 0.1, "step": 0.1}, 0.3, None),  # 0.30000000000000004 of steps
        ({"type": "float", "low": 0, "step": 0.1}, 0.25, "is no whole number of steps of 0.1 from"),
        ({"type": "float", "low": -1e308, "step": 1e-300}, 1e308, None),  # more steps than numbers
        ({"type": "float", "log": True}, 0.0, "has no place on a logarithmic scale"),
        ({"choices": ["relu", "gelu"]}, "gelu", None),
        ({"choices": ["relu", "gelu"]}, "tanh", 'is not one of "relu" or "gelu"'),
        ({"type": "float", "choices": [1, 2]}, 2.0, None),
        ({"choices": list(range(50))}, 50, "is not one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 or 39"),
        ({"type": "bool"}, True, None),
        ({"type": "str"}, "", None),
    ],
)
def test_a_value_outside_of_what_is_declared_is_a_fault(
    said: dict[str, Any], value: Any, fault: str | None
) -> None:  # fmt: skip
    found = make(**said).find_fault(value)
    assert found is None if fault is None else str(found).startswith(fault)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({}, r"a parameter needs type or choices"),
        ({"type": "number"}, r"type=\"number\", expected 'float', 'int', 'bool' or 'str'"),
        ({"typ": "int"}, r"unknown key \"typ\"; did you mean type\?"),
        ({"type": "float", "low": True}, r"low=true, expected number"),
        ({"type": "float", "low": 2, "high": 1}, r"low=2 is above high=1"),
        ({"type": "float", "low": 0, "log": True}, r"low=0: a logarithmic scale begins above 0"),
        ({"type": "float", "high": -1, "log": True}, r"high=-1: a logarithmic scale begins above"),
        ({"type": "float", "low": 1, "log": True, "step": 1}, r"step goes without log: no steps"),
        ({"type": "float", "step": 1}, r"step counts from low, which is missing"),
        ({"type": "float", "low": 0, "step": 0}, r"step=0, expected greater than 0"),
        ({"type": "int", "low": 1, "high": 8, "step": 9}, r"step=9 leads from low=1 beyond high=8"),
        ({"type": "int", "low": 1.5}, r"low=1\.5 of an int is no whole number"),
        ({"type": "bool", "low": 0}, r"type bool goes without low, high, step and log"),
        ({"type": "str", "log": True}, r"type str goes without low, high, step and log"),
        ({"choices": [1, 2], "low": 1}, r"choices go without low, high, step and log"),
        ({"choices": []}, r"choices=\[\], expected at least 1 item"),
        ({"choices": [1, "a"]}, r"choices are of several types: int, str"),
        ({"choices": [1, True]}, r"choices are of several types: bool, int"),
        ({"choices": [[1]]}, r"choices: 0=\[1\], expected finite number, text, true or false"),
        ({"choices": [None]}, r"choices: 0=null, expected finite number, text, true or false"),
        ({"type": "int", "choices": ["a"]}, r"choices: \"a\" is no int"),
        ({"choices": [1, 2, 1.0]}, r"choices: 1\.0 stands twice"),
    ],
)
def test_a_parameter_that_says_too_little_or_too_much_is_refused(
    said: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=f"^parameter x: {message}"):
        make(**said)


RATE, DEPTH, ACT = make(type="float"), make(type="int"), make(choices=["relu", "gelu"])
PARAMETERS = {"rate": RATE, "depth": DEPTH, "act": ACT}


def test_values_come_in_the_order_of_their_parameters() -> None:
    values = check_values(PARAMETERS, {"act": "tanh", "depth": 2.0, "rate": 1}, "trial A1")
    assert list(values.items()) == [("rate", 1.0), ("depth", 2), ("act", "tanh")]
    assert (type(values["rate"]), type(values["depth"])) == (float, int)


def test_what_is_said_may_be_a_part() -> None:
    assert check_said(PARAMETERS, {"depth": 3}, "base") == {"depth": 3}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"dept": 1}, r"unknown parameter \"dept\"; did you mean depth\?"),
        ({"Depth": 1}, r"unknown parameter \"Depth\"; did you mean depth\?"),
        ({"dropout": 1}, r"unknown parameter \"dropout\"; valid: act, depth, rate"),
        ({"depth": "3"}, r"depth=\"3\", expected a value of type int"),
        ({"act": 3}, r"act=3, expected one of \"relu\" or \"gelu\""),
        ({"rate": [1]}, r"rate=\[1\], expected a value of type float"),
        ({"rate": 1, "depth": 1}, r"the parameter act has no value; give it in the trial or, for "),
        ({"rate": 1}, r"the parameters depth and act have no value; give them in the trial or, "),
    ],
)
def test_values_that_do_not_fit_are_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=f"^trial A1: {message}"):
        check_values(PARAMETERS, values, "trial A1")
