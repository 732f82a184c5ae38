"""Bartlett sums over rows that are correlated in time."""

import numpy as np
import pytest

from analysis.statistics.long_run_variance import (
    choose_lag,
    measure_long_run_variance,
    sum_lagged_products,
    sum_windows,
)


def sum_by_loops(first: np.ndarray, second: np.ndarray, lag: int) -> float:
    total = 0.0
    for t in range(len(first)):
        for s in range(len(second)):
            if abs(t - s) < lag:
                total += (1 - abs(t - s) / lag) * first[t] * second[s]
    return total


@pytest.mark.parametrize(("horizon_rows", "lag"), [(1, 20), (5, 20), (10, 20), (11, 22), (30, 60)])
def test_the_lag_is_twice_the_horizon_and_at_least_twenty(horizon_rows: int, lag: int) -> None:
    assert choose_lag(horizon_rows) == lag


def test_a_horizon_below_one_row_is_refused() -> None:
    with pytest.raises(ValueError, match="horizon_rows: got 0, expected 1 or more"):
        choose_lag(0)


def test_windows_overhang_both_ends() -> None:
    windows = sum_windows(np.array([[1.0, 2.0, 4.0]]), 2)
    np.testing.assert_array_equal(windows, [[1, 3, 6, 4]])


@pytest.mark.parametrize("lag", [1, 2, 7, 20, 90], ids=lambda lag: f"L={lag}")
def test_the_variance_agrees_with_explicit_loops(rng: np.random.Generator, lag: int) -> None:
    series = rng.standard_normal((3, 50))
    expected = [sum_by_loops(one, one, lag) for one in series]
    np.testing.assert_allclose(measure_long_run_variance(series, lag), expected, rtol=1e-12)


def test_the_covariance_agrees_with_explicit_loops(rng: np.random.Generator) -> None:
    series = rng.standard_normal((2, 3, 30))
    expected = [[[sum_by_loops(a, b, 6) for b in group] for a in group] for group in series]
    np.testing.assert_allclose(sum_lagged_products(series, 6), expected, rtol=1e-11, atol=1e-12)


def test_a_lag_of_one_takes_the_rows_as_independent(rng: np.random.Generator) -> None:
    series = rng.standard_normal(100)
    assert measure_long_run_variance(series, 1) == pytest.approx(np.sum(series**2), rel=1e-12)


def test_the_variance_of_the_sum_of_a_moving_average_is_found(rng: np.random.Generator) -> None:
    shocks = rng.standard_normal((400, 2004))
    series = sum(shocks[:, i : i + 2000] for i in range(5))
    found = measure_long_run_variance(series, 100).mean()
    assert found == pytest.approx(25 * 2000, rel=0.08)
    assert measure_long_run_variance(series, 1).mean() == pytest.approx(5 * 2000, rel=0.02)
