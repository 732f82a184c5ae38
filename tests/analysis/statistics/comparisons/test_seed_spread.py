"""Means over different seeds: the textbook's t, and the interval that covers what it says."""

import numpy as np
import pytest
from scipy.stats import binomtest, ttest_ind

from analysis.statistics.comparisons.seed_spread import bound_share, pool_spread, shift_mean


def test_the_spread_is_pooled_over_configurations() -> None:
    spread = pool_spread([[1.0, 3.0], [2.0, 2.0, 5.0], [9.0]])
    assert (spread.df, spread.deviation) == (3, pytest.approx(np.sqrt(8 / 3)))
    assert spread.measure_error(4) == pytest.approx(np.sqrt(8 / 3) / 2)


def test_of_two_groups_alone_it_is_student_s_t(rng: np.random.Generator) -> None:
    first, second = rng.normal(size=4), rng.normal(size=3)
    found = shift_mean(first, second, pool_spread([first, second]))
    known = ttest_ind(second, first)
    low, high = known.confidence_interval()
    assert (found.df, found.estimate) == (5, pytest.approx(second.mean() - first.mean()))
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_without_two_seeds_of_anything_no_error_is_known() -> None:
    found = shift_mean([1.0], [2.0], pool_spread([[1.0], [2.0]]))
    assert found.estimate == 1.0
    assert all(np.isnan(end) for end in (found.low, found.high, found.standard_error))


def test_the_interval_covers_the_true_shift(rng: np.random.Generator) -> None:
    n_covered = 0
    for _ in range(2000):
        groups = [*rng.normal(size=(4, 2)), *rng.normal(size=(3, 3))]
        found = shift_mean(groups[0], 0.5 + groups[-1], pool_spread(groups))
        n_covered += found.low <= 0.5 <= found.high
    assert 0.935 < n_covered / 2000 < 0.965


@pytest.mark.parametrize(("n_hits", "n"), [(0, 1), (1, 1), (2, 5), (7, 40)])
def test_the_interval_of_a_share_is_the_exact_one(n_hits: int, n: int) -> None:
    known = binomtest(n_hits, n).proportion_ci()
    assert bound_share(n_hits, n) == pytest.approx((known.low, known.high), abs=1e-12)


def test_what_is_no_share_or_no_mean_is_refused() -> None:
    with pytest.raises(ValueError, match="got 2 of 1"):
        bound_share(2, 1)
    with pytest.raises(ValueError, match="expected one or more of each"):
        shift_mean([], [1.0], pool_spread([[1.0, 2.0]]))
