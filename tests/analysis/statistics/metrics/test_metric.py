"""Values and influences of a metric."""

import numpy as np
import pytest

from analysis.statistics.comparisons.contrast import contrast_trials
from analysis.statistics.metrics.metric import (
    MetricEstimate,
    estimate_mean,
    estimate_scalars,
    join_estimates,
    stack_estimates,
)


def test_the_mean_and_its_influences_by_hand() -> None:
    fit = estimate_mean([1.0, 3.0, 5.0])
    assert fit.values == 3
    np.testing.assert_allclose(fit.influences, np.array([-2, 0, 2]) / np.sqrt(6))
    assert np.sum(fit.influences**2) == pytest.approx(np.var([1, 3, 5], ddof=1) / 3)
    assert fit.smallest_class is None


def test_a_difference_of_losses_is_tested_as_by_diebold_and_mariano(
    rng: np.random.Generator,
) -> None:
    losses = rng.standard_normal((2, 1, 300)) ** 2
    sides = (estimate_mean(-losses[[trial]]) for trial in (0, 1))
    found = contrast_trials(*sides, horizon_rows=None)
    difference = losses[1, 0] - losses[0, 0]
    assert found.estimate == pytest.approx(difference.mean())
    assert found.standard_error == pytest.approx(difference.std(ddof=1) / np.sqrt(300))
    assert (found.df, found.nu, found.smallest_class) == (299, None, None)


def test_a_ratio_is_a_difference_of_logarithms() -> None:
    fit = estimate_scalars([[1.0, 10.0]], is_ratio=True)
    np.testing.assert_allclose(fit.values, [[0, np.log(10)]])
    assert fit.influences.shape == (1, 2, 0)


@pytest.mark.parametrize(
    ("value", "is_ratio", "expected"),
    [(np.nan, False, "finite"), (0.0, True, "positive"), (np.inf, True, "positive")],
)
def test_a_value_that_cannot_be_compared_is_refused(
    value: float, is_ratio: bool, expected: str
) -> None:
    with pytest.raises(ValueError, match=rf"values: got {value}, expected {expected} numbers"):
        estimate_scalars([[1.0, value]], is_ratio=is_ratio)


@pytest.mark.parametrize(
    ("gains", "message"),
    [
        (1.0, r"gains: got shape \(\), expected at least 2 rows"),
        ([1.0], r"gains: got shape \(1,\), expected at least 2 rows"),
        ([1.0, np.nan], "gains: got 1 that are not finite"),
    ],
)
def test_gains_that_give_no_mean_are_refused(gains: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        estimate_mean(np.asarray(gains))


def test_estimates_are_stacked_joined_and_taken_apart() -> None:
    one = estimate_mean([[1.0, 2.0], [3.0, 4.0]])
    stacked, joined = stack_estimates([one, one]), join_estimates([one, one])
    assert stacked.values.shape == (2, 2)
    np.testing.assert_array_equal(joined.values, [1.5, 3.5, 1.5, 3.5])
    np.testing.assert_array_equal(stacked.select(1).influences, one.influences)
    np.testing.assert_array_equal(joined.select([3, 0]).values, [3.5, 1.5])


def test_estimates_of_other_rows_are_not_joined() -> None:
    one, other = estimate_mean([[1.0, 2.0]]), estimate_mean([[1.0, 2.0, 3.0]])
    classed = MetricEstimate(one.values, one.influences, 5)
    for wrong in ([one, other], [one, classed], []):
        with pytest.raises(ValueError, match="expected some, all of the same rows"):
            join_estimates(wrong)


def test_rows_of_a_group_are_summed_wherever_they_lie() -> None:
    fit = estimate_mean([[1.0, 3.0, 5.0, 7.0], [1.0, 1.0, 2.0, 4.0]])
    found = fit.sum_by(["b", "a", "b", "c"])
    rows = fit.influences
    expected = np.stack([rows[:, 1], rows[:, 0] + rows[:, 2], rows[:, 3]], axis=1)
    np.testing.assert_allclose(found.influences, expected)
    np.testing.assert_array_equal(found.values, fit.values)
    ordered = fit.sum_by([4, 4, 7, 9])
    np.testing.assert_array_equal(
        ordered.influences, fit.sum_within(np.array([0, 2, 3])).influences
    )


def test_each_row_needs_a_group() -> None:
    with pytest.raises(ValueError, match=r"groups: got shape \(2,\), expected \(3,\)"):
        estimate_mean([1.0, 2.0, 3.0]).sum_by([1, 2])
