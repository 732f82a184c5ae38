import numpy as np
import pytest
from scipy.stats import norm

from analysis.statistics.effects.parzen import (
    count_cells,
    estimate_densities,
    place_in_cells,
)


@pytest.mark.parametrize(
    ("low", "high", "step", "is_whole", "is_log", "n"),
    [
        (0.0, 1.0, None, False, False, 50),
        (0.0, 1.0, 0.25, False, False, 5),
        (1.0, 9.0, None, True, False, 9),
        (1.0, 900.0, None, True, False, 50),
        (16.0, 256.0, None, True, True, 9),  # ceil(log2(241)) + 1
        (1e-5, 1e-1, None, False, True, 50),
    ],
)
def test_a_range_has_a_cell_a_value(
    low: float, high: float, step: float | None, is_whole: bool, is_log: bool, n: int
) -> None:
    assert count_cells(low, high, step=step, is_whole=is_whole, is_log=is_log) == n


def test_values_go_to_the_nearest_cell() -> None:
    assert list(place_in_cells([0.0, 0.5, 1.4, 1.6, 4.0], 0.0, 4.0, 5, is_log=False)) == [
        0, 0, 1, 2, 4,
    ]  # fmt: skip
    assert list(place_in_cells([1e-3, 1e-2, 1e-1], 1e-3, 1e-1, 3, is_log=True)) == [0, 1, 2]
    assert list(place_in_cells([7.0, 7.0], 7.0, 7.0, 1, is_log=False)) == [0, 0]


@pytest.mark.parametrize("is_ordered", [True, False])
def test_densities_sum_to_one(is_ordered: bool, rng: np.random.Generator) -> None:
    counts = rng.integers(0, 4, size=(7, 12))
    counts[:, 0] += 1
    found = estimate_densities(counts, is_ordered=is_ordered)
    assert found.shape == (7, 12)
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_one_trial_is_a_narrow_kernel_and_half_of_the_prior() -> None:
    """By hand: three cells, a trial in the first, widths 0.5/1.64 and 3."""
    found = estimate_densities([[1, 0, 0]], is_ordered=True)[0]
    edges = np.array([-0.5, 0.5, 1.5, 2.5])
    kernel = np.diff(norm.cdf(edges / (0.5 / 1.64)))
    prior = np.diff(norm.cdf((edges - 1) / 3))
    np.testing.assert_allclose(found, (kernel / kernel.sum() + prior / prior.sum()) / 2)


def test_choices_share_what_the_prior_gives_them() -> None:
    """By hand: of three choices the first was tried twice; a kernel is (3/2, 1/2, 1/2) / (5/2)."""
    found = estimate_densities([[2, 0, 0]], is_ordered=False)[0]
    np.testing.assert_allclose(found, [(2 * 0.6 + 1 / 3) / 3, *[(2 * 0.2 + 1 / 3) / 3] * 2])
