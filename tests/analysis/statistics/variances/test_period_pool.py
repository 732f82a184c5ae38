"""What folds differ by, and the training rows that they share."""

import numpy as np
import pytest

from analysis.statistics.comparisons.confidence_set import find_confidence_set
from analysis.statistics.comparisons.contrast import Contrast, contrast_trials
from analysis.statistics.comparisons.trial_pairs import draw_pair_noise, pair_trials
from analysis.statistics.metrics.folds import pool_folds
from analysis.statistics.metrics.metric import MetricEstimate, estimate_mean, join_estimates
from analysis.statistics.variances.period_pool import PeriodPool
from analysis.statistics.variances.seed_pool import pool_seeds


def draw_folds(
    rng: np.random.Generator,
    n_folds: int = 5,
    n_trials: int = 6,
    *,
    test_to_train: float | None = 0.25,
) -> MetricEstimate:
    """Gains of some trials and two seeds on folds of 60 rows, with a level of each on each."""
    levels = 0.3 * rng.standard_normal((n_folds, n_trials, 1, 1))
    seeds = 0.1 * rng.standard_normal((n_folds, n_trials, 2, 1))
    gains = levels + seeds + rng.standard_normal((n_folds, n_trials, 1, 60))
    return pool_folds([estimate_mean(fold) for fold in gains], test_to_train=test_to_train)


def contrast_first(fits: MetricEstimate) -> Contrast:
    sides = fits.select([0]), fits.select([1])
    pool = pool_seeds(fits, horizon_rows=None)
    return contrast_trials(*sides, horizon_rows=None, pool=pool)


def test_overlapping_training_sets_enlarge_the_spread_between_folds(
    rng: np.random.Generator,
) -> None:
    """With no moderation the whole error is (1/k + c) var: two trials, five folds."""
    folds = draw_folds(rng, n_trials=2)
    found = contrast_first(folds)
    spread = np.var(found.fold_estimates, ddof=1)
    assert found.standard_error**2 == pytest.approx((1 / 5 + 1 / 4) * spread)
    assert found.period_df == 4
    plain = contrast_first(draw_folds(np.random.default_rng(1), n_trials=2, test_to_train=None))
    same = contrast_first(draw_folds(np.random.default_rng(1), n_trials=2))
    assert same.variance_rows == plain.variance_rows
    assert same.standard_error > plain.standard_error


def test_the_error_is_never_below_that_of_rows_and_seeds() -> None:
    """Folds that lie as near as chance can bring them take nothing away."""
    pool = PeriodPool(0.0, 0.0, 4, 5, test_to_train=0.25)
    periods, share, df = pool.moderate(
        np.array(0.0), np.array(1.0), squared_weights=2.0, row_df=None
    )
    assert (periods, share, df) == (0, 0, 8)


def test_few_folds_of_two_trials_are_enlarged_by_their_rows(rng: np.random.Generator) -> None:
    found = contrast_first(draw_folds(rng, 3, 2, test_to_train=0.5))
    seeds = max(0, found.variance_seeds - found.variance_interaction)
    assert found.variance_periods == pytest.approx(1.5 * (found.variance_rows + seeds))
    assert found.period_df == 4


def test_each_pair_has_the_error_of_its_contrast(rng: np.random.Generator) -> None:
    fits = draw_folds(rng)
    pairs, found = pair_trials(fits, horizon_rows=None), contrast_first(fits)
    assert pairs.errors[0, 1] == pytest.approx(found.standard_error)
    assert pairs.dfs[0, 1] == pytest.approx(found.df)
    noise = draw_pair_noise(pairs, 40_000, rng)
    assert noise.periods is not None
    drawn = np.var(noise.periods[:, 0] - noise.periods[:, 1]) * pairs.period_shares[0, 1] ** 2
    assert drawn == pytest.approx(found.variance_periods, rel=0.05)
    rows = np.var(noise.rows[:, 0] - noise.rows[:, 1])
    assert rows == pytest.approx(found.variance_rows, rel=0.05)


def test_a_trial_that_is_far_worse_leaves_the_confidence_set(rng: np.random.Generator) -> None:
    fits = draw_folds(rng, n_trials=4)
    worse = MetricEstimate(
        fits.values[:1] - 3,
        fits.influences[:1],
        fold_rows=fits.fold_rows,
        fold_values=fits.by_fold[:1] - 3,
        test_to_train=fits.test_to_train,
    )
    found = find_confidence_set(join_estimates([fits, worse]), horizon_rows=None, rng=rng)
    assert 4 not in found.members
    with pytest.raises(ValueError, match="expected some, all of the same rows"):
        join_estimates([fits, draw_folds(rng, n_trials=4, test_to_train=None)])


@pytest.mark.parametrize("wrong", [0.0, -1.0, np.inf])
def test_a_share_that_is_none_is_refused(wrong: float) -> None:
    fold = estimate_mean([1.0, 2.0])
    with pytest.raises(ValueError, match=rf"test_to_train: got {wrong}, expected a positive"):
        pool_folds([fold, fold], test_to_train=wrong)
