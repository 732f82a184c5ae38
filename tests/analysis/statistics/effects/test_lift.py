"""Lifts and their exact intervals, against brute force, scipy and hand computation."""

from math import comb

import numpy as np
import pytest
from scipy.stats import hypergeom, nchypergeom_fisher
from scipy.stats.contingency import odds_ratio

from analysis.statistics.effects.lift import estimate_lift

MARGINS = [(22, 36, 111), (22, 4, 111), (3, 5, 12), (60, 58, 150), (5, 5, 9)]


def list_counts(top_total: int, count: int, total: int) -> range:
    return range(max(0, top_total + count - total), min(top_total, count) + 1)


@pytest.mark.parametrize(("top_total", "count", "total"), MARGINS)
def test_the_ends_are_the_lifts_at_scipys_exact_interval_of_the_odds(
    top_total: int, count: int, total: int
) -> None:
    counts = list_counts(top_total, count, total)
    for top_count in counts[1:-1]:
        found = estimate_lift(top_count, top_total, count, total)
        table = [
            [top_count, top_total - top_count],
            [count - top_count, total - count - top_total + top_count],
        ]
        odds = odds_ratio(table, kind="conditional").confidence_interval(0.95)
        ends = [nchypergeom_fisher(total, count, top_total, end).mean() for end in odds]
        one = top_total * count / total
        assert (found.low * one, found.high * one) == pytest.approx(ends, rel=1e-5)
        assert found.ratio == pytest.approx(top_count / one)


def test_both_tails_are_a_fortieth_by_brute_force() -> None:
    """Three of the top four of ten have a value that five have; all sums written out."""
    found = estimate_lift(3, 4, 5, 10)

    def weigh(odds: float) -> list[float]:
        return [comb(5, k) * comb(5, 4 - k) * odds**k for k in range(5)]

    def expect(odds: float) -> float:
        weights = weigh(odds)
        return sum(k * weight for k, weight in enumerate(weights)) / sum(weights)

    def find(is_beyond: slice) -> float:
        grid = np.geomspace(1e-4, 1e4, 400_001)
        weights = np.array(weigh(grid))
        tails = weights[is_beyond].sum(axis=0) / weights.sum(axis=0)
        return float(grid[np.argmin(np.abs(tails - 0.025))])

    low, high = expect(find(slice(3, None))), expect(find(slice(0, 4)))
    assert (found.low, found.high) == pytest.approx((low / 2, high / 2), abs=1e-4)


@pytest.mark.parametrize(("top_total", "count", "total"), MARGINS)
def test_one_lies_inside_exactly_where_the_count_lies_within_chance(
    top_total: int, count: int, total: int
) -> None:
    law = hypergeom(total, count, top_total)
    for top_count in list_counts(top_total, count, total):
        found = estimate_lift(top_count, top_total, count, total)
        is_chance = law.sf(top_count - 1) > 0.025 and law.cdf(top_count) > 0.025
        assert (found.low < 1 < found.high) == is_chance


@pytest.mark.parametrize(("top_total", "count", "total"), MARGINS)
def test_no_lift_and_no_end_exceeds_what_the_margins_allow(
    top_total: int, count: int, total: int
) -> None:
    largest = min(total / top_total, total / count)
    for top_count in list_counts(top_total, count, total):
        found = estimate_lift(top_count, top_total, count, total)
        assert 0 <= found.low <= found.ratio <= found.high <= largest * (1 + 1e-12)


def test_the_extremes_of_the_margins_are_their_own_ends() -> None:
    none = estimate_lift(0, 60, 30, 150)
    assert (none.ratio, none.low) == (0, 0)
    assert 0 < none.high < 1
    all_of_them = estimate_lift(4, 22, 4, 111)
    assert all_of_them.high == all_of_them.ratio == pytest.approx(111 / 22)
    assert estimate_lift(5, 5, 9, 9).low == estimate_lift(5, 5, 9, 9).high == 1


@pytest.mark.parametrize("odds", [1.0, 3.0])
def test_the_interval_covers_at_least_as_often_as_it_says(odds: float) -> None:
    law = nchypergeom_fisher(40, 15, 8, odds)
    truth = law.mean() / (8 * 15 / 40)
    covered = sum(
        law.pmf(k) for k in range(9) if estimate_lift(k, 8, 15, 40).low <= truth
        <= estimate_lift(k, 8, 15, 40).high
    )  # fmt: skip
    assert 0.95 <= covered < 1


def test_thousands_of_configurations_are_no_trouble() -> None:
    found = estimate_lift(1_200, 4_000, 5_000, 20_000)
    assert found.ratio == pytest.approx(1.2)
    assert 1.1 < found.low < 1.2 < found.high < 1.3


@pytest.mark.parametrize(
    ("top_count", "top_total", "count", "total", "message"),
    [
        (0, 5, 0, 20, "count, total: got 0 of 20, expected 0 < count"),
        (0, 0, 3, 20, "got 0 of 0, expected 0 <= top_count <= top_total > 0"),
        (-1, 5, 3, 20, "got -1 of 5, expected 0 <= top_count"),
        (4, 5, 3, 20, "got 4 of 5, expected a part of the 3 of 20"),
        (1, 9, 3, 10, "got 1 of 9, expected a part of the 3 of 10"),
    ],
)
def test_a_top_that_is_no_part_of_all_is_refused(
    top_count: int, top_total: int, count: int, total: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        estimate_lift(top_count, top_total, count, total)
