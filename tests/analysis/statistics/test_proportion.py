"""Shares and lifts."""

import pytest
from statsmodels.stats.proportion import proportion_confint

from analysis.statistics.proportion import estimate_lift, estimate_proportion


@pytest.mark.parametrize(("count", "total"), [(0, 5), (1, 1), (3, 60), (34, 60), (60, 60)])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_the_interval_agrees_with_statsmodels(count: int, total: int, level: float) -> None:
    found = estimate_proportion(count, total, level=level)
    expected = proportion_confint(count, total, alpha=1 - level, method="wilson")
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-12)
    assert found.share == count / total


def test_the_interval_keeps_to_the_unit_interval_exactly() -> None:
    assert estimate_proportion(0, 7).low == 0.0
    assert estimate_proportion(7, 7).high == 1.0


def test_a_lift_is_the_ratio_of_the_shares() -> None:
    found = estimate_lift(34, 60, 60, 150)
    assert found.ratio == pytest.approx((34 / 60) / (60 / 150))
    assert found.top == estimate_proportion(34, 60)
    assert found.low == pytest.approx(found.top.low / 0.4)
    assert found.high == pytest.approx(found.top.high / 0.4)


def test_a_value_that_never_reaches_the_top_has_a_lift_of_zero_with_an_upper_end() -> None:
    found = estimate_lift(0, 60, 30, 150)
    assert (found.ratio, found.low) == (0, 0)
    assert 0 < found.high < 1


@pytest.mark.parametrize(("count", "total"), [(1, 0), (-1, 5), (6, 5)])
def test_an_impossible_share_is_refused(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="expected 0 <= count <= total > 0"):
        estimate_proportion(count, total)


@pytest.mark.parametrize(
    ("top_count", "top_total", "count", "total", "message"),
    [
        (0, 5, 0, 20, "count, total: got 0 of 20, expected 0 < count"),
        (4, 5, 3, 20, "got 4 of 5, expected a part of the 3 of 20 trials"),
        (1, 9, 3, 10, "got 1 of 9, expected a part of the 3 of 10 trials"),
    ],
)
def test_a_top_that_is_no_part_of_the_trials_is_refused(
    top_count: int, top_total: int, count: int, total: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        estimate_lift(top_count, top_total, count, total)
