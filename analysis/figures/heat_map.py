"""The heat map of a pair of hyperparameters."""

import math
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.figures.labels import clean_text, measure_width
from analysis.figures.style import MUTED, WIDTH_IN, make_figure, shade_cells, styled
from analysis.numbers import format_metric
from analysis.trends.pair_table import PairTable
from trial_sets.errors import InputError
from trial_sets.metric_names import Direction

_PLOT_WIDTH_IN = 4.6
_ROW_IN = (0.3, 0.42)
_FRAME_IN = 1.0
_MAX_HEIGHT_IN = WIDTH_IN
_SIZES_PT = (7.5, 6.5, 5.5)


@styled
def plot_pair(table: PairTable, *, direction: Direction = "maximize") -> Figure:
    """Draw the mean metric of each combination of two hyperparameters' levels.

    Each cell names its mean and its number of trials; a combination that was never tried is
    hatched. Darker is better.

    Raises
    ------
    InputError
        When no combination was tried.
    """
    if not table.counts.any():
        raise InputError(f"no trial sets both {table.row_param} and {table.column_param}")
    n_rows, n_columns = table.means.shape
    height = _FRAME_IN + max(1.2, _ROW_IN[n_rows <= 8] * n_rows)
    figure = make_figure(height_in=min(height, _MAX_HEIGHT_IN))
    axes = figure.add_subplot()
    present = table.means[table.counts > 0]
    low, high = float(present.min()), float(present.max())
    mesh = axes.pcolormesh(
        np.arange(n_columns + 1) - 0.5,
        np.arange(n_rows + 1) - 0.5,
        np.ma.masked_invalid(table.means),
        cmap=shade_cells(is_dark_high=direction == "maximize"),
        norm=Normalize(low, high),
        edgecolors="white",
        linewidth=1,
    )
    _write_cells(axes, table, mesh.to_rgba(table.means)[..., :3])
    _label_axes(axes, table)
    axes.set_title(f"mean {clean_text(table.metric_label)} and number of trials, darker is better")
    if not math.isclose(low, high, rel_tol=1e-6):
        figure.colorbar(mesh, ax=axes, pad=0.02, fraction=0.05).outline.set_visible(False)
    return figure


def _write_cells(axes: Axes, table: PairTable, colours: np.ndarray) -> None:
    n_rows, n_columns = table.means.shape
    width = _PLOT_WIDTH_IN / n_columns
    known = table.means[table.counts > 0]
    widest = max(("-0.0000", *map(partial(format_metric, decimals=table.decimals), known)), key=len)
    fitting = [size for size in _SIZES_PT if measure_width(widest, size) < width]
    size = fitting[0] if fitting else _SIZES_PT[-1]
    for row, column in np.ndindex(n_rows, n_columns):
        count = int(table.counts[row, column])
        if count == 0:
            corner = (column - 0.5, row - 0.5)
            axes.add_patch(
                Rectangle(corner, 1, 1, hatch="////", facecolor="none", edgecolor="white")
            )
            continue
        mean = _write_mean(table, row, column) if fitting else ""
        is_dark = colours[row, column] @ (0.299, 0.587, 0.114) < 0.5
        axes.text(
            column,
            row,
            f"{mean}n {count}",
            ha="center",
            va="center",
            fontsize=size,
            linespacing=1.05,
            color="white" if is_dark else "black",
        )


def _write_mean(table: PairTable, row: int, column: int) -> str:
    return f"{format_metric(float(table.means[row, column]), decimals=table.decimals)}\n"


def _label_axes(axes: Axes, table: PairTable) -> None:
    names = [clean_text(label, 20) for label in table.column_labels]
    room = 0.95 * _PLOT_WIDTH_IN / len(names)
    is_narrow = max(measure_width(name) for name in names) > room
    turn = {"rotation": 30, "ha": "right", "rotation_mode": "anchor"} if is_narrow else {}
    axes.set_xticks(range(len(names)), names, **turn)  # type: ignore[arg-type]
    axes.set_yticks(
        range(len(table.row_labels)), [clean_text(label, 20) for label in table.row_labels]
    )
    axes.tick_params(length=0)
    axes.set_xlabel(clean_text(table.column_param, 40))
    axes.set_ylabel(clean_text(table.row_param, 30))
    for spine in axes.spines.values():
        spine.set_edgecolor(MUTED)
        spine.set_visible(True)
