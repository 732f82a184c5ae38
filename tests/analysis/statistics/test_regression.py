import numpy as np
import pytest
import statsmodels.api as sm

from analysis.statistics.regression import compare_nested, fit_least_squares


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
    p_value = compare_nested(
        fit_least_squares(X[:, :2], y), fit_least_squares(X, y), float(((y - y.mean()) ** 2).sum())
    )
    expected = sm.OLS(y, X).fit().compare_f_test(sm.OLS(y, X[:, :2]).fit())[1]
    assert p_value == pytest.approx(expected)


def test_what_the_columns_cannot_tell_apart_is_unknown(rng: np.random.Generator) -> None:
    x = rng.standard_normal(20)
    fit = fit_least_squares(np.column_stack([np.ones(20), x, 2 * x]), x)
    assert fit.rank == 2
    assert np.isnan(fit.estimate(np.array([0.0, 1.0, 0.0]))[0])
    assert fit.estimate(np.array([0.0, 1.0, 2.0]))[0] == pytest.approx(1.0)


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
    assert compare_nested(smaller, larger, 5.0) == 0.0
    assert np.isnan(compare_nested(larger, larger, 5.0))
