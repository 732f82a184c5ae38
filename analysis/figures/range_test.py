"""A range test of the learning rate: the loss along the rate, and the rates that it speaks for."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.labels import clean_text
from analysis.figures.style import (
    ACCENT,
    BAND,
    INK,
    MAX_VECTOR_POINTS,
    MUTED,
    draw_grid,
    make_figure,
    styled,
)
from trial_sets.records.range_test import RangeTestRecord, SuggestedRates

_MARGIN = 0.06  # of the losses' span


@styled
def plot_range_test(test: RangeTestRecord, *, title: str = "") -> Figure:
    """Draw the loss of each step over its learning rate, and the smoothed curve that is judged.

    The suggested range is shaded, and a diamond marks where the loss falls fastest. Where the loss
    explodes it leaves the axis, which ends at the highest loss before the least smoothed one.
    """
    figure = make_figure()
    axes = figure.add_subplot()
    axes.set_xscale("log")
    if test.suggestion is not None:
        _shade_range(axes, test.suggestion)
    axes.plot(
        test.rates,
        test.losses,
        "o",
        markersize=2.4,
        color=MUTED,
        alpha=0.5,
        markeredgewidth=0,
        rasterized=len(test.rates) > MAX_VECTOR_POINTS,
        label="loss of a step",
    )
    axes.plot(test.smoothed_rates, test.smoothed_losses, color=ACCENT, label="smoothed")
    if test.suggestion is not None:
        _mark_steepest(axes, test, test.suggestion.steepest)
    _limit_losses(axes, test)
    axes.set_xlabel("learning rate")
    axes.set_ylabel("training loss")
    said = "" if test.suggestion is not None else "no rate is suggested: no fall beyond chance"
    axes.set_title(clean_text(" - ".join(part for part in (title, said) if part), 90))
    axes.xaxis.set_major_formatter(lambda rate, _: f"{rate:.0e}")
    axes.minorticks_off()
    draw_grid(axes)
    figure.legend(loc="outside lower center", ncols=4)
    return figure


def _shade_range(axes: Axes, suggested: SuggestedRates) -> None:
    label = f"suggested, {suggested.low:.1e} to {suggested.high:.1e}"
    axes.axvspan(suggested.low, suggested.high, color=BAND, linewidth=0, label=label, zorder=0)


def _mark_steepest(axes: Axes, test: RangeTestRecord, rate: float) -> None:
    """Mark where the curve is steepest; the rate lies between two of its points."""
    loss = np.interp(np.log(rate), np.log(test.smoothed_rates), test.smoothed_losses)
    axes.plot(rate, loss, "D", markersize=5, color=INK, zorder=4, label=f"steepest, {rate:.1e}")


def _limit_losses(axes: Axes, test: RangeTestRecord) -> None:
    """End the axis at the losses up to the least smoothed one."""
    least = int(np.argmin(test.smoothed_losses))
    seen = [*test.losses[: least + 1], test.smoothed_losses[0], test.smoothed_losses[least]]
    low, high = min(seen), max(seen)
    margin = _MARGIN * (high - low or abs(high) or 1.0)
    axes.set_ylim(low - margin, high + margin)
