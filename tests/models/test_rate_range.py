"""What a range test's losses say, on curves whose answer is known."""

import numpy as np
import pytest

from models.rate_range import Smoothing, list_rates, smooth_losses, suggest_rates

N = 400


def fall(rates: np.ndarray, begin: float, end: float) -> np.ndarray:
    """Return losses that fall in a straight line over log10 rate from 1 to 0.2, then rise."""
    logs = np.log10(rates)
    share = np.clip((logs - np.log10(begin)) / np.log10(end / begin), 0, 1)
    rise = np.clip(logs - np.log10(end) - 0.5, 0, None)
    return np.asarray(1 - 0.8 * share + 5 * rise)


def test_the_smoothed_mean_is_corrected_for_its_start() -> None:
    smoothing = Smoothing(4)  # of which three quarters stay
    assert smoothing.share == 0.75
    assert [smoothing.add(value) for value in (2.0, 6.0)] == pytest.approx([2.0, 7.5 / 1.75])
    constant = Smoothing(50)
    assert [constant.add(3.0) for _ in range(9)] == pytest.approx([3.0] * 9)


def test_a_smoothed_loss_stands_at_the_rates_that_it_is_of() -> None:
    """So that smoothing shifts no line: without it the loss would seem to fall 0.4 decades late."""
    rates = list_rates(N)
    line = 5 - np.log10(rates)
    places, smoothed = smooth_losses(rates.tolist(), line.tolist())
    np.testing.assert_allclose(smoothed, 5 - np.log10(places), rtol=1e-12)
    assert np.all(places <= rates * (1 + 1e-12))


def test_the_rates_of_a_test_rise_in_equal_ratios() -> None:
    rates = list_rates(101)
    assert (rates[0], rates[-1]) == (pytest.approx(1e-7), pytest.approx(10.0))
    np.testing.assert_allclose(rates[1:] / rates[:-1], 10**0.08)


@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_the_range_goes_from_where_the_fall_begins_to_where_it_ends(
    noise: float, rng: np.random.Generator
) -> None:
    rates = list_rates(N)
    losses = fall(rates, 1e-4, 1e-1) + noise * rng.standard_normal(N)
    found = suggest_rates(rates.tolist(), losses.tolist())
    assert found is not None
    assert 1e-4 < found.low < 5e-4  # a tenth of three decades is 2e-4
    assert 5e-2 < found.high < 5e-1
    assert found.low < found.steepest < 1e-1


def test_where_the_fall_is_steepest_is_found() -> None:
    """Along a logistic curve that is in its middle, 1e-3."""
    rates = list_rates(N)
    losses = 1 / (1 + np.exp(4 * (np.log10(rates) + 3)))
    found = suggest_rates(rates.tolist(), losses.tolist())
    assert found is not None
    assert 0.5e-3 < found.steepest < 2e-3
    assert found.low < found.steepest


def test_a_fall_within_a_decade_has_a_range_too() -> None:
    rates = list_rates(N)
    found = suggest_rates(rates.tolist(), fall(rates, 1e-3, 3e-3).tolist())
    assert found is not None
    assert 5e-4 < found.low <= found.steepest < found.high < 1.2e-2


@pytest.mark.parametrize("factor", [1e-3, 1.0, 1e6])
def test_the_units_of_the_loss_change_no_rate(factor: float, rng: np.random.Generator) -> None:
    rates, noise = list_rates(N), 0.02 * rng.standard_normal(N)
    losses = fall(rates, 1e-5, 1e-2) + noise
    plain, scaled = (suggest_rates(rates.tolist(), x.tolist()) for x in (losses, factor * losses))
    assert plain is not None
    assert scaled is not None
    assert scaled.low == pytest.approx(plain.low)
    assert (scaled.high, scaled.steepest) == (
        pytest.approx(plain.high),
        pytest.approx(plain.steepest),
    )


@pytest.mark.parametrize("n_steps", [100, 300, 1000])
def test_chance_alone_speaks_for_no_rate(n_steps: int, rng: np.random.Generator) -> None:
    """In at most 4 of 100 tests, whatever the losses' law."""
    rates = list_rates(n_steps).tolist()
    draws = [
        rng.normal(1, 0.1, (100, n_steps)),
        rng.exponential(1, (100, n_steps)),
        rng.chisquare(1, (100, n_steps)),
    ]
    for losses in draws:
        found = [suggest_rates(rates, row.tolist()) for row in losses]
        assert sum(each is not None for each in found) <= 8


def test_a_loss_that_only_rises_or_stays_speaks_for_no_rate() -> None:
    rates = list_rates(N)
    assert suggest_rates(rates.tolist(), np.ones(N).tolist()) is None
    assert suggest_rates(rates.tolist(), np.linspace(1, 3, N).tolist()) is None


@pytest.mark.parametrize("n", [0, 1, 2, 8])
def test_a_test_that_ended_at_once_speaks_for_no_rate(n: int) -> None:
    rates = list_rates(100)[:n].tolist()
    assert suggest_rates(rates, [1.0] * n) is None


def test_losses_without_rates_are_refused() -> None:
    with pytest.raises(ValueError, match="2 losses of 1 rates"):
        suggest_rates([1e-7], [1.0, 2.0])
