import numpy as np

from models.data.indicators.indicator import Bars, before, ratio


def test_before_looks_back_and_has_nothing_at_the_start() -> None:
    np.testing.assert_array_equal(before(np.array([1.0, 2.0, 3.0]), 2), [np.nan, np.nan, 1.0])


def test_a_zero_denominator_gives_the_neutral_value_and_an_unknown_one_stays_unknown() -> None:
    quotient = ratio(np.array([1.0, 1.0, 1.0]), np.array([2.0, 0.0, np.nan]), neutral=0.5)
    np.testing.assert_array_equal(quotient, [0.5, 0.5, np.nan])


def test_returns_are_logarithmic(bars: Bars) -> None:
    assert np.isnan(bars.returns[0])
    np.testing.assert_allclose(np.exp(bars.returns[1:]), bars.close[1:] / bars.close[:-1])
