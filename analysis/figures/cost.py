"""Time against the metric: what a better result costs."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator

from analysis.figures.labels import annotate_points, clean_text
from analysis.figures.style import (
    ACCENT,
    MAX_VECTOR_POINTS,
    MUTED,
    draw_grid,
    lay_out,
    make_figure,
    styled,
)
from analysis.frames.frame import TrialFrame
from trial_sets.errors import InputError

_ROLE_MARKERS = {"trial": "o", "control": "s", "baseline": "^", "forced": "D"}
_N_STEPS = 40
_LOG_FROM = 8.0  # slowest over fastest
_KEYS = ("tier", "budget", "horizon", "role", "trial", "configuration")


@styled
def plot_cost(frame: TrialFrame) -> Figure:
    """Draw the seconds of each trial against its metric, and the Pareto front.

    A trial's seeds are averaged. The front, ringed, joined and named, holds the trials that no
    other beats at less or equal time.

    Raises
    ------
    InputError
        When no finished trial recorded its time.
    """
    points = _average_seeds(frame)
    if points.empty:
        raise InputError("time against the metric needs a finished trial with its seconds")
    figure = make_figure()
    axes = figure.add_subplot()
    for role, group in sorted(points.groupby("role"), key=lambda pair: pair[0] != "trial"):
        axes.scatter(
            group["duration_s"],
            group["metric"],
            s=16,
            marker=_ROLE_MARKERS.get(str(role), "v"),
            color=MUTED,
            alpha=0.6,
            linewidths=0,
            rasterized=len(group) > MAX_VECTOR_POINTS,
            label=clean_text(str(role)),
        )
    front = find_front(points, sign=frame.sign)
    axes.plot(
        front["duration_s"],
        front["metric"],
        "o-",
        color=ACCENT,
        linewidth=0.9,
        markersize=7,
        markerfacecolor="none",
        label="Pareto front",
        zorder=4,
    )
    _label_axes(axes, points["duration_s"].to_numpy(), clean_text(frame.metric_label))
    figure.legend(loc="outside upper left", ncols=5)
    lay_out(figure)
    _name_front(axes, points, front)
    return figure


def find_front(points: pd.DataFrame, *, sign: int) -> pd.DataFrame:
    """Return the rows that no other beats at less or equal time, the fastest first.

    Parameters
    ----------
    points
        With the columns `duration_s` and `metric`.
    sign
        +1 when more of the metric is better, -1 when less is.
    """
    ranked = points.assign(_gain=sign * points["metric"].astype("float64"))
    ranked = ranked.sort_values(["duration_s", "_gain"], ascending=[True, False], kind="stable")
    best_before = ranked["_gain"].cummax().shift(fill_value=-np.inf)
    return ranked[ranked["_gain"] > best_before].drop(columns="_gain")


def _average_seeds(frame: TrialFrame) -> pd.DataFrame:
    """Return one row a trial; rows without a seed are trials of their own."""
    rows = frame.finished
    rows = rows[rows["duration_s"] > 0]
    number = pd.Series(np.arange(len(rows)), index=rows.index).where(rows["seed"].isna(), -1)
    keys = [*(rows[key] for key in _KEYS), number.rename("number")]
    groups = rows.groupby(keys, dropna=False, sort=False)[["duration_s", "metric"]]
    return groups.mean().reset_index()


def _label_axes(axes: Axes, seconds: np.ndarray, metric_label: str) -> None:
    if seconds.max() / seconds.min() > _LOG_FROM:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.minorticks_off()
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_xlabel("seconds of a trial")
    axes.set_ylabel(metric_label)
    draw_grid(axes, "both")


def _name_front(axes: Axes, points: pd.DataFrame, front: pd.DataFrame) -> None:
    """Name the front's trials, clear of all points and of the front; the best come first."""
    pixels = axes.transData.transform(points[["duration_s", "metric"]].to_numpy())
    ends = axes.transData.transform(front[["duration_s", "metric"]].to_numpy())
    steps = np.linspace(0, 1, _N_STEPS)[:, None, None]
    line = (ends[:-1] + steps * np.diff(ends, axis=0)).reshape(-1, 2)  # (steps * segments, 2)
    places = list(zip(front["duration_s"], front["metric"], strict=True))
    origins = [name for name in ("tier", "budget", "horizon") if points[name].nunique() > 1]
    words = front[[*origins, "trial"]].fillna("").astype("str")
    names = [clean_text(" ".join(row), 24) for row in words.to_numpy()]
    annotate_points(axes, places[::-1], names[::-1], np.vstack([ends, line, pixels]))
