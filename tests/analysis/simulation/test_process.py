"""The simulated market is what its description says."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.statistics.metrics.auc import estimate_auc
from tests.analysis.simulation.cases import BASE
from tests.analysis.simulation.epochs import EpochProcess
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


def test_the_market_goes_on_over_folds_and_the_fits_do_not() -> None:
    quiet = replace(BASE, n_folds=4, n_rows=200, seed_spread=0.0, common=0.0)
    labels, scores = draw(quiet, 200)
    assert labels.shape == (200, 800)
    own = (scores[:, 0, 0] - scores[:, 0, 1]) / np.sqrt(2)
    across, inside = own[:, 199::200][:, :3] * own[:, 200::200], own[:, 198::200] * own[:, 199::200]
    assert across.mean() / inside.mean() == pytest.approx(0, abs=0.2)


def test_refits_change_the_skill_and_offsets_the_level_of_a_fold() -> None:
    still = replace(BASE, n_folds=4, n_rows=200, seed_spread=0.0, skill=30.0, regimes=0.0)
    _, refitted = draw(replace(still, refit_spread=0.3), 100)
    sizes = np.square(refitted).mean(axis=2).reshape(100, 7, 4, 200).mean(axis=-1)
    relative = np.sqrt(sizes) / np.sqrt(sizes).mean(axis=(1, 2), keepdims=True)
    assert relative.std() == pytest.approx(0.3, rel=0.15)
    _, moved = draw(replace(still, skill=0.0, offset=3.0), 100)
    levels = moved.mean(axis=2).reshape(100, 7, 4, 200).mean(axis=-1)
    assert levels.std() > 1.5


def test_insight_makes_a_trial_better_on_all_rows_alike() -> None:
    labels, scores = draw(replace(BASE, n_trials=2, insights=(0.1, 0.0)), 200)
    aucs = np.array(
        [estimate_auc(y, x).values.mean(axis=1) for y, x in zip(labels, scores, strict=True)]
    ).mean(axis=0)
    assert aucs[0] - aucs[1] == pytest.approx(0.032, abs=0.006)


def test_epochs_are_equally_good_and_differ_where_they_should() -> None:
    process = EpochProcess(replace(BASE, n_trials=2), n_epochs=6)
    batches = list(process.draw(30, np.random.default_rng(3)))
    scores = np.stack([one for _, one in batches])
    assert scores.shape == (30, 2, 3, 6, 422)
    spread = np.square(scores - scores.mean(axis=3, keepdims=True)).mean(axis=(0, 2, 3, 4))
    assert spread == pytest.approx([0.05 * 5 / 6, 0], rel=0.05)
    assert scores[:, 0].var() == pytest.approx(scores[:, 1].var(), rel=0.05)


def test_bartlett_sums_agree_with_the_loop(rng: np.random.Generator) -> None:
    series = rng.standard_normal(50)
    expected = np.sum(series**2) + sum(
        2 * (1 - lag / 8) * np.sum(series[lag:] * series[:-lag]) for lag in range(1, 8)
    )
    assert sum_bartlett(series, 8) == pytest.approx(expected)
