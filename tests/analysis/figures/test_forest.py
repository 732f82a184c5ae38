import math
from dataclasses import replace

import pytest
from matplotlib.colors import same_color
from matplotlib.patches import Rectangle

from analysis.figures.forest import ForestRow, make_forest_row, plot_forest
from analysis.figures.style import INK, MUTED
from analysis.statistics.comparisons.inference import infer_difference
from analysis.verdicts.dating import Dating
from analysis.verdicts.verdict import ClaimTest, Missing, Refutation, judge_claims
from tests.analysis.figures.conftest import HOSTILE, Check, list_texts
from tests.analysis.scored import contrast_scores
from trial_sets.errors import InputError

ROWS = [
    ForestRow("A3-A4 beat A1-A2", 0.012, 0.006, 0.018, "confirmed"),
    ForestRow("B2 beats B1", -0.001, -0.004, 0.002, "refuted (equivalent)"),
    ForestRow("C1 beats C2", None, None, None, "pending", "C2 seed 1 failed"),
]


def test_rows_stand_in_their_order_from_the_top() -> None:
    axes = plot_forest(ROWS, rope=0.005).axes[0]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == [row.label for row in ROWS]
    bottom, top = axes.get_ylim()
    assert bottom > axes.get_yticks()[-1] > axes.get_yticks()[0] > top


def test_the_band_is_the_region_of_practical_equivalence() -> None:
    axes = plot_forest(ROWS, rope=0.005).axes[0]
    (band,) = (patch for patch in axes.patches if isinstance(patch, Rectangle))
    assert (band.get_x(), band.get_x() + band.get_width()) == pytest.approx((-0.005, 0.005))


def test_an_interval_is_drawn_and_written() -> None:
    figure = plot_forest(ROWS, rope=0.005)
    spans = [list(line.get_xdata()) for line in figure.axes[0].lines]
    assert [0.006, 0.018] in spans
    assert "confirmed\n+0.0120 [+0.0060, +0.0180]" in list_texts(figure)


def test_a_pending_row_is_grey_and_says_why() -> None:
    figure = plot_forest(ROWS, rope=0.005)
    ticks = figure.axes[0].get_yticklabels()
    assert same_color(ticks[2].get_color(), MUTED)
    assert same_color(ticks[0].get_color(), INK)
    assert {"pending", "C2 seed 1 failed"} <= set(list_texts(figure))


def test_a_huge_interval_is_cut_with_an_arrow() -> None:
    rows = [*ROWS, ForestRow("D", 0.0, -1.0, 1.0, "inconclusive")]
    axes = plot_forest(rows, rope=0.005).axes[0]
    low, high = axes.get_xlim()
    assert high < 0.1
    markers = {line.get_marker(): line.get_xdata()[0] for line in axes.lines}
    assert (markers["<"], markers[">"]) == pytest.approx((low, high))


@pytest.mark.parametrize("end", [math.nan, math.inf])
def test_an_interval_that_is_not_known_sets_no_axis(end: float) -> None:
    rows = [ForestRow("D", 0.5, -end, end, "inconclusive")]
    for some in (rows, [*ROWS, *rows]):
        low, high = plot_forest(some, rope=0.02).axes[0].get_xlim()
        assert 0.5 < high == -low < 1


def test_nothing_overlaps_or_leaves_the_canvas(check_canvas: Check, check_overlaps: Check) -> None:
    label = "dropout from 0.4 to 0.5 beats the six-layer control on every tier that there is"
    rows = [*ROWS, ForestRow(label, None, None, None, "pending", label * 3)]
    figure = plot_forest(rows * 4, rope=0.005)
    check_canvas(figure)
    check_overlaps(figure)


@pytest.mark.parametrize("name", HOSTILE)
def test_any_text_is_drawn_as_it_is(check_canvas: Check, name: str) -> None:
    rows = [ForestRow(name, 0.1, None, None, name), ForestRow(name, None, None, None, name, name)]
    check_canvas(plot_forest(rows, rope=0, metric_label=name))


def test_a_row_is_made_from_a_judgement() -> None:
    labels, scores = [0, 1] * 30, [[[0.1, 0.9] * 30] * 2]
    contrast = contrast_scores(labels, scores, scores, horizon_rows=1)
    test = ClaimTest(infer_difference(contrast), rope=0.01, n_seeds=2)
    gone = Missing(("A3 failed", "A4 ran"))
    identical, missing = judge_claims([test, gone], [Dating("fixed", None, ())] * 2, [1, 1])
    assert make_forest_row("same", identical) == ForestRow(
        "same",
        0,
        0,
        0,
        "refuted (equivalent)",
        "identical: no row and no seed tells the two sides apart",
    )
    assert make_forest_row("gone", missing) == ForestRow(
        "gone", None, None, None, "pending", "A3 failed; A4 ran"
    )
    worse = replace(identical, refutation=Refutation.REVERSED)
    assert make_forest_row("worse", worse).verdict == "refuted (reversed)"


def test_a_forest_needs_a_row() -> None:
    with pytest.raises(InputError, match="at least one claim, got none"):
        plot_forest([], rope=0.005)
