"""The best so far of a search, over the band that a random order of the same values gives."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

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
from trial_sets.errors import InputError

_FEWEST = 2
_FENCES = 6.0  # quarters' distances within which results are drawn


@styled
def plot_regret(
    numbers: Sequence[int],
    scores: ArrayLike,
    bests: ArrayLike,
    band: ArrayLike,
    *,
    metric_label: str = "AUC",
    reference: tuple[str, float] | None = None,
    is_less_better: bool = False,
) -> Figure:
    """Draw every result, the best so far, and chance's median and band, by number of the trial.

    Parameters
    ----------
    numbers
        Of the N trials, ascending.
    scores, bests : array_like, shape (N,)
        In the metric's own direction; the score of a trial without one is NaN.
    band : array_like, shape (3, N)
        Low end, median and high end of the best so far in a random order.
    reference
        What a line is drawn for, and where: the default.
    is_less_better
        Whether less of the metric is better, for the name of the vertical axis.

    Raises
    ------
    InputError
        When there are fewer than two trials.
    """
    if len(numbers) < _FEWEST:
        raise InputError("a curve of the best so far needs two trials")
    low, median, high = np.asarray(band, dtype=np.float64)
    figure = make_figure()
    axes = figure.add_subplot()
    axes.fill_between(
        numbers, low, high, step="post", color=BAND, linewidth=0, label="95 % of random orders"
    )
    axes.step(numbers, median, where="post", color=MUTED, linestyle="--", label="their median")
    axes.plot(
        numbers,
        np.asarray(scores),
        "o",
        color=MUTED,
        alpha=0.6,
        markersize=3,
        markeredgewidth=0,
        label="trial",
        rasterized=len(numbers) > MAX_VECTOR_POINTS,
    )
    axes.step(numbers, np.asarray(bests), where="post", color=ACCENT, linewidth=1.6,
              label="best so far")  # fmt: skip
    if reference is not None:
        name, value = reference
        axes.axhline(value, color=INK, linewidth=0.8, linestyle=":", label=clean_text(name, 24))
    _limit_to_most(axes, np.asarray(scores, dtype=np.float64), is_less_better=is_less_better)
    axes.set_xlabel("number of the trial")
    better = " (less is better)" if is_less_better else ""
    axes.set_ylabel(f"validation {clean_text(metric_label)}{better}")
    draw_grid(axes)
    figure.legend(loc="outside upper left", ncols=5)
    return figure


def _limit_to_most(axes: Axes, scores: NDArray[np.float64], *, is_less_better: bool) -> None:
    """Leave out results far beyond the worse quarter, which would flatten all others."""
    scores = scores[np.isfinite(scores)]
    first, third = np.quantile(scores, [0.25, 0.75])
    reach = _FENCES * (third - first)
    if reach <= 0:
        return
    if is_less_better and scores.max() > third + reach:
        axes.set_ylim(top=third + reach)
    elif not is_less_better and scores.min() < first - reach:
        axes.set_ylim(bottom=first - reach)
