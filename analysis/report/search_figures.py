"""Which figures a search's report has beside those of its trends."""

import math
from collections.abc import Iterator
from functools import partial

import numpy as np
from matplotlib.figure import Figure

from analysis.figures.curves import plot_curves
from analysis.figures.importance import plot_importance
from analysis.figures.regret import plot_regret
from analysis.findings.evidence import Evidence
from analysis.report.illustrations import Sketch, plan_figures, tabulate_curves
from analysis.searches.importance import SearchImportances
from analysis.searches.order import SearchOrder
from analysis.searches.search import Search

_N_CURVES = 5


def plan_search_figures(
    search: Search,
    evidence: Evidence,
    order: SearchOrder | None,
    importances: SearchImportances | None,
    params: tuple[str, ...],
) -> tuple[Sketch, ...]:
    """Return the figures of a search's report, none drawn yet.

    Parameters
    ----------
    params
        Only these hyperparameters; with two of them also their heat map.
    """
    default, label = search.default, search.run.metric.title
    reference = None
    if default is not None and default.score is not None:
        reference = ("default", default.score)
    return (
        *([] if order is None else [sketch_regret(order, label, reference)]),
        *([] if importances is None else [sketch_importance(importances)]),
        *plan_figures(evidence, params),
        *_sketch_curves(search),
    )


def sketch_regret(
    order: SearchOrder, label: str, reference: tuple[str, float] | None = None
) -> Sketch:
    """Return the figure of the best so far.

    Parameters
    ----------
    reference
        What a line is drawn for, and where.
    """
    caption = "The best so far, over what the same results give in a random order"
    return Sketch("regret", "regret", caption, partial(_draw_regret, order, label, reference))


def sketch_importance(found: SearchImportances) -> Sketch:
    """Return the figure of the importances."""
    rows = found.rows
    draw = partial(
        plot_importance,
        [row.param for row in rows],
        [row.divergence for row in rows],
        [row.chance for row in rows],
        [row.is_told for row in rows],
    )
    caption = "Importances of the hyperparameters, beside what chance reaches"
    return Sketch("importance", "importance", caption, draw)


def _draw_regret(order: SearchOrder, label: str, reference: tuple[str, float] | None) -> Figure:
    curve, sign = order.curve, order.sign
    return plot_regret(
        order.numbers,
        [math.nan if score is None else score for score in order.scores],
        sign * curve.best,
        sign * np.stack([curve.low, curve.median, curve.high]),
        metric_label=label,
        reference=reference,
        is_less_better=sign < 0,
    )


def _sketch_curves(search: Search) -> Iterator[Sketch]:
    ranked = sorted(search.scored, key=lambda trial: -search.sign * (trial.score or 0.0))
    names = {t.fit.record.key: t.name for t in ranked[:_N_CURVES] if t.fit is not None}
    curves = tabulate_curves(search.run, names)
    if len(curves):
        yield Sketch(
            "health",
            "curves",
            "Learning curves of the best trials; a ring marks the selected epoch",
            partial(plot_curves, curves, title="Best trials", metric_label=search.run.metric.title),
        )
