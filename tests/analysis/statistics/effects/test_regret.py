from itertools import permutations
from math import comb

import numpy as np
import pytest

from analysis.statistics.effects.regret import (
    chance_of_standing,
    expect_gain,
    measure_order_trend,
    trace_regret,
)

VALUES = np.array([3.0, 1.0, 4.0, 2.0, 5.0])


@pytest.fixture(scope="module")
def bests() -> np.ndarray:
    """The best so far in every order of five values, shape (120, 5)."""
    return np.array([np.maximum.accumulate(order) for order in permutations(VALUES)])


@pytest.mark.parametrize("values", [VALUES, np.array([1.0, 1.0, 2.0, 2.0, 7.0])])
def test_the_band_is_that_of_all_orders(values: np.ndarray) -> None:
    curve = trace_regret(values)
    bests = np.array([np.maximum.accumulate(order) for order in permutations(values)])
    for place, shown in enumerate(zip(curve.low, curve.median, curve.high, strict=True)):
        ordered = np.sort(bests[:, place])
        expected = [ordered[int(np.ceil(level * 120)) - 1] for level in (0.025, 0.5, 0.975)]
        assert list(shown) == expected


def test_the_curve_is_the_best_so_far_and_its_regret() -> None:
    curve = trace_regret(VALUES)
    assert list(curve.best) == [3, 3, 4, 4, 5]
    assert list(curve.regret) == [2, 2, 1, 1, 0]
    assert (curve.n, curve.place) == (5, 5)


def test_a_search_that_improves_lies_below_the_band_and_one_that_stalls_above() -> None:
    rising = trace_regret(np.arange(40.0))
    assert (rising.above, rising.below > 20) == (0, True)
    falling = trace_regret(np.arange(40.0)[::-1])
    assert (falling.below, falling.above > 0) == (0, True)


@pytest.mark.parametrize("window", [1, 2, 3, 4])
def test_the_expected_gain_is_the_mean_over_all_orders(window: int, bests: np.ndarray) -> None:
    told = (bests[:, 4] - bests[:, 4 - window]).mean()
    assert expect_gain(VALUES, window) == pytest.approx(told, abs=1e-12)


@pytest.mark.parametrize(("n", "window"), [(5, 3), (60, 30), (40, 39), (12, 12)])
def test_the_best_stands_as_often_as_records_are_far_apart(n: int, window: int) -> None:
    """The j-th value is a record with 1/j, and the next `window` are none with j/(j + window)."""
    told = sum(1 / k for k in range(window + 1, n + 1))
    assert chance_of_standing(np.arange(n), window) == pytest.approx(told, abs=0.04)


def test_what_never_is_the_best_stands_for_nothing() -> None:
    worst = -np.inf
    assert chance_of_standing([worst, worst, worst, worst, 1.0], 3) == pytest.approx(0.4, abs=0.05)
    assert chance_of_standing([worst] * 5, 1) == 0


@pytest.mark.parametrize("window", [0, 5])
def test_a_window_leaves_something_before_it(window: int) -> None:
    with pytest.raises(ValueError, match="expected 1 to 4"):
        expect_gain(VALUES, window)


def test_many_trials_are_no_more_than_binomials() -> None:
    """The bisection finds the quantile that counting does, at every t."""
    n = 60
    curve = trace_regret(np.arange(1.0, n + 1))
    for t in range(1, n + 1):
        told = next(k for k in range(t, n + 1) if comb(k, t) / comb(n, t) >= 0.5 - 1e-12)
        assert curve.median[t - 1] == told


def test_a_trend_is_the_correlation_of_value_and_place() -> None:
    assert measure_order_trend(np.arange(10.0)).rho == pytest.approx(1)
    assert measure_order_trend(-np.arange(10.0)).rho == pytest.approx(-1)
    assert np.isnan(measure_order_trend([1.0, 2.0, 3.0]).rho)
    assert np.isnan(measure_order_trend(np.ones(9)).p_value)


def test_a_trend_of_few_values_is_tested_by_all_their_orders() -> None:
    """A t test would say 0 and 0.037 of these."""
    assert measure_order_trend([1.0, 2.0, 3.0, 4.0, 5.0]).p_value == 2 / 120
    assert measure_order_trend([1.0, 2.0, 3.0, 5.0, 4.0]).p_value == 10 / 120
    assert measure_order_trend([1.0, 1.0, 1.0, 2.0]).p_value == pytest.approx(0.5)


def test_values_are_finite() -> None:
    with pytest.raises(ValueError, match="finite"):
        trace_regret([1.0, np.nan])
    with pytest.raises(ValueError, match="at least one"):
        trace_regret([])
