from collections.abc import Callable

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy.stats import beta as beta_distribution

from analysis.statistics.effects.regression import compare_nested, fit_least_squares


def test_a_fit_agrees_with_statsmodels(rng: np.random.Generator) -> None:
    X = np.column_stack([np.ones(40), rng.standard_normal((40, 3))])
    y = X @ np.array([1.0, 2.0, 0.0, -1.0]) + rng.standard_normal(40)
    ours, theirs = fit_least_squares(X, y), sm.OLS(y, X).fit()
    np.testing.assert_allclose(ours.coefficients, theirs.params)
    for index in range(4):
        value, error = ours.estimate(np.eye(4)[index])
        low, high = theirs.conf_int()[index]
        assert value - ours.halfwidth(error) == pytest.approx(low)
        assert value + ours.halfwidth(error) == pytest.approx(high)


def test_nested_models_agree_with_statsmodels(rng: np.random.Generator) -> None:
    X = np.column_stack([np.ones(40), rng.standard_normal((40, 3))])
    y = X[:, 1] + rng.standard_normal(40)
    total = float(((y - y.mean()) ** 2).sum())
    found = compare_nested(fit_least_squares(X[:, :2], y), fit_least_squares(X, y), total)
    full, reduced = sm.OLS(y, X).fit(), sm.OLS(y, X[:, :2]).fit()
    assert found.p_value == pytest.approx(full.compare_f_test(reduced)[1])
    assert found.share == pytest.approx(full.rsquared - reduced.rsquared)
    left = 1 - reduced.rsquared
    assert found.chance / left == pytest.approx(beta_distribution.isf(0.05, 2 / 2, 36 / 2))


@pytest.mark.parametrize("size", [0.1, 0.3, 0.5, 0.7])
def test_a_share_beyond_chance_is_a_p_value_below_a_twentieth(
    size: float, rng: np.random.Generator
) -> None:
    X = np.column_stack([np.ones(20), rng.standard_normal((20, 2))])
    y = size * X[:, 2] + rng.standard_normal(20)
    total = float(((y - y.mean()) ** 2).sum())
    found = compare_nested(fit_least_squares(X[:, :2], y), fit_least_squares(X, y), total)
    assert (found.share > found.chance) == (found.p_value < 0.05)
    assert found.chance < 1


def test_what_the_columns_cannot_tell_apart_is_unknown(rng: np.random.Generator) -> None:
    x = rng.standard_normal(20)
    fit = fit_least_squares(np.column_stack([np.ones(20), x, 2 * x]), x)
    assert fit.rank == 2
    assert np.isnan(fit.estimate(np.array([0.0, 1.0, 0.0]))[0])
    assert fit.estimate(np.array([0.0, 1.0, 2.0]))[0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param(lambda X: X[:, [1]] - 3 * X[:, [2]], id="a sum of two"),
        pytest.param(lambda X: 1e6 * X[:, [0]], id="a copy in another unit"),
        pytest.param(lambda X: np.zeros((len(X), 2)), id="nothing"),
        pytest.param(lambda X: X[:, [1]] + 1e-7 * np.sin(X[:, [2]]), id="all but a copy"),
    ],
)
def test_columns_that_add_nothing_leave_the_fit_as_it_is(
    extra: Callable[[NDArray[np.float64]], NDArray[np.float64]], rng: np.random.Generator
) -> None:
    X = np.column_stack([np.ones(40), rng.standard_normal((40, 3))])
    y = X @ np.array([1.0, 2.0, 0.0, -1.0]) + rng.standard_normal(40)
    deficient = np.column_stack([X, extra(X)])
    ours, theirs = fit_least_squares(deficient, y), sm.OLS(y, X).fit()
    fitted, *_ = np.linalg.lstsq(X, y)
    assert (ours.rank, ours.degrees) == (4, theirs.df_resid)
    assert ours.residual_sum == pytest.approx(theirs.ssr)
    np.testing.assert_allclose(deficient @ ours.coefficients, X @ fitted, atol=1e-6)
    rows = np.array([1.0, -2.0, 1.0])  # a contrast of fitted values can always be estimated
    value, error = ours.estimate(deficient[:3].T @ rows)
    expected = theirs.t_test(X[:3].T @ rows)
    assert value == pytest.approx(float(expected.effect[0]), abs=1e-6)
    assert error == pytest.approx(float(expected.sd[0, 0]), rel=1e-6)


@pytest.mark.parametrize(
    ("distance", "rank"), [(1e-2, 3), (1e-4, 3), (1e-5, 2), (1e-6, 2), (1e-8, 2), (0, 2)]
)
def test_columns_that_hardly_differ_are_one(
    distance: float, rank: int, rng: np.random.Generator
) -> None:
    x, noise = rng.standard_normal((2, 40))
    X = np.column_stack([x, x + distance * noise, rng.standard_normal(40)])
    assert fit_least_squares(X, x).rank == rank


def test_without_residual_degrees_there_is_no_error() -> None:
    fit = fit_least_squares(np.eye(2), np.array([1.0, 2.0]))
    value, error = fit.estimate(np.array([1.0, -1.0]))
    assert value == pytest.approx(-1)
    assert np.isnan(error)
    assert np.isnan(fit.halfwidth(error))


def test_a_perfect_fit_is_no_division_by_zero() -> None:
    X = np.column_stack([np.ones(4), [0.0, 1, 2, 3]])
    y = np.array([0.0, 1, 2, 3])
    smaller, larger = fit_least_squares(X[:, :1], y), fit_least_squares(X, y)
    assert compare_nested(smaller, larger, 5.0).p_value == 0.0
    assert np.isnan(compare_nested(larger, larger, 5.0).p_value)


def test_a_constant_metric_tests_nothing() -> None:
    X = np.column_stack([np.ones(4), [0.0, 1, 2, 3]])
    y = np.full(4, 0.7)
    test = compare_nested(fit_least_squares(X[:, :1], y), fit_least_squares(X, y), 0.0)
    assert np.isnan([test.p_value, test.share, test.chance]).all()
