"""Folds pooled into one estimate."""

import numpy as np
import pytest

from analysis.statistics.metrics.auc import estimate_auc
from analysis.statistics.metrics.folds import centre_folds, pool_folds
from analysis.statistics.metrics.metric import (
    MetricEstimate,
    estimate_mean,
    estimate_scalars,
    join_estimates,
    stack_estimates,
)


def test_two_folds_by_hand() -> None:
    """Means 2 and 5 of 2 and 3 rows: theta 3.5, and -1.5 / 2 and 1.5 / 3 a row, halved."""
    folds = [estimate_mean([1.0, 3.0]), estimate_mean([4.0, 5.0, 6.0])]
    pooled = pool_folds(folds)
    assert pooled.values == 3.5
    np.testing.assert_array_equal(pooled.by_fold, [2, 5])
    own = [-1 / np.sqrt(2), 1 / np.sqrt(2), -1 / np.sqrt(6), 0, 1 / np.sqrt(6)]
    added = [-0.75, -0.75, 0.5, 0.5, 0.5]
    np.testing.assert_allclose(pooled.influences, (np.array(own) + added) / 2)
    np.testing.assert_allclose(centre_folds(pooled.influences, (2, 3)), np.array(own) / 2)
    assert (pooled.fold_rows, pooled.n_folds) == ((2, 3), 2)


def test_the_influences_still_add_up_to_zero(rng: np.random.Generator) -> None:
    labels = rng.random(90) < 0.3
    folds = [estimate_auc(labels, rng.standard_normal((3, 2, 90))) for _ in range(4)]
    pooled = pool_folds(folds)
    assert pooled.influences.shape == (3, 2, 360)
    np.testing.assert_allclose(pooled.influences.sum(axis=-1), 0, atol=1e-14)
    assert pooled.smallest_class == 4 * int(labels.sum())


def test_a_single_fold_is_left_as_it_is() -> None:
    one = estimate_mean([1.0, 3.0])
    assert pool_folds([one]) is one
    assert (one.n_folds, one.by_fold.shape) == (1, (1,))
    assert centre_folds(one.influences, (2,)) is one.influences


def test_scores_of_other_fits_are_compared_inside_their_fold_only() -> None:
    """The second fold's scores all lie higher: pooled they would order the rows by fold."""
    labels = np.tile([0, 1], 10)
    scores = np.linspace(0, 1, 20)
    shifted = pool_folds([estimate_auc(labels, scores), estimate_auc(labels, scores + 100)])
    assert shifted.values == pytest.approx(estimate_auc(labels, scores).values)


def test_what_no_rows_are_known_of_is_pooled_too() -> None:
    pooled = pool_folds([estimate_scalars([[1.0, 2.0]]), estimate_scalars([[3.0, 6.0]])])
    np.testing.assert_array_equal(pooled.values, [[2, 4]])
    np.testing.assert_array_equal(pooled.by_fold, [[[1, 3], [2, 6]]])
    assert (pooled.influences.shape, pooled.fold_rows, pooled.n_folds) == ((1, 2, 0), (0, 0), 2)


def test_pooled_estimates_are_stacked_joined_and_taken_apart(rng: np.random.Generator) -> None:
    one = pool_folds([estimate_mean(rng.random((3, 5))) for _ in range(2)])
    stacked, joined = stack_estimates([one, one]), join_estimates([one, one])
    assert stacked.by_fold.shape == (2, 3, 2)
    np.testing.assert_array_equal(stacked.select(1).by_fold, one.by_fold)
    np.testing.assert_array_equal(joined.select([4, 0]).by_fold, one.by_fold[[1, 0]])
    other = pool_folds([estimate_mean(rng.random((3, n))) for n in (4, 6)])
    with pytest.raises(ValueError, match="expected some, all of the same rows"):
        stack_estimates([one, other])


def test_what_does_not_belong_together_is_not_pooled() -> None:
    one, two = estimate_mean([1.0, 3.0]), estimate_mean([[1.0, 3.0]])
    classed = MetricEstimate(one.values, one.influences, 5)
    pooled = pool_folds([one, one])
    for wrong in ([], [one, two], [one, classed], [pooled, one]):
        with pytest.raises(ValueError, match=r"folds with values of shapes .*, expected some"):
            pool_folds(wrong)


def test_rows_of_a_date_are_summed_before_folds_are_pooled() -> None:
    fold = estimate_mean([1.0, 3.0, 4.0])
    by_date = pool_folds([fold.sum_within(np.array([0, 2])), fold])
    assert by_date.fold_rows == (2, 3)
    with pytest.raises(ValueError, match="got an estimate of 2 folds, expected rows to be summed"):
        by_date.sum_within(np.array([0, 1]))
