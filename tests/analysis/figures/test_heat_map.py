import numpy as np
import pytest
from matplotlib.patches import Rectangle

from analysis.figures.heat_map import plot_pair
from analysis.trends.pair_table import tabulate_pair
from tests.analysis.conftest import MakeTrials
from tests.analysis.figures.conftest import HOSTILE, Check, list_texts
from trial_sets.errors import InputError


def test_cells_show_mean_and_count_and_untried_ones_are_hatched(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.6, 0.8, 0.65], params={"a": [1, 1, 2], "b": [3, 3, 4]})
    figure = plot_pair(tabulate_pair(frame, "a", "b"))
    axes, _bar = figure.axes
    assert {"0.7000\nn 2", "0.6500\nn 1"} <= set(list_texts(figure))
    hatched = [p for p in axes.patches if isinstance(p, Rectangle) and p.get_hatch()]
    assert [tuple(patch.get_center()) for patch in hatched] == [(1, 0), (0, 1)]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["1", "2"]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["3", "4"]


@pytest.mark.parametrize(("direction", "best"), [("maximize", 1), ("minimize", 0)])
def test_the_better_cell_is_darker(make_trials: MakeTrials, direction: str, best: int) -> None:
    frame = make_trials(metric=[0.1, 0.9], params={"a": [1, 2], "b": [1, 1]})
    figure = plot_pair(tabulate_pair(frame, "a", "b"), direction=direction)
    mesh = figure.axes[0].collections[0]
    lightness = mesh.to_rgba(np.array([0.1, 0.9]))[:, :3].sum(axis=1)
    assert lightness.argmin() == best


def test_equal_cells_have_no_colour_bar(make_trials: MakeTrials, check_canvas: Check) -> None:
    frame = make_trials(metric=[0.5, 0.5], params={"a": [1, 2], "b": [1, 2]})
    figure = plot_pair(tabulate_pair(frame, "a", "b"))
    assert len(figure.axes) == 1
    check_canvas(figure)


def test_nothing_overlaps_or_leaves_the_canvas(
    make_trials: MakeTrials, check_canvas: Check, check_overlaps: Check, rng: np.random.Generator
) -> None:
    params = {"d_model": rng.integers(1, 13, 400) * 32, "weight_decay": rng.uniform(0, 1, 400)}
    frame = make_trials(metric=rng.normal(0.7, 0.01, 400), params=params)
    for pair in (("d_model", "weight_decay"), ("weight_decay", "d_model")):
        figure = plot_pair(tabulate_pair(frame, *pair))
        check_canvas(figure)
        check_overlaps(figure)


def test_any_name_is_drawn_as_it_is(make_trials: MakeTrials, check_canvas: Check) -> None:
    params = {HOSTILE[0]: HOSTILE, HOSTILE[-1]: HOSTILE[::-1]}
    frame = make_trials(metric=np.arange(len(HOSTILE)), params=params)
    check_canvas(plot_pair(tabulate_pair(frame, *params)))


def test_a_heat_map_needs_a_cell(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.5, 0.6], params={"a": [1, np.nan], "b": [np.nan, 1]})
    with pytest.raises(InputError, match="no trial sets both a and b"):
        plot_pair(tabulate_pair(frame, "a", "b"))
