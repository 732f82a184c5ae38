"""The circular block bootstrap."""

import numpy as np
import pytest
from arch.bootstrap import CircularBlockBootstrap

from analysis.statistics.bootstrap import draw_block_starts, sum_resamples
from analysis.statistics.long_run_variance import measure_long_run_variance


def list_rows(starts: np.ndarray, block_rows: int, n_rows: int) -> np.ndarray:
    rows = (starts[..., None] + np.arange(block_rows)) % n_rows
    return rows.reshape(len(starts), -1)[:, :n_rows]


@pytest.mark.parametrize("block_rows", [1, 20, 30, 100], ids=["rows", "fits", "cut", "whole"])
def test_sums_are_those_of_the_rows_that_arch_draws(
    rng: np.random.Generator, block_rows: int
) -> None:
    series = rng.standard_normal((3, 100))
    bootstrap = CircularBlockBootstrap(block_rows, np.arange(100), seed=1)
    drawn = np.stack([data[0][0] for data in bootstrap.bootstrap(40)])
    starts = drawn[:, ::block_rows]
    np.testing.assert_array_equal(list_rows(starts, block_rows, 100), drawn)
    expected = series[:, drawn].sum(axis=-1).T
    np.testing.assert_allclose(sum_resamples(series, starts, block_rows), expected, atol=1e-12)


def test_every_row_may_start_a_block(rng: np.random.Generator) -> None:
    starts = draw_block_starts(50, 20, 400, rng)
    assert starts.shape == (400, 3)
    assert set(starts.ravel()) == set(range(50))


def test_the_spread_of_the_sums_is_the_bartlett_sum(rng: np.random.Generator) -> None:
    series = np.convolve(rng.standard_normal(4009), np.ones(10), "valid")[None]
    series -= series.mean()
    sums = sum_resamples(series, draw_block_starts(4000, 40, 8000, rng), 40)
    assert sums.var() == pytest.approx(measure_long_run_variance(series, 40)[0], rel=0.05)


def test_the_same_seed_draws_the_same_blocks() -> None:
    first, second = (draw_block_starts(50, 20, 9, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("block_rows", [0, 51])
def test_a_block_that_does_not_fit_is_refused(rng: np.random.Generator, block_rows: int) -> None:
    with pytest.raises(ValueError, match=f"block_rows: got {block_rows}, expected 1 to 50"):
        draw_block_starts(50, block_rows, 10, rng)
