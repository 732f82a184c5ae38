"""The champion's history: the best of each round, and how it did where it ran again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.figures.labels import clean_text
from analysis.figures.style import ACCENT, FAINT, INK, MUTED, draw_grid, make_figure, styled
from trial_sets.errors import InputError

_ASIDE = 0.12  # rounds, between the champions of one round that are drawn beside each other
_HEIGHT_IN = 2.8


@dataclass(frozen=True, slots=True)
class ChampionPoint:
    """One figure of a champion.

    Attributes
    ----------
    chosen_in
        The round that it is the best of.
    ran_in
        The round of this figure: the same, or a later one with new seeds.
    value
        Its mean, in the metric's own direction.
    reach
        Half the width of the interval by seeds; NaN where it is not known.
    worth
        What is left of the mean after the choice; None where it is not known.
    """

    chosen_in: int
    ran_in: int
    value: float
    reach: float
    worth: float | None = None


@styled
def plot_champions(
    points: Sequence[ChampionPoint], *, metric_label: str = "AUC", is_less_better: bool = False
) -> Figure:
    """Draw each champion's first figure, filled, and its later ones, hollow, joined to the first.

    A short bar beside the first is what it is worth after the choice.

    Raises
    ------
    InputError
        When there are no points.
    """
    if not points:
        raise InputError("a history of champions needs at least one, got none")
    figure = make_figure(height_in=_HEIGHT_IN)
    axes = figure.add_subplot()
    firsts = {point.chosen_in: point for point in points if point.ran_in == point.chosen_in}
    for point in points:
        first = firsts.get(point.chosen_in)
        if first is not None and first is not point:
            places = [_place(first), _place(point)]
            axes.plot(places, [first.value, point.value], "--", color=MUTED, linewidth=0.8)
    for point in points:
        _draw_point(axes, point)
    rounds = [point.ran_in for point in points]
    axes.set_xlim(min(rounds) - 0.5, max(rounds) + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("round")
    less = "\n(less is better)" if is_less_better else ""
    axes.set_ylabel(f"mean {clean_text(metric_label)}{less}")
    draw_grid(axes)
    _explain(axes, points)
    return figure


def _place(point: ChampionPoint) -> float:
    """Return where a figure stands: a champion of an earlier round to the left of the round's."""
    return point.ran_in - _ASIDE * (point.ran_in - point.chosen_in)


def _draw_point(axes: Axes, point: ChampionPoint) -> None:
    place, is_first = _place(point), point.ran_in == point.chosen_in
    if np.isfinite(point.reach):
        ends = [point.value - point.reach, point.value + point.reach]
        axes.plot([place, place], ends, color=ACCENT, solid_capstyle="butt")
    fill = ACCENT if is_first else "white"
    axes.plot(place, point.value, "o", color=fill, markeredgecolor=ACCENT, zorder=4)
    if is_first and point.worth is not None:
        axes.plot([place + 0.03, place + 0.13], [point.worth] * 2, color=INK, linewidth=1.6)


def _explain(axes: Axes, points: Sequence[ChampionPoint]) -> None:
    marks: dict[str, Line2D] = {
        "the best of its round": _mark(color=ACCENT),
    }
    if any(point.ran_in != point.chosen_in for point in points):
        marks["run again with new seeds"] = _mark(color="white")
    if any(point.worth is not None for point in points):
        marks["worth after the choice"] = Line2D([], [], color=INK, linewidth=1.6)
    axes.legend(marks.values(), marks.keys(), loc="best", edgecolor=FAINT)


def _mark(color: str) -> Line2D:
    return Line2D([], [], marker="o", linestyle="", color=color, markeredgecolor=ACCENT)
