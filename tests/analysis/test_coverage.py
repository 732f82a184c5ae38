"""Simulated error rates of the methods, on rows and labels that are correlated in time.

`pytest -m slow -rP tests/analysis/test_coverage.py` shows the figures.
"""

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.stats import norm

from analysis.statistics.auc import estimate_auc
from analysis.statistics.contrast import Contrast
from tests.analysis.scored import (
    adjust_scores,
    challenge_scores,
    contrast_scores,
    find_set_of_scores,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(170)]

N_ROWS, SHARE_POSITIVE = 422, 0.18
SETTINGS = [(1, 3), (1, 5), (5, 3), (5, 5)]


def draw_persistent(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Stationary AR(1) series with coefficient 0.9 and unit innovations."""
    shocks = rng.standard_normal((*shape, N_ROWS))
    shocks[..., 0] /= np.sqrt(1 - 0.9**2)
    return lfilter([1], [1, -0.9], shocks, axis=-1)


def draw_overlapping(rng: np.random.Generator, horizon_rows: int) -> np.ndarray:
    """Unit normal series in which each row sums the shocks of the next `horizon_rows` rows."""
    shocks = rng.standard_normal(N_ROWS + horizon_rows - 1)
    return np.convolve(shocks, np.ones(horizon_rows) / np.sqrt(horizon_rows), "valid")


def simulate_batch(
    rng: np.random.Generator, n_trials: int, n_seeds: int, horizon_rows: int, seed_spread: float
) -> tuple[np.ndarray, np.ndarray]:
    """Draw labels (N,) and scores (K, S, N) of trials that are equal by construction.

    The label depends on a persistent state of the market and on shocks that overlap between
    neighbouring rows. A score is the state, weighted by the skill of its seed, plus persistent
    noise of three kinds: common to all trials, common to a trial's seeds, and its own. All trials
    have one distribution, so the true difference of any two is zero.
    """
    state = draw_persistent(rng)
    cause = 0.7 * state + draw_overlapping(rng, horizon_rows)
    deviation = np.sqrt(1 + 0.7**2 / (1 - 0.9**2))
    labels = cause > deviation * norm.isf(SHARE_POSITIVE)
    skill = 1 + seed_spread * rng.standard_normal((n_trials, n_seeds, 1))
    own = draw_persistent(rng, n_trials, 1) + draw_persistent(rng, n_trials, n_seeds)
    return labels, skill * state + draw_persistent(rng) + 0.4 * own


def covers_by_delong(labels: np.ndarray, scores: np.ndarray, contrast: Contrast) -> bool:
    """Whether DeLong's interval of the seed means, taking rows as independent, holds zero."""
    influences = estimate_auc(labels, scores).influences.mean(axis=1)
    error = np.sqrt(np.sum((influences[0] - influences[1]) ** 2))
    return bool(abs(contrast.estimate) < norm.isf(0.025) * error)


def covers_by_both_variances(contrast: Contrast) -> bool:
    """Whether the interval holds zero when the seed-by-row part is counted twice."""
    reach = (contrast.high - contrast.low) / 2 / contrast.standard_error
    doubled = np.sqrt(contrast.variance_rows + contrast.variance_seeds)
    return bool(abs(contrast.estimate) < reach * doubled)


@pytest.mark.parametrize(("horizon_rows", "n_seeds"), SETTINGS)
def test_the_interval_covers_and_plain_delong_does_not(horizon_rows: int, n_seeds: int) -> None:
    rng = np.random.default_rng(20260128)
    covered, by_delong, by_both = [], [], []
    for _ in range(1500):
        labels, scores = simulate_batch(rng, 2, n_seeds, horizon_rows, seed_spread=0.1)
        found = contrast_scores(labels, scores[:1], scores[1:], horizon_rows=horizon_rows)
        covered.append(found.low <= 0 <= found.high)
        by_delong.append(covers_by_delong(labels, scores, found))
        by_both.append(covers_by_both_variances(found))
    print(f"coverage {np.mean(covered):.3f}")
    print(f"coverage of plain DeLong {np.mean(by_delong):.3f}")
    print(f"coverage of the sum of both variances {np.mean(by_both):.3f}")
    assert 0.92 < np.mean(covered) < 0.98
    assert np.mean(by_delong) < 0.85
    assert np.mean(by_both) > np.mean(covered)


@pytest.mark.parametrize(("horizon_rows", "n_seeds"), SETTINGS)
def test_equal_candidates_beat_the_control_as_rarely_as_promised(
    horizon_rows: int, n_seeds: int
) -> None:
    rng = np.random.default_rng(20260128)
    beaten, kept, naive, adjusted = [], [], [], []
    for _ in range(200):
        labels, scores = simulate_batch(rng, 30, n_seeds, horizon_rows, seed_spread=0.1)
        options = {"horizon_rows": horizon_rows, "rng": rng, "n_resamples": 1000}
        found = challenge_scores(labels, scores[1:], scores[0], rope=0, **options)
        beaten.append(min(found.p_values) < 0.05)
        kept.append(0 in find_set_of_scores(labels, scores, **options).members)
        best = adjust_scores(labels, scores, horizon_rows=horizon_rows)
        average = estimate_auc(labels, scores).values.mean()
        naive.append(best.maximum - average)
        adjusted.append(best.adjusted - average)
    print(f"family-wise error {np.mean(beaten):.3f}, control in the set {np.mean(kept):.3f}")
    print(f"bias of the maximum {np.mean(naive):.4f}, adjusted {np.mean(adjusted):.4f}")
    assert np.mean(beaten) < 0.09
    assert np.mean(kept) > 0.93
    assert abs(np.mean(adjusted)) < 0.2 * np.mean(naive)
