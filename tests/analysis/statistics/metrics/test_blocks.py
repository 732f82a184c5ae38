"""Rows cut into blocks."""

import numpy as np

from analysis.statistics.metrics.blocks import choose_block_rows, find_even_blocks


def test_a_block_holds_forty_rows_or_four_horizons() -> None:
    assert [choose_block_rows(h) for h in (1, 10, 11, None)] == [40, 40, 44, 1]


def test_every_other_block_is_even() -> None:
    is_even = find_even_blocks(100, 1)
    np.testing.assert_array_equal(np.flatnonzero(is_even), [*range(40), *range(80, 100)])
    np.testing.assert_array_equal(find_even_blocks(4, None), [True, False, True, False])


def test_blocks_begin_anew_on_each_fold() -> None:
    is_even = find_even_blocks(120, 1, (50, 70))
    np.testing.assert_array_equal(np.flatnonzero(is_even), [*range(40), *range(50, 90)])
