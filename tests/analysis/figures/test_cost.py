import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from analysis.figures.cost import find_front, plot_cost
from tests.analysis.conftest import MakeTrials
from tests.analysis.figures.conftest import HOSTILE, Check, list_texts
from trial_sets.errors import InputError


def get_front(figure: Figure) -> list[tuple[float, float]]:
    (line,) = (line for line in figure.axes[0].lines if line.get_label() == "Pareto front")
    return list(zip(line.get_xdata(), line.get_ydata(), strict=True))


def test_the_front_holds_what_no_cheaper_trial_beats() -> None:
    points = pd.DataFrame({"duration_s": [3, 1, 2, 4, 2], "metric": [0.7, 0.5, 0.6, 0.7, 0.4]})
    assert find_front(points, sign=1).index.tolist() == [1, 2, 0]
    assert find_front(points, sign=-1).index.tolist() == [1, 4]


def test_the_front_agrees_with_its_definition(rng: np.random.Generator) -> None:
    points = pd.DataFrame(rng.integers(0, 9, (60, 2)), columns=["duration_s", "metric"])
    front = {tuple(row) for row in find_front(points, sign=1).to_numpy()}
    rows = [tuple(row) for row in points.to_numpy()]
    expected = {
        (time, metric)
        for time, metric in rows
        if not any(t <= time and m >= metric and (t, m) != (time, metric) for t, m in rows)
    }
    assert front == expected


def test_seeds_of_a_trial_are_averaged(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.6, 0.8, 0.5], params={"a": [1, 1, 2]}, seed=[0, 1, 0], duration_s=[10, 20, 5]
    )
    frame.rows["trial"] = ["A1", "A1", "A2"]
    assert get_front(plot_cost(frame)) == [(5, 0.5), (15, pytest.approx(0.7))]


def test_trials_without_a_seed_stand_alone(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.6, 0.8], params={"a": [1, 1]}, duration_s=[10, 20])
    frame.rows["trial"] = "copy"
    assert get_front(plot_cost(frame)) == [(10, 0.6), (20, 0.8)]


def test_the_front_is_named_without_overlap(
    make_trials: MakeTrials, check_canvas: Check, check_overlaps: Check, rng: np.random.Generator
) -> None:
    seconds = rng.uniform(5, 200, 150)
    metric = 0.7 + 0.01 * np.log(seconds) - rng.exponential(0.01, 150)
    figure = plot_cost(make_trials(metric=metric, params={"a": seconds}, duration_s=seconds))
    check_canvas(figure)
    check_overlaps(figure)
    assert figure.axes[0].get_xscale() == "log"
    named = {text for text in list_texts(figure) if text.startswith("T")}
    assert 0 < len(named) <= len(get_front(figure))


def test_names_carry_the_budget_where_there_are_several(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.6, 0.8], params={"a": [1, 2]}, duration_s=[1, 20], budget=["2M", "20M"]
    )
    assert {"2M T0", "20M T1"} <= set(list_texts(plot_cost(frame)))


def test_each_role_has_its_marker(make_trials: MakeTrials) -> None:
    roles = ["trial", "control", "baseline", "trial"]
    frame = make_trials(
        metric=[0.6, 0.7, 0.5, 0.8], params={"a": [1, 2, 3, 4]}, duration_s=[4, 3, 2, 1], role=roles
    )
    figure = plot_cost(frame)
    assert {"trial", "control", "baseline"} <= set(list_texts(figure))
    assert len(figure.axes[0].collections) == 3


def test_any_name_is_drawn_as_it_is(make_trials: MakeTrials, check_canvas: Check) -> None:
    count = np.arange(len(HOSTILE))
    frame = make_trials(metric=-count, params={"a": count}, duration_s=count + 1.0, name="$loss")
    frame.rows["trial"] = HOSTILE
    check_canvas(plot_cost(frame))


def test_time_must_have_been_recorded(make_trials: MakeTrials) -> None:
    with pytest.raises(InputError, match="needs a finished trial with its seconds"):
        plot_cost(make_trials(metric=[0.6], params={"a": [1]}))
