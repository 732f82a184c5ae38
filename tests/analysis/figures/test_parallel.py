import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from analysis.figures.parallel import plot_parallel
from analysis.figures.style import FAINT
from tests.analysis.conftest import MakeTrials
from tests.analysis.figures.conftest import HOSTILE, Check, list_texts
from trial_sets.errors import InputError


def get_lines(figure: Figure) -> tuple[LineCollection, LineCollection]:
    rest, top = (c for c in figure.axes[0].collections if isinstance(c, LineCollection))
    return rest, top


def test_a_fifth_is_coloured_and_the_rest_is_grey(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=np.arange(10), params={"a": np.arange(10), "b": [1, 2] * 5})
    rest, top = get_lines(plot_parallel(frame))
    assert (len(rest.get_segments()), len(top.get_segments())) == (8, 2)
    assert np.allclose(rest.get_colors(), to_rgba(FAINT))
    lightness = np.asarray(top.get_colors())[:, :3].sum(axis=1)
    heights = [segment[-1, 1] for segment in top.get_segments()]
    assert heights[1] > heights[0]
    assert lightness[1] < lightness[0]


def test_the_better_end_of_the_metric_is_on_top(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2, 3], params={"a": [1, 2, 3]}, direction="minimize")
    _, top = get_lines(plot_parallel(frame))
    assert top.get_segments()[0][-1, 1] == 1


def test_learning_rates_stand_by_their_logarithm(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2, 3], params={"learning_rate": [1e-5, 1e-4, 1e-3]})
    rest, top = get_lines(plot_parallel(frame))
    heights = [segment[0, 1] for lines in (rest, top) for segment in lines.get_segments()]
    np.testing.assert_allclose(heights, [0, 0.5, 1], atol=0.013)
    assert {"1e-5", "1e-4", "1e-3"} <= set(list_texts(plot_parallel(frame)))


def test_a_continuous_axis_has_round_ticks_and_zero(make_trials: MakeTrials) -> None:
    values = [0.0, *np.geomspace(1e-6, 1e-2, 40)]
    figure = plot_parallel(make_trials(metric=values, params={"weight_decay": values}))
    assert {"0.0", "1e-6"} <= set(list_texts(figure))


def test_a_line_breaks_where_a_hyperparameter_is_not_set(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2, 3], params={"a": [1, 2, 3], "b": ["x", None, "y"]})
    rest, _ = get_lines(plot_parallel(frame, n_top=1))
    has_gap = [bool(np.isnan(path.vertices).any()) for path in rest.get_paths()]
    assert has_gap == [False, True]


def test_what_is_left_out_is_said(make_trials: MakeTrials) -> None:
    params = {f"p{n}": np.arange(4) for n in range(12)}
    title = plot_parallel(make_trials(metric=np.arange(4), params=params)).axes[0].get_title("left")
    assert title == ("top 1 of 4 trials coloured, the best darkest (2 hyperparameters not shown)")


def test_nothing_overlaps_or_leaves_the_canvas(
    make_trials: MakeTrials, check_canvas: Check, check_overlaps: Check, rng: np.random.Generator
) -> None:
    params = {
        "learning_rate": rng.choice([1e-5, 5e-5, 1e-4, 5e-4], 150),
        "weight_decay": rng.choice([0, 1e-5, 1e-4, 1e-3], 150),
        "d_model": rng.choice([32, 48, 64, 80, 96, 128, 160, 192, 256, 320, 384], 150),
        "n_layers": rng.integers(2, 13, 150),
        "dropout": rng.uniform(0, 0.7, 150),
        "positive_class_weight": rng.uniform(1, 5, 150),
    }
    figure = plot_parallel(make_trials(metric=rng.normal(0.7, 0.01, 150), params=params))
    check_canvas(figure)
    check_overlaps(figure)


def test_any_name_is_drawn_as_it_is(make_trials: MakeTrials, check_canvas: Check) -> None:
    params = dict.fromkeys(HOSTILE, HOSTILE)
    check_canvas(plot_parallel(make_trials(metric=np.arange(len(HOSTILE)), params=params)))


def test_one_trial_and_equal_metrics_are_drawn(
    make_trials: MakeTrials, check_canvas: Check
) -> None:
    check_canvas(plot_parallel(make_trials(metric=[0.5], params={"a": [1]}), ["a"]))
    check_canvas(plot_parallel(make_trials(metric=[0.5, 0.5], params={"a": [1, 2]})))
    check_canvas(plot_parallel(make_trials(metric=[1e20, 1e20], params={"a": [1, 2]})))


def test_hyperparameters_must_vary_and_be_known(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2], params={"a": [1, 1]})
    with pytest.raises(InputError, match="got none that varies"):
        plot_parallel(frame)
    with pytest.raises(InputError, match="got unknown b"):
        plot_parallel(frame, ["b"])
