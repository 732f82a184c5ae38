"""Values have their place between 0 and 1 on the scale that is searched."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.search.unit_cube import find_share, place_value
from trial_sets.space import Dimension

WIDTH = {"type": "float", "low": -5.0, "high": 5.0}
RATE = {"type": "float", "low": 1e-5, "high": 1e-1, "log": True}
SIZE = {"type": "int", "low": 16, "high": 128, "step": 16}
UNITS = {"type": "int", "low": 1, "high": 1000, "log": True}
SHARE = {"type": "float", "low": 0.0, "high": 0.5, "step": 0.1}
KIND = {"choices": ("adam", "sgd", "adamw")}
FLAG = {"type": "bool"}


@pytest.mark.parametrize(
    ("said", "share", "value"),
    [
        (WIDTH, 0.0, -5.0), (WIDTH, 0.75, 2.5), (WIDTH, 1.0, 5.0),
        (RATE, 0.5, 1e-3), (RATE, 0.0, 1e-5), (RATE, 1.0, 1e-1),
        (SIZE, 0.0, 16), (SIZE, 0.99, 128), (SIZE, 0.5, 80),
        (SHARE, 0.55, 0.3), (SHARE, 1.0, 0.5),
        (KIND, 0.0, "adam"), (KIND, 0.5, "sgd"), (KIND, 1.0, "adamw"),
        (FLAG, 0.2, False), (FLAG, 0.7, True),
        (UNITS, 0.0, 1), (UNITS, 1.0, 1000),
    ],
)  # fmt: skip
def test_a_share_has_its_value(said: dict[str, Any], share: float, value: object) -> None:
    found = place_value(Dimension(**said), share)
    assert type(found) is type(value)
    assert found == (pytest.approx(value) if isinstance(value, float) else value)


@given(st.sampled_from([WIDTH, RATE, SIZE, UNITS, SHARE, KIND, FLAG]), st.floats(0, 1))
def test_a_value_leads_back_to_itself(said: dict[str, Any], share: float) -> None:
    dimension = Dimension(**said)
    value = place_value(dimension, share)
    assert dimension.find_fault(value) is None
    again = place_value(dimension, find_share(dimension, value))
    assert again == (pytest.approx(value, rel=1e-9) if isinstance(value, float) else value)


def test_whole_numbers_of_a_logarithmic_scale_have_parts_by_their_ratio() -> None:
    dimension = Dimension(**{**UNITS, "high": 2})
    shares = [place_value(dimension, number / 10_000) for number in range(10_000)]
    assert shares.count(1) / 10_000 == pytest.approx(math.log(3) / math.log(5), abs=1e-3)
