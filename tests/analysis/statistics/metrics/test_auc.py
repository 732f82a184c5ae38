"""AUCs, row influences and the variances that follow from them."""

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import roc_auc_score

from analysis.statistics.metrics.auc import approximate_standard_error, estimate_auc
from analysis.statistics.metrics.metric import stack_estimates


def compute_psi(labels: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Every comparison of a positive with a negative, (m, n)."""
    above = scores[labels == 1][:, None]
    below = scores[labels == 0][None, :]
    return (above > below) + 0.5 * (above == below)


def sum_squares(labels: ArrayLike, scores: ArrayLike) -> NDArray[np.float64]:
    """The variance of each AUC that the influences of the rows make."""
    return np.asarray(np.square(estimate_auc(labels, scores).influences).sum(axis=-1))


def compute_delong(labels: np.ndarray, scores: np.ndarray) -> float:
    psi = compute_psi(labels, scores)
    m, n = psi.shape
    return psi.mean(axis=1).var(ddof=1) / m + psi.mean(axis=0).var(ddof=1) / n


def test_two_positives_and_two_negatives_with_a_tie_by_hand() -> None:
    fit = estimate_auc([1, 0, 1, 0], [2.0, 1.0, 1.0, 0.0])
    assert fit.values == pytest.approx(3.5 / 4)
    eighth = 0.125 / np.sqrt(2)
    np.testing.assert_allclose(fit.influences, [eighth, -eighth, -eighth, eighth])
    assert sum_squares([1, 0, 1, 0], [2.0, 1.0, 1.0, 0.0]) == pytest.approx(0.03125)


@pytest.mark.parametrize("n_levels", [2, 5, 1000], ids=["nearly all tied", "ties", "hardly any"])
def test_auc_agrees_with_scikit_learn(rng: np.random.Generator, n_levels: int) -> None:
    labels = rng.random(200) < 0.2
    scores = rng.integers(n_levels, size=(3, 2, 200)) + labels
    values = estimate_auc(labels, scores).values
    expected = [[roc_auc_score(labels, one) for one in trial] for trial in scores]
    np.testing.assert_allclose(values, expected, rtol=1e-13)


@pytest.mark.parametrize("n_levels", [3, 1000])
def test_delong_agrees_with_the_sum_over_all_pairs(rng: np.random.Generator, n_levels: int) -> None:
    labels = (rng.random(150) < 0.3).astype(int)
    scores = rng.integers(n_levels, size=(4, 150)) / 7 + labels
    expected = [compute_delong(labels, one) for one in scores]
    np.testing.assert_allclose(sum_squares(labels, scores), expected, rtol=1e-12)


def test_influences_stay_with_their_rows(rng: np.random.Generator) -> None:
    labels = (rng.random(60) < 0.4).astype(int)
    scores = rng.standard_normal(60)
    psi = compute_psi(labels, scores)
    m, n = psi.shape
    expected = np.empty(60)
    expected[labels == 1] = (psi.mean(axis=1) - psi.mean()) / m * np.sqrt(m / (m - 1))
    expected[labels == 0] = (psi.mean(axis=0) - psi.mean()) / n * np.sqrt(n / (n - 1))
    np.testing.assert_allclose(estimate_auc(labels, scores).influences, expected, atol=1e-15)


def test_influences_of_either_class_sum_to_zero(rng: np.random.Generator) -> None:
    labels = rng.random(100) < 0.2
    influences = estimate_auc(labels, rng.standard_normal((5, 100))).influences
    np.testing.assert_allclose(influences[:, labels].sum(axis=1), 0, atol=1e-14)
    np.testing.assert_allclose(influences[:, ~labels].sum(axis=1), 0, atol=1e-14)


def test_an_increasing_function_of_the_scores_changes_nothing(rng: np.random.Generator) -> None:
    labels = rng.random(80) < 0.3
    logits = rng.standard_normal(80)
    plain, squashed = estimate_auc(labels, logits), estimate_auc(labels, 1 / (1 + np.exp(-logits)))
    np.testing.assert_array_equal(plain.influences, squashed.influences)


def test_constant_scores_have_an_auc_of_one_half_and_no_influence() -> None:
    fit = estimate_auc([0, 1, 0, 1, 0], np.full(5, 0.18))
    assert fit.values == 0.5
    np.testing.assert_array_equal(fit.influences, np.zeros(5))


def test_hanley_and_mcneil_give_the_worked_figure() -> None:
    assert approximate_standard_error(0.72, 76, 346) == pytest.approx(0.035, abs=5e-4)


def test_delong_gives_the_worked_figure(rng: np.random.Generator) -> None:
    labels = np.arange(422) < 76
    distance = 0.8243  # of two normal classes with an AUC of 0.72
    scores = rng.standard_normal((4000, 422)) + distance * labels
    fit = estimate_auc(labels, scores)
    error = np.sqrt(sum_squares(labels, scores).mean())
    assert fit.values.mean() == pytest.approx(0.72, abs=0.002)
    assert error == pytest.approx(0.032, abs=1e-3)
    assert fit.values.std() == pytest.approx(error, rel=0.03)


@pytest.mark.parametrize(
    ("labels", "scores", "message"),
    [
        ([[0, 1], [0, 1]], [0.1, 0.2], r"labels: got shape \(2, 2\), expected one dimension"),
        ([0, 1, 2, 1], [1, 2, 3, 4], "labels: got 2, expected only 0 and 1"),
        ([0.0, 1.0, np.nan, 1.0], [1, 2, 3, 4], "labels: got nan, expected only 0 and 1"),
        ([0, 0, 0, 1], [1, 2, 3, 4], "got 1 positive and 3 negative rows, expected at least 2"),
        ([1, 1, 1, 1], [1, 2, 3, 4], "got 4 positive and 0 negative rows"),
        ([0, 1, 0, 1], [1, 2, 3], r"scores: got shape \(3,\), expected 4 rows on the last axis"),
        ([0, 1, 0, 1], 0.5, r"scores: got shape \(\), expected 4 rows"),
        ([0, 1, 0, 1], [1, np.nan, 3, np.nan], "scores: got 2 NaN, expected a number in every"),
    ],
)
def test_unusable_rows_are_refused(labels: object, scores: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        estimate_auc(labels, scores)


def test_an_impossible_auc_or_an_empty_class_is_refused() -> None:
    with pytest.raises(ValueError, match=r"auc: got 72, expected a value from 0 to 1"):
        approximate_standard_error(72, 76, 346)
    with pytest.raises(ValueError, match="got 0 positive and 346 negative rows"):
        approximate_standard_error(0.72, 0, 346)


def test_fits_ranked_one_by_one_are_the_fits_ranked_together(rng: np.random.Generator) -> None:
    labels, scores = rng.random(60) < 0.4, rng.standard_normal((3, 2, 60))
    together = estimate_auc(labels, scores)
    stacked = stack_estimates(
        [stack_estimates([estimate_auc(labels, fit) for fit in trial]) for trial in scores]
    )
    np.testing.assert_array_equal(stacked.values, together.values)
    np.testing.assert_array_equal(stacked.influences, together.influences)
    np.testing.assert_array_equal(together.select([2, 0]).values, together.values[[2, 0]])
    np.testing.assert_array_equal(together.select(1).influences, together.influences[1])


@pytest.mark.parametrize("labels", [[], [[0, 1, 0, 1], [0, 1, 1, 1, 0]]])
def test_estimates_of_other_rows_are_not_joined(labels: list[list[int]]) -> None:
    with pytest.raises(ValueError, match=f"got {len(labels)} estimates, expected some, all of the"):
        stack_estimates([estimate_auc(one, range(len(one))) for one in labels])
