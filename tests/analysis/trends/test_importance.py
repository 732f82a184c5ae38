"""Importances, against least squares of statsmodels and against chance."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy.stats import beta as beta_distribution

from analysis.frames.frame import TrialFrame
from analysis.trends.importance import Importances, measure_importances
from analysis.trends.table import tabulate_trends
from tests.analysis.conftest import MakeTrials


def importances_of(frame: TrialFrame) -> Importances:
    return measure_importances(frame, tabulate_trends(frame))


@pytest.fixture
def hump(make_trials: MakeTrials, rng: np.random.Generator) -> TrialFrame:
    """Return 96 configurations of which the middle learning rates are best, and `b` is nothing."""
    lr, b = np.tile([1e-5, 1e-4, 1e-3, 1e-2], 24), np.repeat(np.arange(24.0), 4) % 3
    metric = 0.7 + 0.02 * np.isin(lr, [1e-4, 1e-3]) + 0.02 * rng.standard_normal(96)
    params = {"lr": lr, "b": b, "salt": [f"s{i}" for i in range(96)]}
    return make_trials(metric=metric, params=params)


def test_levels_show_a_hump_that_a_logarithm_misses(hump: TrialFrame) -> None:
    rows = hump.finished.assign(log_lr=np.log(hump.finished["lr"]))
    linear = smf.ols("metric ~ log_lr + C(b)", rows).fit()
    assert linear.pvalues["log_lr"] > 0.2
    found = importances_of(hump)
    assert found.rows["param"][0] == "lr"
    assert found.rows["p_value"][0] < 0.001
    assert not found.is_suppressed


def test_importance_is_the_drop_in_r_squared_without_the_levels(hump: TrialFrame) -> None:
    rows = hump.finished
    full = smf.ols("metric ~ C(lr) + C(b)", rows).fit()
    without = {
        "lr": smf.ols("metric ~ C(b)", rows).fit(),
        "b": smf.ols("metric ~ C(lr)", rows).fit(),
    }
    found = importances_of(hump).rows.set_index("param")
    for name, reduced in without.items():
        assert found["importance"][name] == pytest.approx(full.rsquared - reduced.rsquared)
        assert found["p_value"][name] == pytest.approx(full.compare_f_test(reduced)[1])
        added = full.df_model - reduced.df_model
        edge = beta_distribution.isf(0.05, added / 2, full.df_resid / 2)
        assert found["chance"][name] == pytest.approx(edge * (1 - reduced.rsquared))


def test_all_together_are_tested_beyond_the_budget(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    """At equal budget nothing is left, though the budget decides the metric and the value."""
    a, budget = rng.integers(0, 3, 60), np.repeat(["2M", "20M"], 30)
    metric = 0.7 + 0.1 * (budget == "20M") + 0.01 * rng.standard_normal(60)
    frame = make_trials(metric=metric, params={"a": a + 3.0 * (budget == "20M"), "b": range(60)},
                        budget=budget)  # fmt: skip
    found = importances_of(frame)
    assert found.together.share < 0.1
    assert found.n == 60
    alone = make_trials(metric=metric, params={"a": a + 3.0 * (budget == "20M"), "b": range(60)})
    assert importances_of(alone).together.p_value < 0.001


def test_all_together_agree_with_statsmodels(hump: TrialFrame) -> None:
    model = smf.ols("metric ~ C(lr) + C(b)", hump.finished).fit()
    found = importances_of(hump).together
    assert (found.share, found.p_value) == pytest.approx((model.rsquared, model.f_pvalue))


def test_one_that_matters_among_many_that_do_not_is_not_called_chance(
    make_trials: MakeTrials,
) -> None:
    """The F test of nine together drowns it, its own does not."""
    rng = np.random.default_rng(9)
    params = {f"p{i}": rng.integers(0, 4, 48) for i in range(8)}
    a = np.tile([1.0, 2.0], 24)
    frame = make_trials(metric=0.9 * a + rng.standard_normal(48), params={"a": a} | params)
    found = importances_of(frame)
    assert found.together.p_value > 0.05
    assert found.rows.set_index("param")["p_value"]["a"] < 0.05
    assert not found.is_suppressed


def test_a_model_that_explains_nothing_is_suppressed(make_trials: MakeTrials) -> None:
    noise = np.random.default_rng(2).standard_normal(60)
    found = importances_of(make_trials(metric=noise, params={"a": np.linspace(0, 1, 60)}))
    assert found.is_suppressed
    assert found.together.p_value > 0.05


def test_the_test_keeps_its_level(make_trials: MakeTrials, rng: np.random.Generator) -> None:
    """Of 100 metrics of pure noise about five pass the test of all together at 5 %."""
    passed = 0
    params = {"a": rng.uniform(size=30), "b": rng.integers(0, 3, size=30)}
    for _ in range(100):
        found = importances_of(make_trials(metric=rng.standard_normal(30), params=params))
        passed += found.together.p_value < 0.05
    assert passed <= 11  # P(more) < 1 % for a binomial of 100 and 0.05


@pytest.mark.parametrize("metric", [[0.5], [0.5, 0.6], [0.7] * 10])
def test_too_little_is_suppressed(make_trials: MakeTrials, metric: list[float]) -> None:
    frame = make_trials(metric=metric, params={"a": range(len(metric))})
    found = importances_of(frame)
    assert found.is_suppressed
    assert np.isnan(found.together.p_value)


def test_many_rows_are_all_used(make_trials: MakeTrials, rng: np.random.Generator) -> None:
    a = rng.uniform(size=6000)
    assert importances_of(make_trials(metric=a, params={"a": a})).n == 6000


def test_nothing_to_rank_gives_an_empty_table(make_trials: MakeTrials) -> None:
    found = importances_of(make_trials(metric=[1, 2], params={"a": [1, 1]}))
    assert isinstance(found.rows, pd.DataFrame)
    assert found.rows.empty
