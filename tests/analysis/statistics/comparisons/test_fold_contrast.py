"""Comparisons over folds: each fold has rows, fits and a period of its own."""

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.comparisons.challenge import challenge_control, infer_any
from analysis.statistics.comparisons.confidence_set import find_confidence_set
from analysis.statistics.comparisons.contrast import Contrast, contrast_trials
from analysis.statistics.comparisons.inference import infer_every, infer_rise
from analysis.statistics.comparisons.maximum import adjust_maximum
from analysis.statistics.comparisons.trial_pairs import draw_pair_noise, pair_trials
from analysis.statistics.metrics.auc import estimate_auc
from analysis.statistics.metrics.folds import pool_folds
from analysis.statistics.metrics.metric import MetricEstimate, estimate_scalars
from analysis.statistics.variances.row_variance import measure_fold_variance, measure_row_variance
from analysis.statistics.variances.seed_pool import pool_seeds

N_ROWS = 120


def draw_folds(
    rng: np.random.Generator,
    n_folds: int,
    n_trials: int = 4,
    n_seeds: int = 3,
    skills: object = 1.0,
) -> MetricEstimate:
    """AUCs of fits whose skill is by trial and fold, (trials, folds) or a number."""
    folds = []
    levels = np.broadcast_to(np.asarray(skills, dtype=float), (n_trials, n_folds))
    for fold in range(n_folds):
        labels = rng.random(N_ROWS) < 0.3
        common = rng.standard_normal(N_ROWS)
        own = rng.standard_normal((n_trials, n_seeds, N_ROWS))
        luck = 0.2 * rng.standard_normal((n_trials, n_seeds, 1))
        scores = (levels[:, fold, None, None] + luck) * labels + common + 0.3 * own
        folds.append(estimate_auc(labels, scores))
    return pool_folds(folds)


def contrast_first(fits: MetricEstimate) -> Contrast:
    pool = pool_seeds(fits, horizon_rows=1)
    return contrast_trials(fits.select([0]), fits.select([1]), horizon_rows=1, pool=pool)


def test_the_variances_by_hand(rng: np.random.Generator) -> None:
    fits = draw_folds(rng, 4)
    found, pool = contrast_first(fits), pool_seeds(fits, horizon_rows=1)
    deltas = fits.by_fold[0] - fits.by_fold[1]  # (S, k)
    f = fits.influences[0] - fits.influences[1]
    mean = f.mean(axis=0)
    assert found.estimate == pytest.approx(deltas.mean())
    assert found.fold_estimates == pytest.approx(tuple(deltas.mean(axis=0)))
    assert found.seed_estimates == pytest.approx(tuple(deltas.mean(axis=1)))
    rows = max(measure_row_variance(mean, 1), measure_row_variance(mean, None, fits.fold_rows))
    assert found.variance_rows == pytest.approx(float(rows))
    own = deltas.var(axis=0, ddof=1).sum() / 16 / 3
    d0 = 4
    blended = (d0 * pool.variance * 2 / 3 + 8 * own) / (d0 + 8)
    assert found.variance_seeds == pytest.approx(blended)
    assert (found.seed_df, found.n_folds, found.n_rows, found.nu) == (12, 4, 4 * N_ROWS, 12)
    total = found.variance_rows + max(0, found.variance_seeds - found.variance_interaction)
    assert found.standard_error**2 == pytest.approx(total + found.variance_periods)


def test_the_floor_leaves_out_how_far_the_folds_lie_apart(rng: np.random.Generator) -> None:
    skills = [[2.0, 0.1, 2.0, 0.1], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]
    fits = draw_folds(rng, 4, skills=skills)
    f = (fits.influences[0] - fits.influences[1]).mean(axis=0)
    steps = np.repeat((fits.by_fold[0] - fits.by_fold[1]).mean(axis=0), N_ROWS)
    steps = (steps - steps.mean()) / (4 * N_ROWS)
    floor = measure_row_variance(f, None, fits.fold_rows)
    assert floor == pytest.approx(np.square(f - steps).sum())
    assert floor < measure_row_variance(f, None)


def test_the_pool_of_seeds_is_that_of_nested_fits(rng: np.random.Generator) -> None:
    """Of one fit with a variance of 0.09 on each of 5 folds, the mean has 0.09 / 5."""
    folds = [estimate_scalars(0.3 * rng.standard_normal((200, 4))) for _ in range(5)]
    pool = pool_seeds(pool_folds(folds), horizon_rows=None)
    assert pool.variance == pytest.approx(0.09 / 5, rel=0.06)
    assert (pool.df, pool.n_folds, pool.n_trials) == (4, 5, 200)
    two = pool_seeds(pool_folds([one.select([0, 1, 2]) for one in folds[:2]]), horizon_rows=None)
    assert two.df == 4
    assert pool_seeds(folds[0].select([0, 1, 2]), horizon_rows=None).df == 3


def test_what_suits_single_folds_widens_the_interval(rng: np.random.Generator) -> None:
    skills = 1 + 0.8 * rng.standard_normal((6, 5))
    uneven = draw_folds(rng, 5, n_trials=6, skills=skills)
    found, pool = contrast_first(uneven), pool_seeds(uneven, horizon_rows=1).periods
    assert pool is not None
    means = uneven.by_fold.mean(axis=1)
    own = np.var(means[0] - means[1], ddof=1) / 5
    f = (uneven.influences[0] - uneven.influences[1]).mean(axis=0)
    known = measure_fold_variance(f, 1, uneven.fold_rows)
    known = known + max(0, found.variance_seeds - found.variance_interaction)
    excess = (4 * 2 * pool.variance + 4 * own - 4 * 2 * pool.expected - 4 * known) / 8
    assert found.variance_periods == pytest.approx((1 - 4 / 12) * float(excess))
    assert (found.period_df, pool.df) == (8, 4)
    assert found.variance_periods > found.variance_rows


def test_few_folds_of_two_trials_say_nothing_of_periods(rng: np.random.Generator) -> None:
    skills = np.array([[3.0, 0.1, 0.1], [0.1, 3.0, 3.0]])
    found = contrast_first(draw_folds(rng, 3, n_trials=2, skills=skills))
    assert (found.variance_periods, found.period_df) == (0, 0)


def test_two_seeds_of_two_trials_are_limited_on_one_fold_only(rng: np.random.Generator) -> None:
    """Seeds nested in folds have a degree of freedom on each."""
    one, two = (contrast_first(draw_folds(rng, k, n_trials=2, n_seeds=2)) for k in (1, 2))
    assert one.limits == ("two seeds and no third trial: too few to know how much seeds differ",)
    assert (two.limits, two.seed_df) == ((), 2)


def test_one_seed_stays_one_seed_however_many_folds(rng: np.random.Generator) -> None:
    found = contrast_first(draw_folds(rng, 6, n_seeds=1))
    assert found.limits == ("one seed: the interval covers rows only",)


def test_each_pair_has_the_error_of_its_contrast(rng: np.random.Generator) -> None:
    fits = draw_folds(rng, 3, skills=1 + 0.5 * rng.standard_normal((4, 3)))
    pool = pool_seeds(fits, horizon_rows=1)
    pairs = pair_trials(fits, horizon_rows=1)
    assert pairs.pool == pool
    for i in range(4):
        for j in range(i):
            one = contrast_trials(fits.select([i]), fits.select([j]), horizon_rows=1, pool=pool)
            assert pairs.errors[i, j] == pytest.approx(one.standard_error, rel=1e-9)
            assert pairs.dfs[i, j] == pytest.approx(one.df, rel=1e-9)
            assert pairs.period_shares[i, j] > 0


def test_the_noise_of_seeds_and_periods_has_their_variances(rng: np.random.Generator) -> None:
    fits = draw_folds(rng, 6, skills=1 + 0.5 * rng.standard_normal((4, 6)))
    pairs = pair_trials(fits, horizon_rows=1)
    noise = draw_pair_noise(pairs, 40_000, rng)
    found = contrast_first(fits)
    seeds = np.var(noise.seeds[:, 0] - noise.seeds[:, 1])
    assert seeds == pytest.approx(found.variance_seeds, rel=0.05)
    assert noise.periods is not None
    periods = np.var(noise.periods[:, 0] - noise.periods[:, 1]) * pairs.period_shares[0, 1] ** 2
    assert periods == pytest.approx(found.variance_periods, rel=0.05)


def test_claims_of_every_kind_take_pooled_estimates(rng: np.random.Generator) -> None:
    skills = np.array([[0.3], [0.6], [0.9], [2.0]]) * np.ones(4)
    fits, options = draw_folds(rng, 4, skills=skills), {"horizon_rows": 1}
    best, others = fits.select([3]), [fits.select([k]) for k in range(3)]
    pool = pool_seeds(fits, horizon_rows=1)
    every = infer_every([contrast_trials(best, one, horizon_rows=1, pool=pool) for one in others])
    rise = infer_rise(fits, [1, 2, 3, 4], horizon_rows=1)
    found = challenge_control(
        fits.select([1, 2, 3]), fits.select(0), rope=0.005, rng=rng, **options
    )  # type: ignore[arg-type]
    kept = find_confidence_set(fits, horizon_rows=1, rng=rng)
    assert max(every.p_value, rise.p_value, infer_any(found, rope=0.005).p_value) < 0.01
    assert found.best == 2
    assert found.is_candidate
    assert kept.members == (3,)


def test_the_maximum_is_adjusted_fold_by_fold() -> None:
    """On both folds each half chooses its favourite: 0.9 where it was chosen, 0.6 elsewhere."""

    def make_fold(even: list[float], odd: list[float]) -> MetricEstimate:
        halves = np.stack([even, odd], axis=-1)[:, None]
        values = halves.mean(axis=-1)
        return MetricEstimate(values, np.repeat((halves - values[..., None]) / 80, 40, axis=-1), 20)

    fold = make_fold([0.9, 0.6], [0.6, 0.9])
    better = MetricEstimate(fold.values + 0.1, fold.influences, 20)
    found = adjust_maximum(pool_folds([fold, better]), horizon_rows=1)
    assert found.maximum == pytest.approx(0.8)
    assert found.adjusted == pytest.approx(0.8 - 0.3 / np.sqrt(2))
    short = make_fold([0.9, 0.6], [0.6, 0.9]).sum_within(np.arange(79))
    assert adjust_maximum(pool_folds([fold, short]), horizon_rows=1).adjusted is None


def test_a_metric_without_rows_has_the_seeds_of_every_fold() -> None:
    """With the same spread everywhere: t on k (S - 1) degrees of freedom."""
    values = np.array([[1.0, 2.0, 6.0], [1.0, 1.0, 1.0]])
    fits = pool_folds([estimate_scalars(values), estimate_scalars(values)])
    found = contrast_trials(fits.select([0]), fits.select([1]), horizon_rows=None)
    assert found.estimate == 2
    assert found.standard_error == pytest.approx(np.sqrt(7 / 3 / 2))
    assert (found.df, found.rows_counted) == (4, False)
    assert found.p_value == pytest.approx(2 * stats.t.sf(2 / found.standard_error, 4))


def test_rows_without_order_count_inside_their_fold(rng: np.random.Generator) -> None:
    fits = draw_folds(rng, 3)
    sides = fits.select([0]), fits.select([1])
    found = contrast_trials(*sides, horizon_rows=None)
    f = (fits.influences[0] - fits.influences[1]).mean(axis=0)
    assert found.variance_rows == pytest.approx(measure_fold_variance(f, None, fits.fold_rows))
    assert (found.nu, found.row_df) == (None, 3 * N_ROWS - 1)


def test_copies_stay_copies_over_folds(rng: np.random.Generator) -> None:
    fits = draw_folds(rng, 5, skills=1 + rng.standard_normal((4, 5)))
    pool = pool_seeds(fits, horizon_rows=1)
    copy = contrast_trials(fits.select([0]), fits.select([0]), horizon_rows=1, pool=pool)
    assert copy.is_identical
