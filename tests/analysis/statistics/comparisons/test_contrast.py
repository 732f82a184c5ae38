"""Contrasts: "G beats H" on the same rows and seeds."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from analysis.statistics.comparisons.contrast import (
    contrast_trials,
    contrast_weighted,
)
from analysis.statistics.metrics.auc import estimate_auc
from analysis.statistics.metrics.metric import estimate_scalars
from analysis.statistics.variances.seed_pool import SeedPool, pool_seeds
from analysis.statistics.variances.standard_error import combine_variances
from tests.analysis.scored import contrast_scores


@pytest.fixture
def labels(rng: np.random.Generator) -> np.ndarray:
    return (rng.random(120) < 0.3).astype(int)


def draw_scores(rng: np.random.Generator, labels: np.ndarray, *shape: int) -> np.ndarray:
    """Scores that persist and share a part, rounded so that some tie."""
    noise = rng.standard_normal((*shape, labels.size)).cumsum(axis=-1) / 5
    shared = rng.standard_normal(labels.size)
    return np.round(noise + shared + 0.8 * labels, 1)


def variance_by_loops(series: np.ndarray, nu: int) -> float:
    n = series.size
    cosines = [
        np.sqrt(2) * sum(series[t] * np.cos(np.pi * j * (t + 0.5) / n) for t in range(n))
        for j in range(1, nu + 1)
    ]
    return max(np.mean(np.square(cosines)), np.sum(series**2))


def influences_by_kernel(labels: np.ndarray, scores: np.ndarray) -> tuple[float, np.ndarray]:
    """Mean and influences of the mean kernel of some fits (fits, N), pair by pair."""
    above, below = scores[:, labels == 1, None], scores[:, None, labels == 0]
    kernel = ((above > below) + 0.5 * (above == below)).mean(axis=0)
    m, n = kernel.shape
    influences = np.empty(labels.size)
    influences[labels == 1] = (kernel.mean(axis=1) - kernel.mean()) / m * np.sqrt(m / (m - 1))
    influences[labels == 0] = (kernel.mean(axis=0) - kernel.mean()) / n * np.sqrt(n / (n - 1))
    return kernel.mean(), influences


def test_every_part_agrees_with_the_formulas_written_out(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    ours, theirs = draw_scores(rng, labels, 2, 3), draw_scores(rng, labels, 3, 3)
    found = contrast_scores(labels, ours, theirs, horizon_rows=12)
    deltas, influences = [], []
    for seed in range(3):
        better, better_rows = influences_by_kernel(labels, ours[:, seed])
        worse, worse_rows = influences_by_kernel(labels, theirs[:, seed])
        deltas.append(better - worse)
        influences.append(better_rows - worse_rows)
    mean = np.mean(influences, axis=0)
    rows = variance_by_loops(mean, 5)
    pool = pool_seeds(estimate_auc(labels, np.concatenate([ours, theirs])), horizon_rows=12)
    shrunk = (1 / 2 + 1 / 3) / 3
    seeds = (4 * pool.variance * shrunk + 2 * np.var(deltas, ddof=1) / 3) / 6
    own = sum(variance_by_loops(one - mean, 5) for one in influences) / (3 * 2)
    interaction = (4 * pool.interaction * shrunk + 2 * own) / 6
    seed_part = max(0, seeds - interaction)
    error = np.sqrt(rows + seed_part)
    df = error**4 / (rows**2 / 5 + seed_part**2 / 6)
    ratio = np.mean(deltas) / error
    reach = stats.t.ppf(0.975, df) * error
    assert found.seed_estimates == pytest.approx(deltas)
    assert found.variance_rows == pytest.approx(rows)
    assert found.variance_seeds == pytest.approx(seeds)
    assert found.variance_interaction == pytest.approx(interaction)
    assert found.standard_error == pytest.approx(error)
    assert found.df == pytest.approx(df)
    assert (found.low, found.high) == pytest.approx((ratio * error - reach, ratio * error + reach))
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(ratio), df))
    assert (found.n_rows, found.smallest_class, found.n_seeds) == (120, labels.sum(), 3)
    assert (found.nu, found.row_df, found.seed_df, found.n_trials) == (5, 5, 6, 5)
    assert found.limits == ()


def test_the_estimate_is_the_difference_of_the_mean_aucs(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    ours, theirs = draw_scores(rng, labels, 3, 2), draw_scores(rng, labels, 2, 2)
    found = contrast_scores(labels, ours, theirs, horizon_rows=1)
    means = [
        np.mean([roc_auc_score(labels, fit) for trial in group for fit in trial])
        for group in (ours, theirs)
    ]
    assert found.estimate == pytest.approx(means[0] - means[1], abs=1e-14)


def test_swapping_the_sides_turns_the_sign_and_nothing_else(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    ours, theirs = draw_scores(rng, labels, 2, 3), draw_scores(rng, labels, 1, 3)
    forth = contrast_scores(labels, ours, theirs, horizon_rows=1)
    back = contrast_scores(labels, theirs, ours, horizon_rows=1)
    assert back.estimate == pytest.approx(-forth.estimate)
    assert (back.low, back.high) == pytest.approx((-forth.high, -forth.low))
    assert back.p_value == pytest.approx(forth.p_value)


def test_degrees_of_freedom_by_hand() -> None:
    rows, seeds, interaction = (np.array(value) for value in (4e-4, 3e-4, 1e-4))
    error, df = combine_variances(rows, seeds, interaction, row_df=12, seed_df=6)
    assert error == pytest.approx(np.sqrt(6e-4))
    assert df == pytest.approx(36 / (16 / 12 + 4 / 6))


def test_a_negative_seed_part_counts_as_none() -> None:
    rows, seeds, interaction = (np.array(value) for value in (4e-4, 1e-5, 1e-4))
    error, df = combine_variances(rows, seeds, interaction, row_df=12, seed_df=6)
    assert error == pytest.approx(0.02)
    assert df == pytest.approx(12)


def test_one_seed_gives_a_provisional_interval_of_the_rows_alone(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    found = contrast_scores(
        labels, draw_scores(rng, labels, 2, 1), draw_scores(rng, labels, 2, 1), horizon_rows=1
    )
    assert found.is_provisional
    assert found.standard_error == pytest.approx(np.sqrt(found.variance_rows))
    assert found.df == pytest.approx(12)
    assert found.limits == ("one seed: the interval covers rows only",)
    assert (found.variance_seeds, found.variance_interaction) == (0, 0)


def test_groups_of_the_same_fits_are_identical(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    fits = draw_scores(rng, labels, 3, 3)
    found = contrast_scores(labels, fits, fits[::-1] * 2 - 1, horizon_rows=1)
    assert found.is_identical
    assert not found.is_without_spread
    assert (found.estimate, found.low, found.high) == (0, 0, 0)
    assert (found.p_value, found.limits) == (1, ())


def test_a_difference_without_spread_claims_nothing(labels: np.ndarray) -> None:
    perfect = np.broadcast_to(labels, (1, 3, labels.size))
    found = contrast_scores(labels, perfect, np.zeros_like(perfect), horizon_rows=1)
    assert found.is_without_spread
    assert not found.is_identical
    assert (found.estimate, found.low, found.high) == (0.5, -np.inf, np.inf)
    assert found.p_value == 1


@pytest.mark.parametrize(
    ("n_rows", "horizon_rows", "n_seeds", "n_positive", "limits"),
    [
        (60, 1, 3, 20, []),
        (59, 1, 3, 20, ["59 rows: fewer than 60"]),
        (60, 8, 3, 20, ["60 rows hold 3 independent stretches: fewer than 4, too few to correct"]),
        (60, None, 3, 20, []),
        (60, 1, 3, 9, ["9 rows of the rarer class: fewer than 10"]),
        (60, 1, 3, 51, ["9 rows of the rarer class: fewer than 10"]),
        (60, 1, 2, 20, ["two seeds and no third trial: too few"]),
    ],
)
def test_what_keeps_a_contrast_from_being_conclusive(
    rng: np.random.Generator,
    n_rows: int,
    horizon_rows: int | None,
    n_seeds: int,
    n_positive: int,
    limits: list[str],
) -> None:
    fits = rng.standard_normal((2, n_seeds, n_rows))
    labels = np.arange(n_rows) < n_positive
    found = contrast_scores(labels, fits[:1], fits[1:], horizon_rows=horizon_rows)
    assert len(found.limits) == len(limits)
    for said, expected in zip(found.limits, limits, strict=True):
        assert said.startswith(expected)


def test_a_third_trial_lifts_the_limit_of_two_seeds(rng: np.random.Generator) -> None:
    labels = np.arange(90) % 3 == 0
    fits = estimate_auc(labels, rng.standard_normal((3, 2, 90)))
    pool = pool_seeds(fits, horizon_rows=1)
    sides = fits.select([0]), fits.select([1])
    assert contrast_trials(*sides, horizon_rows=1).limits
    assert not contrast_trials(*sides, horizon_rows=1, pool=pool).limits


def test_fewer_rows_than_a_cosine_needs_still_give_an_interval(rng: np.random.Generator) -> None:
    fits = rng.standard_normal((2, 2, 8))
    found = contrast_scores(np.arange(8) % 2, fits[:1], fits[1:], horizon_rows=1)
    assert found.nu == 1
    assert found.low < found.estimate < found.high


def test_copies_stay_copies_whatever_the_other_trials_do(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    fits = estimate_auc(labels, draw_scores(rng, labels, 1, 3))
    noisy = SeedPool(variance=0.1, interaction=0.0, df=4, n_trials=7)
    assert contrast_trials(fits, fits, horizon_rows=1, pool=noisy).is_identical


def test_any_weights_that_sum_to_zero_make_a_contrast(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    fits = estimate_auc(labels, draw_scores(rng, labels, 4, 3))
    halves = contrast_weighted(fits, [0.5, 0.5, -0.5, -0.5], horizon_rows=1)
    assert halves == contrast_trials(fits.select([0, 1]), fits.select([2, 3]), horizon_rows=1)
    doubled = contrast_weighted(fits, [1, 1, -1, -1], horizon_rows=1)
    assert doubled.standard_error == pytest.approx(2 * halves.standard_error)
    assert doubled.p_value == pytest.approx(halves.p_value)
    for wrong in ([1, 1, 1, -1], [1, -1]):
        with pytest.raises(ValueError, match=r"weights: got \[.*\], expected 4 that sum to zero"):
            contrast_weighted(fits, wrong, horizon_rows=1)


def test_a_metric_without_rows_is_paired_by_seed(rng: np.random.Generator) -> None:
    values = rng.random((2, 5))
    fits = estimate_scalars(values)
    found = contrast_trials(fits.select([0]), fits.select([1]), horizon_rows=None)
    expected = stats.ttest_rel(values[0], values[1])
    assert found.p_value == pytest.approx(expected.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(expected.confidence_interval(0.95)))
    assert (found.rows_counted, found.n_rows, found.df, found.limits) == (False, 0, 4, ())


def test_a_metric_without_rows_says_nothing_with_one_seed() -> None:
    fits = estimate_scalars([[2.0], [1.0]])
    found = contrast_trials(fits.select([0]), fits.select([1]), horizon_rows=None)
    assert found.limits[0] == "one seed: no error can be estimated"
    assert found.p_value == 1


def test_small_units_are_not_taken_for_rounding(rng: np.random.Generator) -> None:
    values = 1e-11 * (5 + rng.random((2, 3)))
    fits = estimate_scalars(values)
    found = contrast_trials(fits.select([0]), fits.select([1]), horizon_rows=None)
    assert found.standard_error > 0
    assert found.estimate == pytest.approx(values[0].mean() - values[1].mean())


def test_a_higher_level_widens_the_interval_only(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    ours, theirs = draw_scores(rng, labels, 1, 3), draw_scores(rng, labels, 1, 3)
    usual = contrast_scores(labels, ours, theirs, horizon_rows=1)
    wide = contrast_scores(labels, ours, theirs, horizon_rows=1, level=0.99)
    assert wide.low < usual.low < usual.high < wide.high
    assert wide.p_value == usual.p_value


@pytest.mark.parametrize(
    ("ours", "theirs", "message"),
    [
        ((3, 120), (1, 3, 120), r"candidates: got shape \(3, 120\), expected \(trials, seeds"),
        ((1, 3, 120), (0, 3, 120), r"references: got shape \(0, 3, 120\)"),
        ((1, 3, 120), (1, 2, 120), r"references: got \(seeds, rows\) \(2, 120\), expected those"),
        ((1, 3, 90), (1, 3, 90), "scores: got shape .*, expected 120 rows on the last axis"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(
    labels: np.ndarray, ours: tuple[int, ...], theirs: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        contrast_scores(labels, np.zeros(ours), np.zeros(theirs), horizon_rows=1)
