"""A space that is written is read as it was, also by way of Optuna's distributions."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
    distribution_to_json,
    json_to_distribution,
)

from trial_sets.errors import InputError
from trial_sets.loading.space_file import load_space
from trial_sets.space import Dimension, SearchSpace
from trial_sets.vocabulary import DeclaredVocabulary
from trial_sets.writing.space_file import (
    SpaceForm,
    describe_distribution,
    list_distributions,
    write_space,
)

NAMES = ("rate", "depth", "act", "true", "model.width")
WORDS = DeclaredVocabulary(NAMES)
FLOATS = st.floats(1e-6, 1e6) | st.integers(0, 99).map(lambda n: n / 10)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=6) | st.sampled_from(
    ["1e-4", "no", "null", "~", "true", "0x1", "{}", "a: b", "# x", "\x7f", "\ufeff", "😀"]
)


@st.composite
def draw_float(draw: st.DrawFn) -> dict[str, Any]:
    low, high = sorted([draw(FLOATS), draw(FLOATS)])
    log = low > 0 and draw(st.booleans())
    steps = draw(st.none() | st.integers(1, 7))
    if log or steps is None or low == high:
        return {"type": "float", "low": low, "high": high, "log": log}
    return {"type": "float", "low": low, "high": high, "step": (high - low) / steps}


@st.composite
def draw_int(draw: st.DrawFn) -> dict[str, Any]:
    low, high = sorted([draw(st.integers(-50, 500)), draw(st.integers(-50, 500))])
    if low > 0 and draw(st.booleans()):
        return {"type": "int", "low": low, "high": high, "log": True}
    step = draw(st.none() | st.integers(1, max(1, high - low)))
    return {"type": "int", "low": low, "high": high} | ({} if step is None else {"step": step})


CHOICES = (
    st.lists(st.integers(-9, 99), min_size=1, max_size=5, unique=True)
    | st.lists(FLOATS, min_size=1, max_size=5, unique=True)
    | st.lists(TEXTS, min_size=1, max_size=5, unique=True)
    | st.just([False, True])
).map(lambda choices: {"choices": tuple(choices)})
DIMENSIONS = (draw_float() | draw_int() | CHOICES | st.just({"type": "bool"})).map(
    lambda said: Dimension(**said)
)
SPACES = st.dictionaries(st.sampled_from(NAMES), DIMENSIONS, min_size=1).map(
    lambda dimensions: SearchSpace(dimensions=dimensions)
)
SHARED_FOLDER = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)


def write_and_read(space: SearchSpace, form: SpaceForm, folder: Path) -> SearchSpace:
    path = folder / ("space.yaml" if form == "yaml" else "space.json")
    path.write_text(write_space(space, form), encoding="utf-8")
    return load_space(path, WORDS)


@SHARED_FOLDER
@given(SPACES, st.sampled_from(["json", "yaml"]))
def test_our_own_form_is_read_as_it_was(
    tmp_path: Path, space: SearchSpace, form: SpaceForm
) -> None:
    assert write_and_read(space, form, tmp_path) == space


@SHARED_FOLDER
@given(SPACES)
def test_a_space_survives_optunas_distributions(tmp_path: Path, space: SearchSpace) -> None:
    found = write_and_read(space, "optuna", tmp_path)
    assert list(found.dimensions) == list(space.dimensions)
    for name, dimension in found.dimensions.items():
        before = space.dimensions[name]
        assert (dimension.kind, dimension.log) == (before.kind, before.log)
        if before.count() is None:
            assert (dimension.low, dimension.high) == (before.low, before.high)
        elif (before.count() or 0) < 1_000:
            assert dimension.values == before.values


@SHARED_FOLDER
@given(SPACES)
def test_optuna_reads_what_is_written_and_writes_the_same(space: SearchSpace) -> None:
    for text in list_distributions(space).values():
        assert distribution_to_json(json_to_distribution(text)) == text


@st.composite
def draw_distribution(draw: st.DrawFn) -> BaseDistribution:
    said = draw(draw_float() | draw_int() | CHOICES)
    kind = said.pop("type", None)
    if kind == "int":
        said["high"] -= (said["high"] - said["low"]) % said.get("step", 1)
        return IntDistribution(**said)
    if kind is None:
        return CategoricalDistribution(said["choices"])
    return FloatDistribution(**{**said, "step": None})


@SHARED_FOLDER
@given(draw_distribution(), st.booleans())
def test_optunas_distributions_survive_us(
    tmp_path: Path, distribution: BaseDistribution, as_text: bool
) -> None:
    text = distribution_to_json(distribution)
    path = tmp_path / "space.json"
    path.write_text(json.dumps({"rate": text if as_text else json.loads(text)}))
    dimension = load_space(path, WORDS).dimensions["rate"]
    assert json_to_distribution(json.dumps(describe_distribution(dimension))) == distribution


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (
            {"type": "float", "low": 1e-4, "high": 5e-3, "log": True},
            '{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, '
            '"high": 0.005, "log": true}}',
        ),
        (
            {"type": "int", "low": 64, "high": 256, "step": 64},
            '{"name": "IntDistribution", "attributes": {"log": false, "step": 64, "low": 64, '
            '"high": 256}}',
        ),
        (
            {"type": "float", "low": 0.0, "high": 1.0, "step": 0.3},
            '{"name": "FloatDistribution", "attributes": {"step": 0.3, "low": 0.0, "high": 0.9, '
            '"log": false}}',
        ),
        (
            {"type": "int", "low": 1, "high": 8, "step": 3},
            '{"name": "IntDistribution", "attributes": {"log": false, "step": 3, "low": 1, '
            '"high": 7}}',
        ),
        (
            {"choices": (32, 64)},
            '{"name": "CategoricalDistribution", "attributes": {"choices": [32, 64]}}',
        ),
        (
            {"type": "bool"},
            '{"name": "CategoricalDistribution", "attributes": {"choices": [false, true]}}',
        ),
    ],
)
def test_a_distribution_is_written_as_optuna_writes_it(said: dict[str, Any], text: str) -> None:
    assert json.dumps(describe_distribution(Dimension(**said))) == text
    assert distribution_to_json(json_to_distribution(text)) == text


CONDITIONAL = SearchSpace(
    dimensions={
        "act": Dimension(choices=("relu", "gelu"), description="of what"),
        "depth": Dimension(type="int", low=1, high=3, when={"act": ("gelu",)}),
        "rate": Dimension(type="float", low=0.0, high=1.0, when={"act": ("gelu",), "depth": (1,)}),
    }
)


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_condition_is_written_and_read(tmp_path: Path, form: SpaceForm) -> None:
    assert write_and_read(CONDITIONAL, form, tmp_path) == CONDITIONAL


def test_what_optunas_distributions_cannot_say_is_refused() -> None:
    expected = "^depth and rate vary under a condition, which Optuna's distributions lack$"
    with pytest.raises(InputError, match=expected):
        write_space(CONDITIONAL, "optuna")


def test_a_file_of_yaml_has_a_line_a_dimension() -> None:
    assert write_space(CONDITIONAL, "yaml").splitlines() == [
        "dimensions:",
        '  act: {choices: ["relu", "gelu"], description: "of what"}',
        '  depth: {type: "int", low: 1, high: 3, when: {"act": ["gelu"]}}',
        '  rate: {type: "float", low: 0.0, high: 1.0, when: {"act": ["gelu"], "depth": [1]}}',
    ]
