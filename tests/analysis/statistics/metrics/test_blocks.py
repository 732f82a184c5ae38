"""Rows cut into blocks."""

import numpy as np

from analysis.statistics.metrics.blocks import (
    choose_block_rows,
    deal_rows,
    find_blocks,
    find_even_blocks,
)


def test_a_block_holds_forty_rows_or_four_horizons() -> None:
    assert [choose_block_rows(h) for h in (1, 10, 11, None)] == [40, 40, 44, 1]


def test_every_other_block_is_even() -> None:
    is_even = find_even_blocks(100, 1)
    np.testing.assert_array_equal(np.flatnonzero(is_even), [*range(40), *range(80, 100)])


def test_blocks_begin_anew_on_each_fold() -> None:
    is_even = find_even_blocks(120, 1, (50, 70))
    np.testing.assert_array_equal(np.flatnonzero(is_even), [*range(40), *range(50, 90)])


def test_rows_without_order_are_dealt_in_one_shuffle() -> None:
    """Raw bits of a generator, so that no version of NumPy deals them otherwise."""
    parts = deal_rows(10, 2)
    np.testing.assert_array_equal(parts, [1, 0, 1, 0, 1, 0, 0, 0, 1, 1])
    np.testing.assert_array_equal(find_even_blocks(20, None, (10, 10)), np.tile(parts == 0, 2))
    alternate = np.arange(1000) % 2
    assert abs(np.corrcoef(deal_rows(1000, 2), alternate)[0, 1]) < 0.06


def test_whole_groups_are_dealt_the_larger_ones_first() -> None:
    groups = np.repeat([7, 3, 5, 1], [30, 2, 28, 2])[np.random.default_rng(0).permutation(62)]
    parts = deal_rows(62, 2, groups)
    of_groups = [set(parts[groups == group]) for group in (7, 5, 3, 1)]
    assert [len(one) for one in of_groups] == [1, 1, 1, 1]
    assert of_groups[0] != of_groups[1]
    assert of_groups[2] != of_groups[3]


def test_blocks_keep_dates_and_groups_whole_and_hold_more_than_the_horizon() -> None:
    found = find_blocks(12, 2, 3, starts=np.array([0, 2, 4, 6, 8, 10]))
    np.testing.assert_array_equal(found, np.repeat([0, 1], 6))
    assert find_blocks(12, 2, 4, starts=np.array([0, 2, 4, 6, 8, 10])) is None
    groups = np.arange(12) % 3
    dealt = find_blocks(12, 3, None, groups=groups)
    assert dealt is not None
    assert len({(group, part) for group, part in zip(groups, dealt, strict=True)}) == 3
    assert find_blocks(12, 4, None, groups=groups) is None
