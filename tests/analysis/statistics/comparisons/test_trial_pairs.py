"""All pairs of trials at once."""

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.comparisons.trial_pairs import draw_pair_noise
from analysis.statistics.metrics.auc import estimate_auc
from analysis.statistics.variances.seed_pool import pool_seeds
from tests.analysis.scored import contrast_scores, pair_scores


@pytest.fixture
def labels(rng: np.random.Generator) -> np.ndarray:
    return rng.random(300) < 0.25


@pytest.fixture
def scores(rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
    """Four trials, three seeds; the last is a copy of the first."""
    noise = rng.standard_normal((4, 3, 300)).cumsum(axis=-1) / 8
    skill = 1 + 0.5 * rng.standard_normal((4, 3, 1))
    values = noise + skill * labels + rng.standard_normal(300)
    values[3] = values[0]
    return values


def test_each_pair_has_the_error_of_its_contrast(labels: np.ndarray, scores: np.ndarray) -> None:
    pairs = pair_scores(labels, scores, horizon_rows=5)
    pool = pool_seeds(estimate_auc(labels, scores), horizon_rows=5)
    assert pairs.pool == pool
    for i in range(4):
        for j in range(4):
            one = contrast_scores(labels, scores[[i]], scores[[j]], horizon_rows=5, pool=pool)
            assert pairs.means[i] - pairs.means[j] == pytest.approx(one.estimate, abs=1e-14)
            assert pairs.errors[i, j] == pytest.approx(one.standard_error, rel=1e-9)
            assert pairs.dfs[i, j] == pytest.approx(one.df, rel=1e-9)
            tail = 2 * stats.norm.sf(abs(pairs.deviates[i, j]))
            assert tail == pytest.approx(one.p_value, rel=1e-6)


def test_copies_have_no_error_and_no_deviate(
    rng: np.random.Generator, labels: np.ndarray, scores: np.ndarray
) -> None:
    pairs = pair_scores(labels, scores, horizon_rows=5)
    assert pairs.errors[0, 3] == 0
    assert pairs.deviates[0, 3] == 0
    noise = draw_pair_noise(pairs, 50, rng)
    np.testing.assert_array_equal(noise.draw_deviates(0, np.array([3])), np.zeros((50, 1)))


def test_the_noise_of_a_pair_has_the_error_of_its_contrast(
    rng: np.random.Generator, labels: np.ndarray, scores: np.ndarray
) -> None:
    pairs = pair_scores(labels, scores, horizon_rows=5)
    noise = draw_pair_noise(pairs, 20_000, rng)
    share = pairs.seed_shares[0, 1]
    drawn = noise.rows[:, 0] - noise.rows[:, 1] + share * (noise.seeds[:, 0] - noise.seeds[:, 1])
    assert share > 0
    rows = np.sum((pairs.components[0] - pairs.components[1]) ** 2)
    floor = pairs.errors[0, 1] ** 2 - max(rows, measure_floor(labels, scores))
    assert drawn.var() == pytest.approx(rows + floor, rel=0.03)


def measure_floor(labels: np.ndarray, scores: np.ndarray) -> float:
    """Variance of the difference of the first two trials if the rows were independent."""
    influences = estimate_auc(labels, scores).influences.mean(axis=1)
    return float(np.sum((influences[0] - influences[1]) ** 2))


def test_deviates_have_a_standard_deviation_of_one(
    rng: np.random.Generator, labels: np.ndarray, scores: np.ndarray
) -> None:
    noise = draw_pair_noise(pair_scores(labels, scores, horizon_rows=5), 500, rng)
    deviates = noise.draw_deviates(0, np.array([1, 2]))
    np.testing.assert_allclose(np.sqrt(np.mean(deviates**2, axis=0)), 1)


def test_too_few_rows_tell_nothing_apart(labels: np.ndarray, scores: np.ndarray) -> None:
    pairs = pair_scores(labels[:59], scores[..., :59], horizon_rows=1)
    assert pairs.row_limits == ("59 rows: fewer than 60",)
    np.testing.assert_array_equal(pairs.deviates, np.zeros((4, 4)))


def test_one_seed_is_provisional_and_draws_no_seed_noise(
    rng: np.random.Generator, labels: np.ndarray, scores: np.ndarray
) -> None:
    pairs = pair_scores(labels, scores[:, :1], horizon_rows=1)
    assert pairs.is_provisional
    np.testing.assert_array_equal(draw_pair_noise(pairs, 10, rng).seeds, np.zeros((10, 4)))
