"""The maximum less what the choice has added."""

import numpy as np
import pytest
from scipy.stats import norm

from analysis.statistics.comparisons.maximum import adjust_maximum
from analysis.statistics.metrics.metric import MetricEstimate
from tests.analysis.scored import adjust_scores


def make_estimate(even: list[list[float]], odd: list[list[float]]) -> MetricEstimate:
    """Fits (K, S) on two blocks of 40 rows with these values on either."""
    halves = np.stack([np.asarray(even), np.asarray(odd)], axis=-1)
    values = halves.mean(axis=-1)
    influences = np.repeat((halves - values[..., None]) / 80, 40, axis=-1)
    return MetricEstimate(values, influences, 20)


def test_the_adjusted_maximum_by_hand() -> None:
    """Each half chooses its favourite: 0.9 where it was chosen, 0.6 on the other half."""
    found = adjust_maximum(make_estimate([[0.9], [0.6]], [[0.6], [0.9]]), horizon_rows=1)
    assert found.maximum == pytest.approx(0.75)
    assert found.adjusted == pytest.approx(0.75 - 0.3 / np.sqrt(2))
    assert (found.best, found.n_trials) == (0, 2)


def test_the_luck_of_a_seed_does_not_choose_the_trial_it_is_scored_with() -> None:
    """The seed left out chooses nothing: the other's 1.0 is held against its own 0.5."""
    lucky = [[1.0, 0.5], [0.5, 1.0]]
    found = adjust_maximum(make_estimate(lucky, lucky), horizon_rows=1)
    assert found.adjusted == pytest.approx(0.75 - 0.5 / np.sqrt(2))


def test_the_adjusted_value_never_lies_above_the_maximum() -> None:
    found = adjust_maximum(make_estimate([[0.8], [0.7]], [[0.8], [0.7]]), horizon_rows=1)
    assert found.adjusted == found.maximum == 0.8


def test_too_few_rows_for_two_blocks_give_no_adjusted_value(rng: np.random.Generator) -> None:
    labels = np.arange(79) % 4 == 0
    scores = rng.standard_normal((3, 2, 79))
    assert adjust_scores(labels, scores, horizon_rows=1).adjusted is None
    assert adjust_scores(labels, scores, horizon_rows=1).maximum > 0.4


def test_a_trial_that_is_best_everywhere_keeps_its_value(rng: np.random.Generator) -> None:
    labels = rng.random(425) < 0.18
    shared = rng.standard_normal(425) + 0.3 * rng.standard_normal((3, 3, 425))
    scores = np.array([0.2, 6.0, 0.2])[:, None, None] * labels + shared
    found = adjust_scores(labels, scores, horizon_rows=1)
    assert found.best == 1
    assert found.adjusted == pytest.approx(found.maximum, abs=0.005)


@pytest.mark.parametrize(("correlation", "bias"), [(0.99, 0.007), (0.95, 0.015)])
def test_the_maximum_of_29_equal_trials_has_the_worked_bias_and_the_adjusted_value_little(
    rng: np.random.Generator, correlation: float, bias: float
) -> None:
    labels = np.arange(422) % 11 < 2
    shared = rng.standard_normal((150, 1, 1, 422))
    own = rng.standard_normal((150, 29, 1, 422))
    scores = np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own + 0.8243 * labels
    found = [adjust_scores(labels, batch, horizon_rows=1) for batch in scores]
    truth = norm.cdf(0.8243 / np.sqrt(2))
    centre = np.mean([batch_mean(labels, batch) for batch in scores]) - truth
    assert np.mean([one.maximum for one in found]) - truth - centre == pytest.approx(bias, abs=2e-3)
    adjusted = [one.adjusted for one in found if one.adjusted is not None]
    assert np.mean(adjusted) - truth - centre == pytest.approx(0, abs=3e-3)


def batch_mean(labels: np.ndarray, scores: np.ndarray) -> float:
    above, below = scores[..., labels], scores[..., ~labels]
    return float((above[..., :, None] > below[..., None, :]).mean())


def test_rows_without_order_are_dealt_into_halves(rng: np.random.Generator) -> None:
    """Over forty batches of equal trials the adjusted value is that of chance."""
    labels = rng.random(200) < 0.3
    batches = rng.standard_normal((40, 29, 3, 200))
    found = [adjust_scores(labels, batch, horizon_rows=None) for batch in batches]
    adjusted = [one.adjusted for one in found if one.adjusted is not None]
    assert len(adjusted) == 40
    assert np.mean([one.maximum for one in found]) > 0.54
    assert np.mean(adjusted) == pytest.approx(0.5, abs=0.02)
