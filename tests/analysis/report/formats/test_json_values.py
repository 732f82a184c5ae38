"""Results as JSON values: keys are fields' names, numbers are finite."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.report.formats.json_values import to_values
from analysis.verdicts.verdict import Verdict
from trial_sets.claim import Claim


@dataclass(frozen=True)
class Inner:
    values: Any


@pytest.mark.parametrize(
    ("content", "values"),
    [
        (math.nan, None),
        (np.float64("inf"), None),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (Verdict.CONFIRMED, "confirmed"),
        (Path("a/b"), "a/b"),
        (None, None),
        ((1, "a", [math.inf]), [1, "a", [None]]),
        (np.array([[1.0, np.nan]]), [[1.0, None]]),
        ({1: Inner((True,))}, {"1": {"values": [True]}}),
    ],
)
def test_content_becomes_plain_values(content: object, values: object) -> None:
    found = to_values(content)
    assert found == values
    assert type(found) is type(values)
    json.dumps(found, allow_nan=False)


def test_a_model_bears_the_names_of_its_file() -> None:
    claim = {"if": "A1 beats A2", "better": ("A1",), "than": ("A2",), "shows": "S", "then": "T"}
    found = to_values(Claim.model_validate(claim))
    assert (found["if"], found["better"]) == ("A1 beats A2", ["A1"])
