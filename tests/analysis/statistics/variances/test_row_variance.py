"""The variance of a sum over rows in time order."""

import numpy as np
import pytest

from analysis.statistics.variances.row_variance import (
    choose_row_df,
    measure_pair_variances,
    measure_row_variance,
    resolve_rows,
)


@pytest.mark.parametrize(
    ("n_rows", "horizon_rows", "df"),
    [
        (422, 1, 12),
        (422, 5, 12),
        (422, 20, 10),
        (119, 5, 11),
        (60, 1, 6),
        (60, 10, 3),
        (8, 1, 1),
        (422, None, 421),
        (0, None, 1),
    ],
)
def test_the_degrees_of_freedom_of_the_rows(n_rows: int, horizon_rows: int | None, df: int) -> None:
    assert choose_row_df(n_rows, horizon_rows) == df


def test_cosines_agree_with_the_sum_written_out(rng: np.random.Generator) -> None:
    series = rng.standard_normal(90)
    found = resolve_rows(series, 6)  # nu = 90 // 12 = 7
    expected = [
        sum(
            np.sqrt(2 / 7) * series[t - 1] * np.cos(np.pi * j * (t - 0.5) / 90)
            for t in range(1, 91)
        )
        for j in range(1, 8)
    ]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_a_constant_has_no_cosines() -> None:
    np.testing.assert_allclose(resolve_rows(np.ones(100), 1), 0, atol=1e-12)


def test_a_cosine_of_full_length_is_found_in_its_own_place() -> None:
    wave = np.cos(np.pi * 3 * (np.arange(100) + 0.5) / 100)
    found = resolve_rows(wave, 1) * np.sqrt(10)
    np.testing.assert_allclose(found, np.where(np.arange(10) == 2, np.sqrt(2) * 50, 0), atol=1e-9)


def test_the_correction_widens_for_what_persists_and_never_narrows() -> None:
    rows = np.arange(240)
    slow, fast = np.sin(2 * np.pi * rows / 120), (-1.0) ** rows
    assert measure_row_variance(slow, 1) > 5 * np.sum(slow**2)
    assert measure_row_variance(fast, 1) == np.sum(fast**2) == 240


def test_independent_rows_have_the_variance_of_their_sum(rng: np.random.Generator) -> None:
    series = rng.standard_normal((4000, 200))
    cosines = np.square(resolve_rows(series, 1)).sum(axis=-1)
    assert cosines.mean() == pytest.approx(200, rel=0.02)
    assert measure_row_variance(series, None).mean() == pytest.approx(200, rel=0.01)


def test_the_variance_of_each_pair_is_that_of_its_difference(rng: np.random.Generator) -> None:
    series = rng.standard_normal((2, 4, 80)).cumsum(axis=-1)
    series[:, 3] = series[:, 0]
    for horizon_rows in (1, None):
        found = measure_pair_variances(series, horizon_rows)
        for i in range(4):
            for j in range(4):
                expected = measure_row_variance(series[:, i] - series[:, j], horizon_rows)
                np.testing.assert_allclose(found[:, i, j], expected, rtol=1e-9)
        np.testing.assert_array_equal(found[:, 0, 3], 0)


def test_a_horizon_below_one_row_is_refused() -> None:
    with pytest.raises(ValueError, match="horizon_rows: got 0, expected 1 or more"):
        measure_row_variance(np.zeros(30), 0)
