"""The simulated market is what its description says."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.statistics.metrics.auc import estimate_auc
from tests.analysis.simulation.cases import BASE
from tests.analysis.simulation.first_edition import sum_bartlett
from tests.analysis.simulation.process import Process


def draw(process: Process, n_batches: int = 40) -> tuple[np.ndarray, np.ndarray]:
    labels, scores = zip(*process.draw(n_batches, np.random.default_rng(3)), strict=True)
    return np.stack(labels), np.stack(scores)


def correlate(series: np.ndarray, lag: int) -> float:
    """Correlation of series of known zero mean with themselves, `lag` rows later."""
    return float(np.mean(series[..., lag:] * series[..., :-lag]) / np.mean(series**2))


def test_labels_and_scores_have_the_sizes_and_shares_asked_for() -> None:
    labels, scores = draw(replace(BASE, n_rows=300, n_trials=5, n_seeds=2), 200)
    assert labels.shape == (200, 300)
    assert scores.shape == (200, 5, 2, 300)
    assert labels.mean() == pytest.approx(0.18, abs=0.02)


def test_trials_are_equal_and_about_as_good_as_those_of_the_example() -> None:
    labels, scores = draw(BASE, 100)
    aucs = np.array(
        [estimate_auc(y, x).values.mean(axis=1) for y, x in zip(labels, scores, strict=True)]
    )
    assert aucs.mean() == pytest.approx(0.70, abs=0.015)
    assert np.ptp(aucs.mean(axis=0)) < 0.005


def test_what_two_trials_do_not_share_persists_as_asked_for() -> None:
    _, scores = draw(replace(BASE, seed_spread=0.0))
    difference = scores[:, 0, 0] - scores[:, 1, 0]
    assert difference.var() == pytest.approx(2 * 0.05, rel=0.06)
    assert correlate(difference, 1) == pytest.approx(0.92, abs=0.01)
    seeds = scores[:, 0, 0] - scores[:, 0, 1]
    assert seeds.var() == pytest.approx(0.05, rel=0.06)


def test_seeds_of_one_trial_may_differ_more_and_skills_may_too() -> None:
    spread = replace(BASE, skill=30.0, first_spread=0.5, factors=(1, 1, 0.5, 1, 1, 1, 1))
    _, scores = draw(spread)
    skills = np.sqrt(np.square(scores).mean(axis=-1))
    relative = (skills / skills.mean(axis=(1, 2), keepdims=True)).std(axis=2).mean(axis=0)
    assert relative[0] > 5 * relative[1]
    means = skills.mean(axis=(0, 2))
    assert means[2] == pytest.approx(means[3] / 2, rel=0.05)


def test_shocks_overlap_as_far_as_the_label_looks() -> None:
    labels, _ = draw(replace(BASE, share_explained=0.0, share_positive=0.5, horizon_rows=5), 200)
    signs = 2.0 * labels - 1
    assert correlate(signs, 1) == pytest.approx(2 / np.pi * np.arcsin(0.8), abs=0.02)
    assert correlate(signs, 5) == pytest.approx(0, abs=0.02)


def test_a_drift_makes_trials_better_at_some_times_than_at_others() -> None:
    _, still = draw(replace(BASE, skill=10.0))
    _, drifting = draw(replace(BASE, skill=10.0, drift=0.3))
    spread = [np.var(scores[:, 0, 0] - scores[:, 1, 0]) for scores in (still, drifting)]
    assert spread[1] > 5 * spread[0]


def test_bartlett_sums_agree_with_the_loop(rng: np.random.Generator) -> None:
    series = rng.standard_normal(50)
    expected = np.sum(series**2) + sum(
        2 * (1 - lag / 8) * np.sum(series[lag:] * series[:-lag]) for lag in range(1, 8)
    )
    assert sum_bartlett(series, 8) == pytest.approx(expected)
