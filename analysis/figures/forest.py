"""The forest plot: the checklist as intervals beside the region of practical equivalence."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.labels import clean_text
from analysis.figures.style import (
    ACCENT,
    BAND,
    FONT_PT,
    INK,
    MUTED,
    SMALL_PT,
    draw_grid,
    make_figure,
    shade,
    styled,
)
from analysis.numbers import DECIMALS, format_difference
from analysis.statistics.comparisons.inference import find_deciding
from analysis.verdicts.verdict import Judgement, Verdict
from trial_sets.errors import InputError

_ROW_IN, _FOLD_ROW_IN = 0.34, 0.46
_BELOW = 0.28  # of a row's height, where its folds stand
_FRAME_IN = 0.85
_WIDEST = 3.0  # an interval wider than this many median ones is cut at the edge
_MARKS = {
    Verdict.CONFIRMED.value: ("D", ACCENT),
    Verdict.REFUTED.value: ("X", ACCENT),
    Verdict.INCONCLUSIVE.value: ("o", "white"),
}


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One claim of the checklist.

    Attributes
    ----------
    label
        What is compared, such as `A3 > A1`.
    estimate, low, high
        Difference of the means with its interval; None while pending.
    verdict
        The verdict's word, which may carry more: `refuted (equivalent)`.
    note
        Why, for a row without an estimate.
    folds
        The difference on each fold, in time order; none where there is one period.
    """

    label: str
    estimate: float | None
    low: float | None
    high: float | None
    verdict: str
    note: str = ""
    folds: tuple[float, ...] = ()

    @property
    def is_estimated(self) -> bool:
        """Whether there is an estimate to draw."""
        return self.estimate is not None and math.isfinite(self.estimate)


def make_forest_row(label: str, judgement: Judgement) -> ForestRow:
    """Return the row of one judged claim."""
    word = judgement.verdict.value
    if judgement.refutation is not None:
        word = f"{word} ({judgement.refutation.value})"
    found, note = judgement.inference, "; ".join(judgement.reasons)
    if found is None:
        return ForestRow(label, None, None, None, word, note)
    contrast = find_deciding(found)
    folds = () if contrast is None else contrast.fold_estimates
    return ForestRow(label, found.estimate, found.low, found.high, word, note, folds)


@styled
def plot_forest(
    rows: Sequence[ForestRow],
    *,
    rope: float,
    metric_label: str = "AUC",
    decimals: int = DECIMALS,
    is_less_better: bool = False,
) -> Figure:
    """Draw the checklist: one row a claim, in the order given, from the top.

    Each row shows estimate and 95 % interval, in figures too, and the verdict at the right; the
    grey band is the ROPE. Rows without an estimate are grey and say why. Small dots below an
    interval are its folds, the later the darker.

    Parameters
    ----------
    decimals
        With which differences are written.
    is_less_better
        Whether less of the metric is better: the rows hold gains, so that better is to the right
        all the same.

    Raises
    ------
    InputError
        When there are no rows.
    """
    if not rows:
        raise InputError("a forest plot needs at least one claim, got none")
    has_folds = any(row.folds for row in rows)
    figure = make_figure(height_in=_FRAME_IN + (_FOLD_ROW_IN if has_folds else _ROW_IN) * len(rows))
    axes = figure.add_subplot()
    limit = _find_limit(rows, rope)
    axes.set_xlim(-limit, limit)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.axvspan(-rope, rope, color=BAND, linewidth=0, zorder=0)
    axes.axvline(0, color=MUTED, linewidth=0.8, zorder=1)
    for height, row in enumerate(rows):
        _draw_row(axes, height, row, limit)
    _label_rows(axes, rows, decimals)
    draw_grid(axes, "x")
    axes.spines["left"].set_visible(False)
    band = f" (grey: within ±{rope:g}, practically equal)" if rope else ""
    dots = "\ndots: each fold alone, the later the darker" if has_folds else ""
    label = clean_text(metric_label)
    what = f"gain in {label} (to the right: less of it)" if is_less_better else (
        f"difference in {label}"
    )  # fmt: skip
    axes.set_xlabel(f"{what}, 95 % interval{band}{dots}")
    return figure


def _find_limit(rows: Sequence[ForestRow], rope: float) -> float:
    """Return the axis' half-width: all estimates, and all intervals but the odd huge one."""
    known = [_get_ends(row) for row in rows if row.is_estimated]
    estimates = [abs(estimate) for _, estimate, _ in known]
    estimates += [abs(one) for row in rows if row.is_estimated for one in row.folds]
    ends = [end for low, _, high in known if math.isfinite(end := max(-low, high))]
    widest = _WIDEST * float(np.median(ends)) if ends else 0.0
    reach = max([*estimates, *(min(end, widest) for end in ends), 3 * rope])
    return 1.06 * (reach or 0.01)


def _draw_row(axes: Axes, height: int, row: ForestRow, limit: float) -> None:
    if not row.is_estimated:
        axes.text(
            0,
            height,
            _wrap(row.note, 46),
            ha="center",
            va="center",
            fontsize=SMALL_PT,
            color=MUTED,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
        return
    low, estimate, high = _get_ends(row)
    axes.plot(
        [max(low, -limit), min(high, limit)], [height] * 2, color=ACCENT, solid_capstyle="butt"
    )
    for end, mark in ((low, "<"), (high, ">")):
        is_cut = abs(end) > limit
        place = np.clip(end, -limit, limit)
        axes.plot(place, height, mark if is_cut else "|", color=ACCENT, markersize=5, clip_on=False)
    mark, fill = _MARKS.get(row.verdict.split(" ")[0], ("o", "white"))
    axes.plot(estimate, height, mark, markersize=6, color=fill, markeredgecolor=ACCENT, zorder=4)
    for fold, colour in zip(row.folds, shade(len(row.folds))[::-1], strict=True):
        axes.plot(fold, height + _BELOW, "o", markersize=3.5, color=colour, zorder=3)


def _label_rows(axes: Axes, rows: Sequence[ForestRow], decimals: int) -> None:
    axes.set_yticks(range(len(rows)), [_wrap(row.label, 30) for row in rows])
    axes.tick_params(axis="y", length=0, pad=8)
    for height, (row, tick) in enumerate(zip(rows, axes.get_yticklabels(), strict=True)):
        colour, text = INK if row.is_estimated else MUTED, _describe(row, decimals)
        tick.set_color(colour)
        axes.annotate(
            text,
            (1.04, height),
            xycoords=axes.get_yaxis_transform(),
            va="center",
            fontsize=SMALL_PT if "\n" in text else FONT_PT,
            color=colour,
            annotation_clip=False,
        )


def _wrap(text: str, width: int) -> str:
    """Break a text into two lines at most, and cut what is left."""
    return "\n".join(textwrap.wrap(clean_text(text, 1000), width, max_lines=2, placeholder=" …"))


def _describe(row: ForestRow, decimals: int) -> str:
    """Write the verdict above the figures behind it."""
    verdict = clean_text(row.verdict, 24)
    if not row.is_estimated:
        return verdict
    low, estimate, high = (
        format_difference(end, is_signed=True, decimals=decimals) for end in _get_ends(row)
    )
    is_known = not any(end is None or math.isnan(end) for end in (row.low, row.high))
    interval = f" [{low}, {high}]" if is_known else ""
    return f"{verdict}\n{estimate}{interval}"


def _get_ends(row: ForestRow) -> tuple[float, float, float]:
    """Return low, estimate and high; a bound that is not known is the estimate itself."""
    estimate = 0.0 if row.estimate is None else row.estimate
    low, high = (estimate if end is None or math.isnan(end) else end for end in (row.low, row.high))
    return low, estimate, high
