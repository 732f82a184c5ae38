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


def test_the_top_and_the_rule_of_leading_are_said_once(evidence: Evidence) -> None:
    text = render_trends(evidence)
    assert "the share of the top 1 once copies are merged (always 20.0% of the" in text
    assert text.count("A value leads only where the levels differ by the F test.") == 1


@pytest.mark.parametrize(("effect", "said"), [(0.1, "differ"), (0.0, "cannot be told apart")])
def test_each_table_ends_with_its_level_test(
    make_trials: MakeTrials, rng: np.random.Generator, effect: float, said: str
) -> None:
    a = np.repeat([1.0, 2.0], 20)
    metric = effect * a + 0.01 * np.random.default_rng(8).standard_normal(40)
    frame = make_trials(metric=metric, params={"a": a, "lr": rng.uniform(size=40)})
    text = render_trends(gather_evidence(frame), ("a",))
    assert f"At equal other hyperparameters the levels {said} (F test p " in text
    assert ", 40 configurations; lr entered as ranges of values)." in text


def test_levels_that_cannot_be_compared_are_said_so(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.5, 0.6], params={"a": [1, 2]})
    text = render_trends(gather_evidence(frame))
    assert (
        "The levels cannot be compared at equal other hyperparameters (2 configurations)." in text
    )


def test_importances_of_one_alone_are_shown(make_trials: MakeTrials) -> None:
    """Nine together are drowned by chance, one of them is not."""
    rng = np.random.default_rng(9)
    params = {f"p{i}": rng.integers(0, 4, 48) for i in range(8)}
    a = np.tile([1.0, 2.0], 24)
    frame = make_trials(metric=0.9 * a + rng.standard_normal(48), params={"a": a} | params)
    text = render_trends(gather_evidence(frame))
    assert "| Hyperparameter   |   Importance |   By chance |     p |" in text
    assert "no more than chance" not in text


@pytest.mark.parametrize("effect", [0.0, 1.0])
def test_importances_are_shown_only_where_the_model_explains_something(
    make_trials: MakeTrials, rng: np.random.Generator, effect: float
) -> None:
    a, noise = rng.uniform(size=50), np.random.default_rng(3).uniform(size=50)
    evidence = gather_evidence(make_trials(metric=effect * a + 0.1 * noise, params={"a": a}))
    text = render_trends(evidence)
    assert ("| Hyperparameter   |   Importance |" in text) == (effect > 0)
    assert ("Importances are not shown: over 50 configurations" in text) == (effect == 0)
