import numpy as np
import pytest
from matplotlib.figure import Figure

from analysis.figures.spacing import Spacing, choose_spacing, find_spacing

DECAYS = np.array([0, 1e-5, 1e-4, 1e-2])


@pytest.mark.parametrize(
    ("values", "is_log", "kind"),
    [
        (None, False, "even"),
        ([1.0], True, "even"),
        ([0.1, 0.3, 0.5], False, "linear"),
        ([1e-5, 1e-4], True, "log"),
        ([0.0, 1e-5, 1e-4], True, "symlog"),
        ([1.0, 1.01, 9.0], False, "even"),
    ],
)
def test_the_values_choose_the_spacing(values: list[float] | None, is_log: bool, kind: str) -> None:
    assert choose_spacing(values, is_log=is_log).kind == kind


def test_a_long_axis_leaves_less_room_between_levels() -> None:
    assert choose_spacing([1.0, 2.0], is_log=False, reach=(0, 3)).kind == "linear"
    assert choose_spacing([1.0, 2.0], is_log=False, reach=(0, 300)).kind == "even"


@pytest.mark.parametrize("values", [DECAYS, DECAYS[1:], np.array([1.0, 5.0])])
@pytest.mark.parametrize("is_log", [True, False])
def test_places_lead_back_to_their_values(values: np.ndarray, is_log: bool) -> None:
    spacing = find_spacing(values, is_log=is_log)
    np.testing.assert_allclose(spacing.to_value(spacing.to_axis(values)), values, rtol=1e-9)


def test_places_are_those_of_the_scaled_axis() -> None:
    axes = Figure().add_subplot()
    spacing = find_spacing(DECAYS, is_log=True)
    spacing.scale(axes)
    axes.set_xlim(0, 1)
    pixels = axes.transData.transform(np.column_stack([DECAYS, DECAYS]))[:, 0]
    places = spacing.to_axis(DECAYS)
    np.testing.assert_allclose(np.diff(pixels) / np.ptp(pixels), np.diff(places) / np.ptp(places))


def test_zero_stands_a_short_step_below_the_smallest_rate() -> None:
    places = find_spacing(DECAYS, is_log=True).to_axis(DECAYS)
    gaps = np.diff(places)
    assert gaps[0] / gaps[1] == pytest.approx(0.15 * 3, rel=1e-6)


def test_an_even_axis_stays_as_it_is() -> None:
    axes = Figure().add_subplot()
    Spacing("even").scale(axes)
    assert axes.get_xscale() == "linear"
