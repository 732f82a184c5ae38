import numpy as np
import pytest
import statsmodels.api as sm

from analysis.statistics.effects.adjusted import adjust_levels


def test_the_adjusted_effect_removes_a_confounder(rng: np.random.Generator) -> None:
    codes = np.repeat([0, 1], 50)
    company = codes + rng.standard_normal(100)  # level 1 keeps company with larger values
    metric = 0.7 + 0.05 * company
    effects = adjust_levels(codes, 2, (company - company.mean())[:, None], metric)
    assert metric[codes == 1].mean() - metric[codes == 0].mean() > 0.03
    np.testing.assert_allclose(effects.effects, 0, atol=1e-9)


def test_effects_agree_with_statsmodels(rng: np.random.Generator) -> None:
    codes, other = rng.integers(0, 3, 60), rng.standard_normal(60)
    metric = 0.1 * codes + 0.2 * other + rng.standard_normal(60)
    ours = adjust_levels(codes, 3, (other - other.mean())[:, None], metric)
    dummies = (codes[:, None] == np.arange(3)).astype(float)
    model = sm.OLS(metric, np.column_stack([dummies, other - other.mean()])).fit()
    contrasts = np.column_stack([np.eye(3) - dummies.mean(axis=0), np.zeros(3)])
    tests = model.t_test(contrasts)
    np.testing.assert_allclose(ours.effects, tests.effect)
    np.testing.assert_allclose(np.column_stack([ours.lows, ours.highs]), tests.conf_int())
    equal = np.array([[1.0, -1, 0, 0], [0, 1, -1, 0]])
    assert ours.p_value == pytest.approx(float(model.f_test(equal).pvalue))
    reduced = sm.OLS(metric, sm.add_constant(other)).fit()
    assert ours.share == pytest.approx(model.rsquared - reduced.rsquared)
    assert (ours.share < ours.chance) == (ours.p_value > 0.05)
    assert ours.n == 60


def test_a_hump_in_the_company_misleads_a_line_and_not_levels(rng: np.random.Generator) -> None:
    other = np.repeat([0.0, 1.0, 2.0], 40)
    codes = (rng.random(120) < np.where(other == 1, 0.8, 0.2)).astype(int)
    metric = (other == 1) + 0.1 * rng.standard_normal(120)
    levels = (other[:, None] == np.arange(3)) - 1 / 3
    assert adjust_levels(codes, 2, (other - 1)[:, None], metric).p_value < 1e-6
    assert adjust_levels(codes, 2, levels, metric).p_value > 0.05


def test_effects_average_to_zero_over_configurations(rng: np.random.Generator) -> None:
    codes = np.array([0] * 30 + [1] * 10)
    effects = adjust_levels(codes, 2, np.empty((40, 0)), rng.standard_normal(40)).effects
    assert 30 * effects[0] + 10 * effects[1] == pytest.approx(0)


def test_a_level_that_the_others_determine_is_unknown() -> None:
    codes = np.array([0, 0, 1, 1, 0, 1])
    twin = (codes - codes.mean())[:, None]
    effects = adjust_levels(codes, 2, twin, np.arange(6.0))
    assert np.isnan(effects.effects).all()
    assert np.isnan(effects.p_value)
    assert np.isnan(effects.span)
