"""Values outside of what a study declares are found, and run all the same."""

from typing import Any

import pytest

from tests.trial_sets.conftest import make_free_study, make_study
from trial_sets.linting.linter import lint_study
from trial_sets.linting.ranges import lint_ranges


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"depth": 8}, None),
        ({"depth": 9}, "depth=9 lies above high=8"),
        ({"depth": 0}, "depth=0 lies below low=1"),
        ({"rate": 1}, "rate=1.0 lies above high=0.1"),
        ({"act": "tanh"}, 'act="tanh" is not one of "relu" or "gelu"'),
        ({"bias": True}, None),
        ({"model.width": -5}, None),
    ],
)
def test_a_value_outside_its_range_is_found(fields: dict[str, Any], what: str | None) -> None:
    found = [remark.what for remark in lint_ranges(make_free_study({"A1": fields}))]
    assert found == ([what] if what else [])


def test_the_trial_is_named_with_what_would_mend_it() -> None:
    (found,) = lint_ranges(make_free_study({"A1": {"depth": 9}}))
    assert found.where == "trial A1"
    assert found.mend == "mend the value, or declare a wider range of depth in study.json"
    assert found in lint_study(make_free_study({"A1": {"depth": 9}}))


def test_a_network_has_no_declared_ranges() -> None:
    assert not list(lint_ranges(make_study({"A1": {"dropout": 0.99}})))
