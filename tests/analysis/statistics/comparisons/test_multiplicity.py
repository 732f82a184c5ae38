"""Holm's adjustment."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from analysis.statistics.comparisons.multiplicity import adjust_holm


def test_four_p_values_by_hand() -> None:
    adjusted = adjust_holm([0.01, 0.04, 0.03, 0.005])
    np.testing.assert_allclose(adjusted, [0.03, 0.06, 0.06, 0.02])


@pytest.mark.parametrize("size", [1, 2, 7, 40])
def test_it_agrees_with_statsmodels(rng: np.random.Generator, size: int) -> None:
    p_values = np.round(rng.random(size) ** 3, 2)  # some tie, some are zero
    expected = multipletests(p_values, method="holm")[1]
    np.testing.assert_allclose(adjust_holm(p_values), expected, rtol=1e-13)


def test_a_claim_that_counts_with_one_makes_the_others_harder() -> None:
    assert adjust_holm([0.02, 1.0, 1.0])[0] == pytest.approx(0.06)


def test_an_empty_family_is_no_error() -> None:
    assert adjust_holm([]).size == 0


@pytest.mark.parametrize("wrong", [-0.1, 1.2, np.nan])
def test_a_value_that_is_no_probability_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match=r"p_values: got .*, expected values from 0 to 1"):
        adjust_holm([0.5, wrong])
