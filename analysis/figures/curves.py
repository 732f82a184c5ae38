"""Learning curves of a set: the validation metric and the training loss by epoch."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.figures.labels import clean_text, measure_width
from analysis.figures.style import (
    DASHES,
    HEIGHT_IN,
    MARKERS,
    SMALL_PT,
    WIDTH_IN,
    Colour,
    draw_grid,
    make_figure,
    shade,
    styled,
)
from trial_sets.errors import InputError
from trial_sets.wording import join_words

_COLUMNS = ("trial", "seed", "epoch", "val_metric", "train_loss", "selected_epoch")
_N_SHADES = 7
_MOST_BESIDE = 12
_LEGEND_ROW_IN, _HANDLE_IN = 0.16, 0.55
_N_TICKS = 6
_N_MARKS = 6


@dataclass(frozen=True, slots=True)
class _Look:
    """How one trial is drawn in both panels."""

    colour: Colour
    marker: str
    dash: Any
    place: int


@styled
def plot_curves(curves: pd.DataFrame, *, title: str = "", metric_label: str = "AUC") -> Figure:
    """Draw validation metric and training loss by epoch, one line a trial.

    With several seeds each is a thin line, and the trial's line is their mean over the epochs that
    all of them reached. A ring marks the selected epoch of each fit.

    Parameters
    ----------
    curves
        One row a trial, seed and epoch: `trial`, `seed`, `epoch`, `val_metric`, `train_loss`, and
        `selected_epoch`, the same on each row of a fit (NaN where none was selected).

    Raises
    ------
    InputError
        When a column is missing, or there is no epoch to draw.
    """
    missing = [name for name in _COLUMNS if name not in curves]
    if missing:
        raise InputError(f"learning curves lack the columns {join_words(missing)}")
    if curves.empty:
        raise InputError("learning curves need at least one epoch, got none")
    names = list(dict.fromkeys(curves["trial"]))
    labels = [clean_text(str(name), 22) for name in names]
    n_columns = _count_columns(labels)
    height = HEIGHT_IN + (_LEGEND_ROW_IN * len(labels) / n_columns if n_columns > 1 else 0)
    figure = make_figure(height_in=height)
    score, loss = figure.subplots(1, 2, sharex=True)
    looks = _choose_looks(len(names))
    for name, label, look in zip(names, labels, looks, strict=True):
        fits = curves[curves["trial"] == name]
        _draw_trial(score, fits, "val_metric", look, label=label)
        _draw_trial(loss, fits, "train_loss", look)
        _ring_selected(score, fits, look)
    _add_legend(figure, score, n_columns)
    for axes, name in ((score, f"validation {clean_text(metric_label)}"), (loss, "training loss")):
        axes.set_title(name)
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(_N_TICKS, integer=True, min_n_ticks=1))
        draw_grid(axes)
    if title:
        figure.suptitle(clean_text(title, 64), x=0.01, ha="left", fontsize=9)
    return figure


def _count_columns(labels: list[str]) -> int:
    """Return 1 for a legend beside the panels, or the columns of one below them."""
    if len(labels) <= _MOST_BESIDE:
        return 1
    widest = max(measure_width(label, SMALL_PT) for label in labels)
    return max(2, int(WIDTH_IN / (widest + _HANDLE_IN)))


def _choose_looks(n: int) -> list[_Look]:
    """Give each trial a shade, a marker and a dash of which no combination repeats soon."""
    colours = shade(min(n, _N_SHADES))
    return [
        _Look(
            colours[index % len(colours)],
            MARKERS[index % len(MARKERS)],
            DASHES[(index // len(colours)) % len(DASHES)],
            index,
        )
        for index in range(n)
    ]


def _draw_trial(
    axes: Axes, fits: pd.DataFrame, column: str, look: _Look, label: str | None = None
) -> None:
    seeds = [fit for _, fit in fits.groupby("seed", dropna=False)]
    if len(seeds) > 1:
        for fit in seeds:
            axes.plot(fit["epoch"], fit[column], color=look.colour, linewidth=0.5, alpha=0.45)
    mean = _average_seeds(fits, column, len(seeds))
    step = max(1, len(mean) // _N_MARKS)
    axes.plot(
        mean.index,
        mean,
        color=look.colour,
        linestyle=look.dash,
        marker=look.marker,
        markersize=3.2,
        markevery=(look.place % step, step),
        label=label,
    )


def _average_seeds(fits: pd.DataFrame, column: str, n_seeds: int) -> "pd.Series[float]":
    """Average over seeds where all of them still ran; a mean over survivors would jump."""
    by_epoch = fits.groupby("epoch")[column]
    return by_epoch.mean()[by_epoch.size() == n_seeds]


def _ring_selected(axes: Axes, fits: pd.DataFrame, look: _Look) -> None:
    selected = fits[fits["epoch"] == fits["selected_epoch"]]
    axes.plot(
        selected["epoch"],
        selected["val_metric"],
        "o",
        markersize=7,
        markerfacecolor="none",
        markeredgecolor=look.colour,
        markeredgewidth=1.3,
        zorder=4,
    )


def _add_legend(figure: Figure, score: Axes, n_columns: int) -> None:
    handles, labels = score.get_legend_handles_labels()
    (ring,) = score.plot(
        np.nan, np.nan, "o", markersize=7, markerfacecolor="none", markeredgecolor="black"
    )
    figure.legend(
        [*handles, ring],
        [*labels, "selected epoch"],
        loc="outside right upper" if n_columns == 1 else "outside lower center",
        ncols=n_columns,
    )
