"""Whatever a space's file holds, every point of it can be taken, or it is refused in a sentence."""

import contextlib
import json
import math
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.json_values import any_json
from tests.trial_sets.conftest import FREE_STUDY
from tests.trial_sets.loading.conftest import WHOLE
from trial_sets.errors import InputError
from trial_sets.loading.search_study import load_search_study
from trial_sets.loading.space_file import SPACE_SUFFIXES
from trial_sets.writing.space_file import describe_distribution, write_space

KEYS = [
    *("lr", "dropout", "n_layers", "optimizer", "rate", "depth", "act", "model.width", "seed"),
    *("options.x", "dimensions", "space", "parameters", "type", "low", "high", "log", "step"),
    *("choices", "when", "name", "attributes", "values", "value", "min", "max", "q"),
    *("distribution", "description"),
]
ODD = (
    *("float", "int", "bool", "str", "uniform", "q_uniform", "log_uniform", "adam", "relu"),
    *("FloatDistribution", "CategoricalDistribution", 0, 1, 2, 0.5, 1e-4, 1e300, -1e300, 10**400),
)
keys = st.sampled_from(KEYS) | st.text(max_size=3)
values = any_json(*ODD, keys=keys, most_keys=5, max_leaves=12)
dimensions = st.dictionaries(
    st.sampled_from(KEYS[:9]),
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["float", "int", "bool", "str"]),
            "low": st.sampled_from([0, 1, 0.1, 1e-4, 1e308, -1e308]),
            "high": st.sampled_from([1, 2, 0.5, 8, 1e308]),
            "log": st.booleans(),
            "step": st.sampled_from([1, 0.1, 1e-300, 2]),
            "choices": st.lists(st.sampled_from(ODD), max_size=3),
            "min": st.sampled_from([0, 1, -9.2, 1e-4]),
            "max": st.sampled_from([1, 0.1, 1e308]),
            "q": st.sampled_from([1, 0.1, 1e-300]),
            "distribution": st.sampled_from(["uniform", "q_uniform", "log_uniform"]),
            "when": st.dictionaries(st.sampled_from(KEYS[:9]), st.sampled_from(ODD), max_size=2),
        },
    ),
    max_size=3,
)


@pytest.fixture(scope="module", params=[WHOLE, FREE_STUDY], ids=["network", "declared"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("own")
    (made / "study.json").write_text(json.dumps(request.param))
    return made


def try_file(folder: Path, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with contextlib.suppress(InputError):
        found = load_search_study(folder, path)
        random = Random(0)
        for _ in range(3):
            point = found.space.draw_point(random)
            assert found.space.find_fault(point) is None
            found.find_fault(point)
        for dimension in found.space.dimensions.values():
            count = dimension.count()
            assert count is None or 1 <= count < math.inf
            assert describe_distribution(dimension)
        assert write_space(found.space, "yaml")


@given(content=st.binary(), suffix=st.sampled_from(SPACE_SUFFIXES))
def test_any_bytes(folder: Path, content: bytes, suffix: str) -> None:
    try_file(folder, folder.parent / f"own{suffix}", content)


@given(content=values)
def test_any_json(folder: Path, content: Any) -> None:
    try_file(folder, folder.parent / "own.json", json.dumps(content).encode())


@given(content=dimensions)
def test_any_dimensions(folder: Path, content: dict[str, Any]) -> None:
    try_file(folder, folder.parent / "own.json", json.dumps(content).encode())
