"""The figure of a range test, drawn of curves whose answer is known."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from analysis.figures.range_test import plot_range_test
from tests.analysis.figures.conftest import HOSTILE, Check
from trial_sets.configuration import LstmConfiguration
from trial_sets.records.range_test import RangeTestRecord, SuggestedRates
from trial_sets.records.record import Provenance

SETTINGS = LstmConfiguration(hidden_size=8, n_layers=1, dropout=0.0, learning_rate=1e-3)
SUGGESTED = SuggestedRates(low=2e-5, high=3e-3, steepest=4e-3)


def make_test(suggestion: SuggestedRates | None = SUGGESTED, n: int = 100) -> RangeTestRecord:
    rates = np.geomspace(1e-7, 10, n)
    fall = 0.7 - 0.25 / (1 + (3e-3 / rates) ** 0.8)
    smoothed = fall + np.where(rates > 0.1, 40 * (rates - 0.1), 0)
    losses = smoothed + 0.02 * np.sin(np.arange(n) * 2.4)
    provenance = Provenance(
        device="cpu", group_size=1, started="", finished="", versions={}, platform="test"
    )
    return RangeTestRecord(
        run="made-up", configuration=SETTINGS, key=SETTINGS.key, seed=0,
        rates=tuple(rates), losses=tuple(losses), smoothed_rates=tuple(rates),
        smoothed_losses=tuple(smoothed), suggestion=suggestion, seconds=1.0, provenance=provenance,
    )  # fmt: skip


def list_labels(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_range_and_steepest_point_are_drawn_and_named(
    check_canvas: Check, check_overlaps: Check
) -> None:
    figure = plot_range_test(make_test(), title="BASE")
    check_canvas(figure)
    check_overlaps(figure)
    (axes,) = figure.axes
    assert axes.get_xscale() == "log"
    assert list_labels(figure) == [
        "suggested, 2.0e-05 to 3.0e-03", "loss of a step", "smoothed", "steepest, 4.0e-03",
    ]  # fmt: skip
    (band,) = axes.patches
    assert band.get_extents().transformed(axes.transData.inverted()).x1 == pytest.approx(3e-3)
    diamond = axes.lines[-1]
    assert diamond.get_xdata()[0] == 4e-3
    assert diamond.get_ydata()[0] == pytest.approx(0.7 - 0.25 / (1 + 0.75**0.8), abs=1e-3)


def test_an_exploding_loss_does_not_flatten_the_rest() -> None:
    (axes,) = plot_range_test(make_test()).axes
    low, high = axes.get_ylim()
    assert 0.4 < low < 0.46
    assert 0.7 < high < 0.76


def test_where_nothing_falls_the_figure_says_so(check_canvas: Check) -> None:
    figure = plot_range_test(make_test(None), title="BASE")
    check_canvas(figure)
    assert figure.axes[0].get_title("left") == (
        "BASE - no rate is suggested: no fall beyond chance"
    )
    assert list_labels(figure) == ["loss of a step", "smoothed"]


def test_hostile_titles_and_single_steps_are_drawn(check_canvas: Check) -> None:
    for title in HOSTILE:
        check_canvas(plot_range_test(make_test(), title=title))
    check_canvas(plot_range_test(make_test(None, n=1)))
