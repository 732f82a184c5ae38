"""The plain reading follows the claim's form, over the seeds that all its trials have."""

from pathlib import Path
from typing import Any

import pytest

from analysis.verdicts.observation import Observation, observe
from tests.analysis.synthetic import make_study
from trial_sets.claims.binding import BoundClaim, bind_claims

MEANS = {"A1": 0.70, "A2": 0.72, "A3": 0.71, "A4": 0.75, "K": 0.73}


def bind(tmp_path: Path, **claim: Any) -> BoundClaim:
    return bind_claims(make_study(tmp_path / "tiny", [claim]))[0]


def see(bound: BoundClaim, results: dict[str, dict[int, float]]) -> Observation | None:
    named = {trial.configuration.key: results.get(trial.name, {}) for trial in bound.trials}
    return observe(bound, named)


@pytest.mark.parametrize(
    ("claim", "difference", "is_yes"),
    [
        ({"better": ["A2", "A4"], "than": ["A1", "A3"]}, 0.01, True),
        ({"better": ["A1", "A4"], "than": ["A3"]}, -0.01, False),
        ({"better": ["A1", "A4"], "than": ["A3"], "sides": "mean"}, 0.015, True),
        ({"better": ["A2"], "than": ["A1"], "by": 0.03}, 0.02, False),
        ({"any_of": ["A1", "A4"], "than": ["K"]}, 0.02, True),
        ({"any_of": ["A1", "A2"], "than": ["K"]}, -0.01, False),
        ({"equal": ["A1", "A2", "A3"], "within": 0.025}, -0.02, True),
        ({"equal": ["A1", "A2", "A3"], "within": 0.015}, -0.02, False),
        ({"rises_with": "dropout"}, 0.03, True),
        ({"falls_with": "dropout", "up_to": 0.4}, -0.01, False),
    ],
)
def test_each_form_has_its_reading(
    tmp_path: Path, claim: dict[str, Any], difference: float, is_yes: bool
) -> None:
    seen = see(bind(tmp_path, **claim), {name: {0: mean} for name, mean in MEANS.items()})
    assert seen is not None
    assert seen.difference == pytest.approx(difference)
    assert (seen.is_yes, seen.n_seeds) == (is_yes, 1)


def test_only_the_seeds_of_all_trials_count(tmp_path: Path) -> None:
    bound = bind(tmp_path, better=["A1"], than=["A2"])
    seen = see(bound, {"A1": {0: 0.7, 1: 0.9, 2: 0.72}, "A2": {0: 0.6, 2: 0.7, 5: 0.1}})
    assert seen is not None
    assert seen.difference == pytest.approx(0.06)
    assert seen.n_seeds == 2


def test_without_a_common_seed_nothing_was_seen(tmp_path: Path) -> None:
    bound = bind(tmp_path, better=["A1"], than=["A2"])
    assert see(bound, {"A1": {0: 0.7}, "A2": {1: 0.6}}) is None
