"""What values came to: tables, correlations and importances."""

import numpy as np
import pytest

from analysis.findings.evidence import Evidence, gather_evidence
from analysis.report.document import Illustration
from analysis.report.sections.trends import render_trends
from tests.analysis.conftest import MakeTrials


@pytest.fixture
def evidence(make_trials: MakeTrials, rng: np.random.Generator) -> Evidence:
    """Return forty trials of which `a` decides the metric and `b` does nothing."""
    a, b = np.tile([1.0, 2.0], 20), np.repeat([1.0, 2.0], 20)
    metric = 0.5 + 0.1 * a + 0.01 * rng.uniform(size=40)
    return gather_evidence(make_trials(metric=metric, params={"a": a, "b": b, "kind": ["x"] * 40}))


def list_heads(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("### ")]


def test_every_hyperparameter_that_varies_has_its_tables(evidence: Evidence) -> None:
    text = render_trends(evidence)
    assert text.startswith("40 finished rows of 4 distinct configurations. The first table")
    assert list_heads(text) == ["### a", "### b"]
    assert "Correlation with AUC over the trials, as recorded:" in text


def test_one_may_be_shown_alone_and_two_with_their_pair(evidence: Evidence) -> None:
    assert list_heads(render_trends(evidence, ("b",))) == ["### b"]
    assert list_heads(render_trends(evidence, ("a", "b"))) == ["### a", "### b", "### a by b"]


def test_images_stand_below_their_table_or_at_the_end(evidence: Evidence) -> None:
    images = [
        Illustration("trends", "all.png", "all"),
        Illustration("trends", "a.png", "a", "a"),
    ]
    text = render_trends(evidence, (), images)
    assert text.index("![a](a.png)") < text.index("### b")
    assert text.endswith("![all](all.png)")


def test_without_two_values_there_is_nothing_to_show(make_trials: MakeTrials) -> None:
    same = gather_evidence(make_trials(metric=[0.5, 0.6], params={"a": [1, 1]}))
    text = render_trends(same)
    assert text == "No hyperparameter takes two values among the finished trials."


def test_a_tie_for_the_last_place_is_said(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.5] * 10, params={"a": [1, 2] * 5})
    text = render_trends(gather_evidence(frame))
    assert "The top holds 10 trials, since the last place is tied." in text


@pytest.mark.parametrize("effect", [0.0, 1.0])
def test_importances_are_shown_only_where_the_model_explains_something(
    make_trials: MakeTrials, rng: np.random.Generator, effect: float
) -> None:
    a, noise = rng.uniform(size=50), np.random.default_rng(3).uniform(size=50)
    evidence = gather_evidence(make_trials(metric=effect * a + 0.1 * noise, params={"a": a}))
    text = render_trends(evidence)
    assert ("| Hyperparameter   |   Importance |" in text) == (effect > 0)
    assert ("Importances are not shown: over 50 configurations" in text) == (effect == 0)
