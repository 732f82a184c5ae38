import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from analysis.figures.slice_plot import Reference, plot_slice
from analysis.trends.slices import slice_trials
from tests.analysis.conftest import MakeTrials
from tests.analysis.figures.conftest import HOSTILE, Check, list_texts

DECAYS = [0.0, 1e-5, 1e-4, 1e-3]


def plot(make_trials: MakeTrials, name: str, values: object, *references: Reference) -> Figure:
    count = len(values)  # type: ignore[arg-type]
    metric = 0.7 + 0.01 * np.sin(np.arange(count))
    frame = make_trials(metric=metric, params={name: values, "other": np.arange(count)})
    return plot_slice(slice_trials(frame, name), references=references)


def get_ticks(figure: Figure) -> list[str]:
    return [tick.get_text() for tick in figure.axes[0].get_xticklabels()]


def test_zero_is_its_own_tick_on_a_logarithmic_axis(make_trials: MakeTrials) -> None:
    axes = plot(make_trials, "weight_decay", DECAYS * 5).axes[0]
    assert axes.get_xscale() == "symlog"
    assert axes.get_xticks().tolist() == DECAYS
    places = axes.transData.transform([(value, 0.7) for value in DECAYS])[:, 0]
    gaps = np.diff(places)
    assert gaps[1] == pytest.approx(gaps[2])
    assert 0 < gaps[0] < gaps[1]


def test_values_stand_in_numeric_order_with_their_counts(make_trials: MakeTrials) -> None:
    figure = plot(make_trials, "learning_rate", [1e-4, 5e-5, 1e-3, 1e-4])
    assert figure.axes[0].get_xscale() == "log"
    assert get_ticks(figure) == ["5e-5\nn = 1", "1e-4\nn = 2", "1e-3\nn = 1"]


def test_values_too_close_to_tell_apart_stand_side_by_side(make_trials: MakeTrials) -> None:
    figure = plot(make_trials, "learning_rate", [1e-5, 1.01e-5, 1e-2] * 4)
    assert figure.axes[0].get_xticks().tolist() == [0, 1, 2]
    assert [tick.split("\n")[0] for tick in get_ticks(figure)] == ["1e-5", "1.01e-5", "0.01"]


def test_text_stands_side_by_side_in_alphabetical_order(make_trials: MakeTrials) -> None:
    figure = plot(make_trials, "optimizer", ["sgd", "adam", "sgd"])
    assert get_ticks(figure) == ["adam\nn = 1", "sgd\nn = 2"]


def test_a_point_stands_for_each_trial_near_its_value(make_trials: MakeTrials) -> None:
    axes = plot(make_trials, "dropout", [0.1, 0.3, 0.3, 0.5]).axes[0]
    (points,) = (c for c in axes.collections if isinstance(c, PathCollection))
    offsets = np.asarray(points.get_offsets())
    np.testing.assert_allclose(offsets[:, 0], [0.1, 0.3, 0.3, 0.5], atol=0.006)
    np.testing.assert_allclose(offsets[:, 1], 0.7 + 0.01 * np.sin(np.arange(4)))


def test_near_references_are_lines_and_a_far_one_is_an_arrow(make_trials: MakeTrials) -> None:
    references = [Reference("T5", 0.705), Reference("chance", 0.5), Reference("gap", np.nan)]
    figure = plot(make_trials, "dropout", [0.1, 0.3, 0.5] * 3, *references)
    axes = figure.axes[0]
    assert axes.get_ylim()[0] > 0.6
    heights = [line.get_ydata()[0] for line in axes.lines if len(set(line.get_ydata())) == 1]
    assert heights.count(0.705) == 1
    assert 0.5 not in heights
    assert {"T5 0.7050", "↓ chance 0.5000"} <= set(list_texts(figure))


def test_nothing_overlaps_or_leaves_the_canvas(
    make_trials: MakeTrials, check_canvas: Check, check_overlaps: Check
) -> None:
    references = [Reference(f"baseline-{n}", 0.70 + n * 1e-4) for n in range(5)]
    figure = plot(make_trials, "weight_decay", DECAYS * 10, *references)
    check_canvas(figure)
    check_overlaps(figure)


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_drawn_as_it_is(
    make_trials: MakeTrials, check_canvas: Check, name: str
) -> None:
    figure = plot(make_trials, name, [name, "plain"], Reference(name, 0.7))
    check_canvas(figure)
    assert not any(text.get_parse_math() for text in figure.axes[0].texts)


@pytest.mark.parametrize(
    "values", [[1.0], ["x"], list(np.linspace(1, 2, 12)), list(np.geomspace(1e-5, 1, 40))]
)
def test_any_number_of_values_fits(
    make_trials: MakeTrials, check_canvas: Check, values: list[object]
) -> None:
    check_canvas(plot(make_trials, "a", values))


def test_equal_and_negative_metrics_are_drawn(make_trials: MakeTrials, check_canvas: Check) -> None:
    for metric in ([0.5] * 4, [-3e5, -2e5, -1e5, -9e4]):
        frame = make_trials(metric=metric, params={"a": [1, 1, 2, 2]}, direction="minimize")
        figure = plot_slice(slice_trials(frame, "a"))
        check_canvas(figure)
        low, high = figure.axes[0].get_ylim()
        assert low < min(metric) <= max(metric) < high
