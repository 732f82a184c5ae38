"""The slice plot: the metric along one hyperparameter."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.figures.labels import clean_text, measure_width, spread
from analysis.figures.spacing import Spacing, choose_spacing
from analysis.figures.style import (
    ACCENT,
    DASHES,
    INK,
    MAX_VECTOR_POINTS,
    MUTED,
    SMALL_PT,
    draw_grid,
    make_figure,
    styled,
)
from analysis.numbers import format_metric, format_value
from analysis.trends.slices import Slice

_PLOT_WIDTH_IN = (5.2, 4.0)  # without and with references at the right
_PLOT_HEIGHT_IN = 2.7
_TURNS, _MANY = (30, 60), 14
_GAP_IN = 0.06  # between neighbouring tick labels
_JITTER = 0.012  # of the axis
_MARGIN = 0.08
_REACH = 0.6  # how far beyond the points, in their span, the axis stretches for a reference
_MOST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Reference:
    """A metric to compare with: a baseline's or the control's."""

    label: str
    value: float


@styled
def plot_slice(data: Slice, *, references: Sequence[Reference] = ()) -> Figure:
    """Draw the metric of each trial over one hyperparameter, and the mean of each level.

    Numbers stand at their place on a linear, logarithmic or (with zero) symmetrical logarithmic
    axis; text, and numbers too close to be told apart, stand side by side. Below each level stand
    its trials and distinct configurations. References are labelled lines; one far from every trial
    is an arrow at the edge, so that it does not flatten the rest.
    """
    figure = make_figure()
    axes = figure.add_subplot()
    values = data.points["value"]
    spacing = choose_spacing(data.values, is_log=data.is_log, reach=(values.min(), values.max()))
    _limit_metric(axes, data, [one.value for one in references])
    _draw_points(axes, data, spacing)
    _draw_means(axes, data, spacing)
    _label_levels(axes, data, spacing, _PLOT_WIDTH_IN[bool(references)])
    _draw_references(axes, references, data.decimals)
    axes.set_ylabel(clean_text(data.metric_label))
    axes.set_title("points: trials; diamonds: means over distinct configurations, 95 % interval")
    draw_grid(axes)
    return figure


def _limit_metric(axes: Axes, data: Slice, references: list[float]) -> None:
    metric = data.points["metric"].to_numpy()
    low, high = float(metric.min()), float(metric.max())
    span = high - low or max(abs(high) * 0.01, 1e-4)
    near = [one for one in references if low - _REACH * span <= one <= high + _REACH * span]
    low, high = min(low, *near, high), max(high, *near, low)
    margin = _MARGIN * max(high - low, span)
    axes.set_ylim(low - margin, high + margin)


def _place(data: Slice, spacing: Spacing) -> NDArray[np.float64]:
    """Return where the levels stand, in the axis' own data coordinates."""
    if spacing.kind == "even" or data.values is None:
        return np.arange(len(data.labels), dtype="float64")
    return np.asarray(data.values)


def _draw_points(axes: Axes, data: Slice, spacing: Spacing) -> None:
    is_even = spacing.kind == "even"
    values = data.points["level" if is_even else "value"].to_numpy(dtype="float64")
    places = spacing.to_axis(values)
    levels = spacing.to_axis(_place(data, spacing))
    room = max(float(np.ptp(levels)), 1.0) if is_even else float(np.ptp(levels))
    is_crowded = is_even or not data.is_binned
    jitter = np.random.default_rng(0).uniform(-1, 1, len(places)) * _JITTER * room * is_crowded
    axes.scatter(
        spacing.to_value(places + jitter),
        data.points["metric"],
        s=11,
        color=MUTED,
        alpha=0.45,
        linewidths=0,
        rasterized=len(places) > MAX_VECTOR_POINTS,
    )
    spacing.scale(axes)
    edges = np.array([min(places.min(), levels.min()), max(places.max(), levels.max())])
    margin = 0.5 if is_even else _MARGIN * float(np.ptp(edges))
    axes.set_xlim(*spacing.to_value(edges + np.array([-margin, margin])))


def _draw_means(axes: Axes, data: Slice, spacing: Spacing) -> None:
    places = _place(data, spacing)
    reach = np.nan_to_num(np.vstack([data.means - data.lows, data.highs - data.means]))
    axes.errorbar(
        places,
        data.means,
        yerr=reach,
        fmt="D",
        markersize=5,
        color=ACCENT,
        markeredgecolor="white",
        markeredgewidth=0.6,
        elinewidth=1.1,
        capsize=3,
        zorder=4,
    )
    if data.values is not None:
        axes.plot(places, data.means, color=ACCENT, linewidth=0.8, alpha=0.6, zorder=3)


def _label_levels(axes: Axes, data: Slice, spacing: Spacing, width_in: float) -> None:
    has_copies = bool((data.counts != data.n_configurations).any())
    pairs = zip(data.counts, data.n_configurations, strict=True)
    counts = [f"{n}/{distinct}" if has_copies else f"n = {n}" for n, distinct in pairs]
    names = [clean_text(label, 20) for label in _name_levels(data, spacing)]
    places = _place(data, spacing)
    stacked = [f"{name}\n{count}" for name, count in zip(names, counts, strict=True)]
    if max(map(measure_width, stacked)) + _GAP_IN < _find_room(axes, places, spacing) * width_in:
        axes.set_xticks(places, stacked)
    else:
        texts = [f"{name}  ({count})" for name, count in zip(names, counts, strict=True)]
        axes.set_xticks(
            places, texts, rotation=_TURNS[len(texts) > _MANY], ha="right", rotation_mode="anchor"
        )
    legend = " (with trials/distinct configurations)" if has_copies else ""
    is_at_medians = data.is_binned and spacing.kind != "even"
    ranges = ", medians of ranges" if is_at_medians else ""
    axes.set_xlabel(f"{clean_text(data.param, 40)}{ranges}{legend}")


def _name_levels(data: Slice, spacing: Spacing) -> list[str]:
    if data.values is None or not data.is_binned or spacing.kind == "even":
        return list(data.labels)
    return [format_value(value, is_whole=value >= 10, digits=_MOST_DIGITS) for value in data.values]


def _find_room(axes: Axes, places: NDArray[np.float64], spacing: Spacing) -> float:
    """Return the distance between the closest ticks as a share of the axis."""
    if len(places) < 2:
        return 1.0
    return float(np.diff(spacing.to_axis(places)).min() / np.ptp(spacing.to_axis(axes.get_xlim())))


def _draw_references(axes: Axes, references: Sequence[Reference], decimals: int) -> None:
    low, high = axes.get_ylim()
    shown = [one for one in references if np.isfinite(one.value)]
    heights = [(one.value - low) / (high - low) for one in shown]
    slots = spread(heights, gap=1.35 * SMALL_PT / 72 / _PLOT_HEIGHT_IN)
    for index, (one, height, slot) in enumerate(zip(shown, heights, slots, strict=True)):
        is_inside = 0 <= height <= 1
        arrow = "" if is_inside else "↓ " if height < 0 else "↑ "
        if is_inside:
            style = DASHES[1 + index % (len(DASHES) - 1)]
            axes.axhline(one.value, color=INK, linewidth=0.9, linestyle=style, zorder=2)
        axes.annotate(
            f"{arrow}{clean_text(one.label, 20)} {format_metric(one.value, decimals=decimals)}",
            (1.0, min(max(height, 0), 1)),
            xytext=(1.02, slot),
            xycoords="axes fraction",
            textcoords="axes fraction",
            va="center",
            fontsize=SMALL_PT,
            arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.5} if is_inside else None,
        )
