"""Looking at a claim more than once."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.comparisons.contrast import Contrast
from analysis.statistics.planning.looks import (
    USUAL_PLAN,
    Stop,
    adjust_for_looks,
    decide_stop,
    find_conditional_power,
    list_thresholds,
)


def make_contrast(
    estimate: float, *, rows: float = 6e-5, seeds: float = 4e-5, n_seeds: int = 4
) -> Contrast:
    error = float(np.sqrt(rows + seeds))
    reach = float(stats.t.ppf(0.975, 16)) * error
    return Contrast(
        estimate=estimate, standard_error=error, df=16.0, low=estimate - reach,
        high=estimate + reach, p_value=0.5, variance_rows=rows, variance_seeds=seeds,
        variance_interaction=0.0, row_df=12, seed_df=7, seed_estimates=(estimate,) * n_seeds,
        n_rows=422, n_seeds=n_seeds, n_trials=7, is_ordered=True, smallest_class=76,
    )  # fmt: skip


def find_crossing(plan: tuple[int, ...]) -> float:
    """Return the probability of a false confirmation at any look, by scipy's integral."""
    times = np.array([0.3 / (0.2 + 1 / seeds) for seeds in plan])
    bounds = stats.norm.isf(np.array(list_thresholds(plan)) / 2)
    smaller, larger = np.minimum.outer(times, times), np.maximum.outer(times, times)
    return float(1 - stats.multivariate_normal(cov=np.sqrt(smaller / larger)).cdf(bounds))


@pytest.mark.parametrize(
    ("plan", "thresholds"),
    [
        ((2, 4, 7, 10), (0.001, 0.01, 0.03, 0.04)),
        ((3, 6, 10), (0.0056, 0.0246, 0.0416)),
        ((3, 5), (0.0193, 0.0441)),
        ((10,), (0.05,)),
    ],
)
def test_the_thresholds_of_a_plan(plan: tuple[int, ...], thresholds: tuple[float, ...]) -> None:
    assert list_thresholds(plan) == pytest.approx(thresholds, abs=3e-4)


def test_thresholds_agree_with_the_multivariate_normal() -> None:
    """Of 3, 6 and 10 seeds, by scipy's integral over the box below the bounds."""
    assert find_crossing((3, 6, 10)) == pytest.approx(0.025, abs=2e-5)


def test_the_usual_plan_spends_the_level_of_one_look() -> None:
    assert find_crossing(USUAL_PLAN) == pytest.approx(0.025, abs=1e-4)


@pytest.mark.parametrize("plan", [(), (0, 3), (3, 3), (5, 2)])
def test_a_plan_that_does_not_grow_is_refused(plan: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"plan: got \[.*\], expected numbers of seeds that grow"):
        list_thresholds(plan)


@pytest.mark.parametrize(
    ("n_looks", "adjusted"), [(1, 0.02), (2, 0.04), (4, 0.08), (5, 0.08), (9, 0.08)]
)
def test_looks_without_a_plan_cost_up_to_four_times_the_p_value(
    n_looks: int, adjusted: float
) -> None:
    assert adjust_for_looks(0.02, n_looks) == pytest.approx(adjusted)
    assert adjust_for_looks(0.7, 2) == 1
    with pytest.raises(ValueError, match="n_looks: got 0, expected 1 or more"):
        adjust_for_looks(0.02, 0)


def test_each_further_run_that_was_looked_at_costs_its_own() -> None:
    assert adjust_for_looks(0.01, 1, elsewhere=[1] * 6) == pytest.approx(0.07)
    assert adjust_for_looks(0.01, 9, elsewhere=[9]) == pytest.approx(0.08)


def test_the_conditional_power_by_hand() -> None:
    """V_end = 6e-5 + 4e-5 * 4/10 = 7.6e-5, t = 0.76, m = 0.02 - 0.76 * 0.015 = 0.0086."""
    found = find_conditional_power(make_contrast(0.005), last_seeds=10, design=0.02, rope=0.005)
    distance = (stats.norm.isf(0.02) * np.sqrt(7.6e-5) - 0.0086) / np.sqrt(7.6e-5 * 0.24)
    assert found == pytest.approx(stats.norm.sf(distance))
    assert found == pytest.approx(0.015, abs=0.001)


def test_the_rope_is_what_is_missing_where_the_error_is_small() -> None:
    contrast = make_contrast(0.01, rows=1e-6, seeds=1e-6)
    found = find_conditional_power(contrast, last_seeds=10, design=0.02, rope=0.015)
    expected = stats.norm.sf((0.015 - (0.02 - 0.7 * 0.01)) / np.sqrt(1.4e-6 * 0.3))
    assert found == pytest.approx(expected)


def test_the_conditional_power_holds_in_a_simulation(rng: np.random.Generator) -> None:
    """Given the estimate now, the estimate at the end is normal about m."""
    now, end, truth = 1e-4, 7.6e-5, 0.02
    last = truth + np.sqrt(end) * rng.standard_normal(400_000)
    first = last + np.sqrt(now - end) * rng.standard_normal(400_000)
    near = np.abs(first - 0.012) < 3e-4
    share = np.mean(last[near] > 2.054 * np.sqrt(end))
    found = find_conditional_power(make_contrast(0.012), last_seeds=10, design=0.02, rope=0.005)
    assert found == pytest.approx(share, abs=0.015)


def test_what_periods_add_to_the_error_does_not_make_a_claim_futile() -> None:
    plain = make_contrast(0.005)
    error = float(np.sqrt(plain.standard_error**2 + 9e-5))
    uneven = replace(plain, standard_error=error, variance_periods=9e-5, period_df=7)
    one, two = (
        find_conditional_power(contrast, last_seeds=10, design=0.02, rope=0.005)
        for contrast in (plain, uneven)
    )
    assert two == pytest.approx(one)


@pytest.mark.parametrize(("estimate", "power"), [(0.03, 1), (0.004, 0)])
def test_nothing_is_left_to_chance_at_the_last_look_or_without_an_error(
    estimate: float, power: int
) -> None:
    last = make_contrast(estimate, n_seeds=10)
    exact = make_contrast(estimate, rows=0, seeds=0)
    for contrast in (last, exact):
        found = find_conditional_power(contrast, last_seeds=10, design=0.02, rope=0.005)
        assert found == power
    with pytest.raises(ValueError, match="last_seeds: got 9, expected 10 or more"):
        find_conditional_power(last, last_seeds=9, design=0.02, rope=0.005)


@pytest.mark.parametrize(
    ("estimate", "stop"), [(-0.03, Stop.REFUTED), (0.002, Stop.FUTILE), (0.018, None)]
)
def test_when_no_further_seeds_are_worth_their_cost(estimate: float, stop: Stop | None) -> None:
    contrast = make_contrast(estimate)
    found = decide_stop(contrast, last_seeds=10, design=0.02, rope=0.005)
    assert found is stop


def test_a_lower_last_level_is_reached_less_often() -> None:
    contrast = make_contrast(0.01)
    for level in (0.04, 0.0125):
        found = find_conditional_power(
            contrast, last_seeds=10, design=0.02, rope=0.005, level=level
        )
        distance = stats.norm.isf(level / 2) * np.sqrt(7.6e-5) - (0.02 - 0.76 * 0.01)
        assert found == pytest.approx(stats.norm.sf(distance / np.sqrt(7.6e-5 * 0.24)))
