"""Contrasts: "G beats H" on the same rows and seeds."""

import numpy as np
import pytest
from arch.bootstrap import CircularBlockBootstrap
from scipy import stats
from sklearn.metrics import roc_auc_score

from analysis.statistics.auc import estimate_auc
from analysis.statistics.contrast import combine_variances
from tests.analysis.scored import contrast_scores


@pytest.fixture
def labels(rng: np.random.Generator) -> np.ndarray:
    return (rng.random(120) < 0.3).astype(int)


def draw_scores(rng: np.random.Generator, labels: np.ndarray, *shape: int) -> np.ndarray:
    """Scores that persist and share a part, rounded so that some tie."""
    noise = rng.standard_normal((*shape, labels.size)).cumsum(axis=-1) / 5
    shared = rng.standard_normal(labels.size)
    return np.round(noise + shared + 0.8 * labels, 1)


def bartlett_by_loops(series: np.ndarray, lag: int) -> float:
    total = np.sum(series**2)
    for step in range(1, lag):
        total += 2 * (1 - step / lag) * np.sum(series[step:] * series[:-step])
    return total


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
    rows = bartlett_by_loops(mean, 24)
    seeds = np.var(deltas, ddof=1) / 3
    interaction = sum(bartlett_by_loops(one - mean, 24) for one in influences) / (3 * 2)
    seed_part = max(0, seeds - interaction)
    error = np.sqrt(rows + seed_part)
    df = error**4 / (rows**2 / (120 / 24 - 1) + seed_part**2 / 2)
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
    assert found.p_greater == pytest.approx(stats.t.cdf(ratio, df))
    assert (found.n_rows, found.n_positive, found.n_seeds, found.lag) == (120, labels.sum(), 3, 24)


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
    assert back.p_greater == pytest.approx(1 - forth.p_greater)


def test_the_row_variance_agrees_with_the_circular_block_bootstrap(
    rng: np.random.Generator,
) -> None:
    state = np.convolve(rng.standard_normal(1019), np.ones(20) / np.sqrt(20), "valid")
    labels = (state + rng.standard_normal(1000) > 1.2).astype(int)
    scores = np.convolve(rng.standard_normal(1019), np.ones(20) / np.sqrt(20), "valid")
    fits = np.stack([[state + 0.5 * rng.standard_normal(1000)] * 2, [state + scores] * 2])
    found = contrast_scores(labels, fits[:1], fits[1:], horizon_rows=1)

    def difference(rows: np.ndarray) -> np.ndarray:
        aucs = estimate_auc(labels[rows], fits[:, :, rows]).values.mean(axis=1)
        return np.asarray(aucs[0] - aucs[1])

    bootstrap = CircularBlockBootstrap(20, np.arange(1000), seed=rng)
    resampled = bootstrap.apply(difference, 1500)
    assert np.sqrt(found.variance_rows) == pytest.approx(resampled.std(), rel=0.08)
    independent = np.sqrt(contrast_of_independent_rows(labels, fits))
    assert np.sqrt(found.variance_rows) > 1.2 * independent


def contrast_of_independent_rows(labels: np.ndarray, fits: np.ndarray) -> float:
    influences = estimate_auc(labels, fits).influences.mean(axis=1)
    return float(np.sum((influences[0] - influences[1]) ** 2))


def test_degrees_of_freedom_by_hand() -> None:
    rows, seeds, interaction = (np.array(value) for value in (4e-4, 3e-4, 1e-4))
    error, df = combine_variances(rows, seeds, interaction, n_rows=400, n_seeds=3, lag=20)
    assert error == pytest.approx(np.sqrt(6e-4))
    assert df == pytest.approx(36 / (16 / 19 + 4 / 2))


def test_a_negative_seed_part_counts_as_none() -> None:
    rows, seeds, interaction = (np.array(value) for value in (4e-4, 1e-5, 1e-4))
    error, df = combine_variances(rows, seeds, interaction, n_rows=400, n_seeds=3, lag=20)
    assert error == pytest.approx(0.02)
    assert df == pytest.approx(19)


def test_one_seed_gives_a_provisional_interval_of_the_rows_alone(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    found = contrast_scores(
        labels, draw_scores(rng, labels, 2, 1), draw_scores(rng, labels, 2, 1), horizon_rows=1
    )
    assert found.is_provisional
    assert found.standard_error == pytest.approx(np.sqrt(found.variance_rows))
    assert found.df == pytest.approx(120 / 20 - 1)
    assert (found.variance_seeds, found.variance_interaction) == (0, 0)


def test_groups_of_the_same_fits_are_identical(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    fits = draw_scores(rng, labels, 3, 3)
    found = contrast_scores(labels, fits, fits[::-1] * 2 - 1, horizon_rows=1)
    assert found.is_identical
    assert not found.is_without_spread
    assert (found.estimate, found.low, found.high) == (0, 0, 0)
    assert (found.p_value, found.p_greater) == (1, 0.5)


def test_a_difference_without_spread_claims_nothing(labels: np.ndarray) -> None:
    perfect = np.broadcast_to(labels, (1, 3, labels.size))
    found = contrast_scores(labels, perfect, np.zeros_like(perfect), horizon_rows=1)
    assert found.is_without_spread
    assert not found.is_identical
    assert (found.estimate, found.low, found.high) == (0.5, -1, 1)
    assert found.p_value == 1


@pytest.mark.parametrize(("n_rows", "short"), [(59, True), (60, False)])
def test_fewer_rows_than_three_lags_are_short(
    rng: np.random.Generator, n_rows: int, short: bool
) -> None:
    labels = np.arange(n_rows) % 3 == 0
    fits = rng.standard_normal((2, 1, n_rows))
    found = contrast_scores(labels, fits[:1], fits[1:], horizon_rows=1)
    assert found.is_short is short


def test_fewer_rows_than_one_lag_still_give_an_interval(rng: np.random.Generator) -> None:
    fits = rng.standard_normal((2, 2, 12))
    found = contrast_scores(np.arange(12) % 2, fits[:1], fits[1:], horizon_rows=1)
    assert found.is_short
    assert found.low < found.estimate < found.high
    assert found.df >= 1


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
