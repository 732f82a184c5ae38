import numpy as np
import pytest
import statsmodels.api as sm

from analysis.trends.importance import measure_importances
from tests.analysis.conftest import MakeTrials


def test_what_matters_stands_above_its_null(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    a, b = rng.uniform(size=80), rng.uniform(size=80)
    frame = make_trials(metric=a + 0.1 * rng.standard_normal(80), params={"a": a, "b": b})
    found = measure_importances(frame, rng)
    assert not found.is_suppressed
    assert list(found.rows["param"]) == ["a", "b"]
    assert found.rows["importance"][0] > found.rows["null"][0]
    assert found.rows["p_value"][0] == pytest.approx(1 / 200)
    assert found.rows["p_value"][1] > 0.05


def test_importance_is_the_drop_in_r_squared(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    a, b = rng.uniform(1, 2, size=50), rng.uniform(1, 2, size=50)
    metric = a + b + 0.3 * rng.standard_normal(50)
    found = measure_importances(make_trials(metric=metric, params={"a": a, "b": b}), rng)
    full = sm.OLS(metric, sm.add_constant(np.column_stack([a, b]))).fit().rsquared
    assert found.r_squared == pytest.approx(full)
    drops = {"a": full - sm.OLS(metric, sm.add_constant(b)).fit().rsquared}
    drops["b"] = full - sm.OLS(metric, sm.add_constant(a)).fit().rsquared
    assert dict(zip(found.rows["param"], found.rows["importance"], strict=True)) == pytest.approx(
        drops
    )


def test_a_model_that_explains_nothing_is_suppressed(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    frame = make_trials(metric=rng.standard_normal(60), params={"a": rng.uniform(size=60)})
    found = measure_importances(frame, rng)
    assert found.is_suppressed
    assert found.rows.empty


def test_the_null_keeps_its_level(make_trials: MakeTrials, rng: np.random.Generator) -> None:
    """Of 100 metrics of pure noise about five pass the model's test at 5 %."""
    passed = 0
    params = {"a": rng.uniform(size=30), "b": rng.uniform(size=30)}
    for _ in range(100):
        frame = make_trials(metric=rng.standard_normal(30), params=params)
        passed += not measure_importances(frame, rng).is_suppressed
    assert passed <= 11  # P(more) < 1 % for a binomial of 100 and 0.05


@pytest.mark.parametrize("metric", [[0.5], [0.5, 0.6], [0.7] * 10])
def test_too_little_is_suppressed(
    make_trials: MakeTrials, rng: np.random.Generator, metric: list[float]
) -> None:
    frame = make_trials(metric=metric, params={"a": range(len(metric))})
    assert measure_importances(frame, rng).is_suppressed


def test_large_inputs_are_sampled(make_trials: MakeTrials, rng: np.random.Generator) -> None:
    a = rng.uniform(size=6000)
    assert measure_importances(make_trials(metric=a, params={"a": a}), rng).n == 5000
