"""Importances of hyperparameters, each beside what chance reaches."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from analysis.figures.labels import clean_text
from analysis.figures.style import ACCENT, FAINT, HEIGHT_IN, INK, draw_grid, make_figure, styled
from trial_sets.errors import InputError

_ROW_IN, _REST_IN = 0.24, 0.9
_MOST_ROWS = 20


@styled
def plot_importance(
    names: Sequence[str], divergences: ArrayLike, chances: ArrayLike, told: Sequence[bool]
) -> Figure:
    """Draw a bar a hyperparameter, the largest on top, and a mark where chance ends.

    Parameters
    ----------
    names
        At most twenty are drawn, the first.
    divergences, chances : array_like, shape (p,)
        Of PED-ANOVA, and what one of twenty shuffles exceeds.
    told
        Which are more than chance: drawn dark, the others light with a dashed edge.

    Raises
    ------
    InputError
        When there is nothing to draw.
    """
    if not names:
        raise InputError("importances need a hyperparameter")
    n = min(len(names), _MOST_ROWS)
    places = np.arange(n)
    figure = make_figure(height_in=min(HEIGHT_IN * 1.5, _ROW_IN * n + _REST_IN))
    axes = figure.add_subplot()
    widths, ends = np.asarray(divergences)[:n], np.asarray(chances)[:n]
    for is_told, label in ((True, "more than chance"), (False, "within chance")):
        chosen = [place for place in range(n) if told[place] == is_told]
        if chosen:
            axes.barh(
                chosen,
                widths[chosen],
                height=0.62,
                color=ACCENT if is_told else FAINT,
                edgecolor=INK,
                linestyle="-" if is_told else "--",
                linewidth=0.6,
                label=label,
            )
    axes.plot(ends, places, "|", color=INK, markersize=17, label="chance, one of twenty")
    axes.set_yticks(places, [clean_text(name, 28) for name in names[:n]])
    axes.invert_yaxis()
    axes.set_xlabel("PED-ANOVA divergence of the best trials from all")
    axes.xaxis.set_major_locator(MaxNLocator(5))
    draw_grid(axes, "x")
    figure.legend(loc="outside upper left", ncols=3)
    return figure
