import json

import pandas as pd
import pytest

from analysis.frames.frame import Space
from analysis.readers.optuna.distributions import parse_distribution
from trial_sets.errors import InputError


@pytest.mark.parametrize(
    ("name", "attributes", "space", "is_whole"),
    [
        ("FloatDistribution", {"log": False, "step": None}, (0.1, 8, False), False),
        ("FloatDistribution", {"log": True, "step": None}, (0.1, 8, True), False),
        ("IntDistribution", {"log": False, "step": 1}, (0.1, 8, False), True),
        ("UniformDistribution", {}, (0.1, 8, False), False),
        ("LogUniformDistribution", {}, (0.1, 8, True), False),
        ("DiscreteUniformDistribution", {"q": 0.1}, (0.1, 8, False), False),
        ("IntUniformDistribution", {"step": 1}, (0.1, 8, False), True),
        ("IntLogUniformDistribution", {"step": 1}, (0.1, 8, True), True),
    ],
)
def test_every_generation_of_numeric_distributions(
    name: str, attributes: dict[str, object], space: tuple[float, float, bool], is_whole: bool
) -> None:
    stored = {"name": name, "attributes": {"low": 0.1, "high": 8, **attributes}}
    found = parse_distribution(json.dumps(stored), "x.db")
    low, high, is_log = space
    step = attributes.get("step", attributes.get("q"))
    assert found.space == Space(low, high, is_log, step=step)  # type: ignore[arg-type]
    assert found.is_whole is is_whole


def test_the_abbreviated_form_is_read() -> None:
    found = parse_distribution('{"type": "int", "low": 1, "high": 8, "log": true}', "x.db")
    assert (found.space, found.is_whole) == (Space(1, 8, is_log=True), True)


def test_whole_numbers_are_rounded() -> None:
    found = parse_distribution(
        '{"name": "IntDistribution", "attributes": {"low": 1, "high": 9}}', "x"
    )
    assert list(found.decode(pd.Series([2.0000001, 3.0]))) == [2.0, 3.0]


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "CategoricalDistribution", "attributes": {"choices": ["adam", null, 3]}}',
        '{"type": "categorical", "choices": ["adam", null, 3]}',
    ],
)
def test_categories_are_looked_up(text: str) -> None:
    decoded = parse_distribution(text, "x").decode(pd.Series([0.0, 1.0, 2.0, 7.0]))
    assert list(decoded[:3]) == ["adam", "None", 3]
    assert pd.isna(decoded[3])


@pytest.mark.parametrize(
    ("choices", "space"),
    [
        ([64, 16, 32], Space(16, 64, is_log=False, choices=(64, 16, 32))),
        (["adam", None, True], ("adam", "None", "True")),
        ([], None),
    ],
)
def test_choices_are_declared_as_the_frame_knows_them(choices: list[object], space: object) -> None:
    stored = {"name": "CategoricalDistribution", "attributes": {"choices": choices}}
    found = parse_distribution(json.dumps(stored), "x").space
    assert (found.choices if isinstance(space, tuple) and found else found) == space


@pytest.mark.parametrize("text", ["{}", "[1]", '{"name": "X", "attributes": 3}', "nonsense"])
def test_what_is_no_distribution_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"x\.db, hyperparameter lr"):
        parse_distribution(text, "x.db, hyperparameter lr")
