"""Parallel coordinates: which combinations of hyperparameters the best trials share."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import LogLocator, MaxNLocator
from numpy.typing import NDArray

from analysis.figures.labels import clean_text
from analysis.figures.spacing import choose_spacing, find_spacing
from analysis.figures.style import (
    FAINT,
    INK,
    MAX_VECTOR_POINTS,
    SMALL_PT,
    WIDTH_IN,
    make_figure,
    shade,
    styled,
)
from analysis.frames.copies import mark_top
from analysis.frames.frame import TrialFrame
from analysis.frames.levels import cut_levels
from analysis.frames.scale import is_log_scale
from analysis.numbers import count_noun, format_metric, format_value
from analysis.top import DEFAULT_TOP_SHARE
from trial_sets.errors import InputError
from trial_sets.wording import join_words

_MOST_PARAMS = 10
_MOST_ON_ONE_LINE = 5
_CHARACTER_IN = 0.08
_JITTER = 0.012
_MANY = 100
_N_TICKS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Coordinate:
    """One vertical axis: where the trials stand on it (0 to 1, NaN when not set), and its ticks."""

    name: str
    places: NDArray[np.float64]
    ticks: NDArray[np.float64]
    tick_labels: tuple[str, ...]


@styled
def plot_parallel(
    frame: TrialFrame, params: Sequence[str] = (), *, n_top: int | None = None
) -> Figure:
    """Draw each finished trial as a line through its hyperparameters to its metric.

    The top trials are coloured, the best darkest; the rest are thin and grey. Each axis has its own
    scale, logarithmic where ratios matter; the metric's axis has the better end on top.

    Parameters
    ----------
    params
        By default the first ten hyperparameters that vary.
    n_top
        By default 20 % of the trials; ties with the last of them are coloured too.

    Raises
    ------
    InputError
        When no hyperparameter varies, or a name is not one of the input's.
    """
    names = tuple(params) or frame.varying[:_MOST_PARAMS]
    unknown = [name for name in names if name not in frame.params]
    if unknown or not names:
        got = f"unknown {join_words(unknown)}" if unknown else "none that varies"
        raise InputError(f"parallel coordinates need hyperparameters of the input, got {got}")
    rows = frame.configured
    gains = frame.sign * rows["metric"].to_numpy(dtype="float64")
    is_top = mark_top(gains, n_top or max(1, round(DEFAULT_TOP_SHARE * len(rows))))
    coordinates = [_make_coordinate(frame, rows[name], name) for name in names]
    coordinates.append(_make_metric(frame, rows["metric"]))
    figure = make_figure()
    axes = figure.add_subplot()
    _draw_lines(axes, coordinates, gains, is_top)
    _draw_axes(axes, coordinates)
    left_out = len(frame.varying) - len(names)
    axes.set_title(
        f"top {is_top.sum()} of {count_noun(len(rows), 'trial')} coloured, the best darkest"
        + (f" ({count_noun(left_out, 'hyperparameter')} not shown)" if left_out > 0 else "")
    )
    return figure


def _make_coordinate(frame: TrialFrame, column: pd.Series, name: str) -> Coordinate:
    levels = cut_levels(column)
    is_log = levels.values is not None and is_log_scale(frame, name, np.unique(column.dropna()))
    if levels.is_binned:
        values = column.to_numpy(dtype="float64")
        ticks, labels = _choose_ticks(values[~np.isnan(values)], is_log=is_log)
        spacing = find_spacing(values[~np.isnan(values)], is_log=is_log)
        return _fit(name, spacing.to_axis(values), spacing.to_axis(ticks), labels)
    spacing = choose_spacing(levels.values, is_log=is_log, min_share=0.05)
    is_even = spacing.kind == "even" or levels.values is None
    on_axis = np.arange(len(levels.labels)) if is_even else spacing.to_axis(levels.values or ())
    places = np.where(levels.codes < 0, np.nan, on_axis[levels.codes])
    return _fit(name, places, on_axis.astype("float64"), levels.labels, is_jittered=True)


def _make_metric(frame: TrialFrame, column: pd.Series) -> Coordinate:
    values = column.to_numpy(dtype="float64")
    ticks = _list_round(values)
    labels = tuple(format_metric(float(tick), decimals=frame.decimals) for tick in ticks)
    return _fit(frame.metric_label, frame.sign * values, frame.sign * ticks, labels)


def _choose_ticks(
    values: NDArray[np.float64], *, is_log: bool
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return round ticks inside the range of a continuous hyperparameter."""
    ticks = _list_round(values)
    if is_log:
        low, high = float(values[values > 0].min()), float(values.max())
        locator = LogLocator(subs=(1, 2, 5), numticks=30)
        inside = np.asarray(locator.tick_values(low, high), dtype="float64")
        inside = inside[(inside >= low) & (inside <= high)]
        ticks = inside[:: -(-len(inside) // (_N_TICKS + 1))]
        ticks = np.append(0.0, ticks) if values.min() == 0 else ticks
    is_whole = bool((values == np.round(values)).all())
    return ticks, tuple(format_value(float(tick), is_whole=is_whole, digits=6) for tick in ticks)


def _list_round(values: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.array([low])
    ticks = np.asarray(MaxNLocator(_N_TICKS).tick_values(low, high), dtype="float64")
    return ticks[(ticks >= low) & (ticks <= high)]


def _fit(
    name: str,
    places: NDArray[np.float64],
    ticks: NDArray[np.float64],
    labels: Sequence[str],
    *,
    is_jittered: bool = False,
) -> Coordinate:
    """Stretch an axis to the height of the figure."""
    low, high = np.nanmin(places), np.nanmax(places)
    if low == high:  # a step as wide as the value itself is one at any size
        step = max(1.0, abs(low))
        low, high = low - step, high + step
    noise = np.random.default_rng(0).uniform(-_JITTER, _JITTER, len(places)) * is_jittered
    return Coordinate(
        name=name,
        places=(places - low) / (high - low) + noise,
        ticks=(ticks - low) / (high - low),
        tick_labels=tuple(labels),
    )


def _draw_lines(
    axes: Axes,
    coordinates: Sequence[Coordinate],
    gains: NDArray[np.float64],
    is_top: NDArray[np.bool_],
) -> None:
    heights = np.column_stack([one.places for one in coordinates])  # (trials, axes)
    across = np.broadcast_to(np.arange(len(coordinates)), heights.shape)
    lines = np.stack([across, heights], axis=-1)  # (trials, axes, 2)
    order = np.argsort(gains, kind="stable")
    rest, top = order[~is_top[order]], order[is_top[order]]
    is_image = len(gains) > MAX_VECTOR_POINTS
    axes.add_collection(
        LineCollection(list(lines[rest]), colors=FAINT, linewidths=0.4, rasterized=is_image)
    )
    axes.add_collection(
        LineCollection(
            list(lines[top]),
            colors=shade(len(top))[::-1],
            linewidths=1.1 if len(top) <= _MANY else 0.5,
            alpha=0.85,
            zorder=3,
            rasterized=is_image,
        )
    )


def _draw_axes(axes: Axes, coordinates: Sequence[Coordinate]) -> None:
    halo = [withStroke(linewidth=2.2, foreground="white")]
    rows = 2 if len(coordinates) > _MOST_ON_ONE_LINE else 1
    longest = int(rows * WIDTH_IN / len(coordinates) / _CHARACTER_IN)
    names = []
    for place, one in enumerate(coordinates):
        axes.axvline(place, color=INK, linewidth=0.8, zorder=4)
        is_lower = rows > 1 and place % 2 == 1
        names.append("\n" * is_lower + clean_text(one.name, longest))
        for tick, label in zip(one.ticks, one.tick_labels, strict=True):
            axes.annotate(
                clean_text(label, 12),
                (place, tick),
                xytext=(3, 0),
                textcoords="offset points",
                va="center",
                fontsize=SMALL_PT,
                zorder=5,
                path_effects=halo,
                annotation_clip=False,
            )
    axes.set_xticks(range(len(coordinates)), names)
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.set_xlim(-0.05, len(coordinates) - 1 + 0.05)
    axes.set_ylim(-0.05, 1.05)
    for spine in axes.spines.values():
        spine.set_visible(False)
