from dataclasses import replace

import numpy as np
import pytest

from analysis.report.sections.searches.regret import render_regret, render_stops
from analysis.report.yardstick import Yardstick
from analysis.searches.order import SearchOrder
from analysis.searches.stops import StopBesideChance
from analysis.statistics.effects.regret import measure_order_trend, trace_regret
from trial_sets.records.search_info import SearchStop
from trial_sets.task import Metric


def make_order(gains: np.ndarray, sign: int = 1) -> SearchOrder:
    return SearchOrder(
        tuple(range(len(gains))),
        tuple((sign * gains).tolist()),
        trace_regret(gains),
        measure_order_trend(gains),
        sign,
    )


def test_a_search_that_improves_has_its_good_trials_late() -> None:
    text = render_regret(make_order(np.linspace(0.1, 0.9, 40)), Yardstick())
    assert "The curve lies below the band at " in text
    assert "as where a sampler learns" in text
    assert "Later trials are better than earlier ones" in text


def test_a_search_that_began_well_has_them_early() -> None:
    text = render_regret(make_order(np.linspace(0.9, 0.1, 100)), Yardstick())
    assert "The curve lies above the band at " in text
    assert "Later trials are worse than earlier ones" in text


def test_an_order_by_chance_is_called_so(rng: np.random.Generator) -> None:
    text = render_regret(make_order(rng.uniform(size=40)), Yardstick())
    assert "The curve is one that a random order gives, too." in text


def test_a_loss_is_shown_as_it_is() -> None:
    yardstick = Yardstick(Metric(name="rmse", direction="minimize"), 2)
    text = render_regret(make_order(-np.array([3.0, 2.0, 4.0, 1.0, 2.5]), -1), yardstick)
    assert "3.00 |     2.00 |" in text  # first, and two above the best
    assert "1.00 to 4.00" in text


def test_equal_results_have_no_trend() -> None:
    text = render_regret(make_order(np.full(8, 0.5)), Yardstick())
    assert "All values are equal, or too few: no trend" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"chance": 0.5, "place": 31}, "is met by then in 50.0% of searches, and the best comes by "
                                       "the 31st of 60 in 51.7%, which chance does too."),
        ({"chance": 0.5, "place": 2}, "2nd of 60 in 3.3%, which chance hardly does."),
        ({"expected_gain": 0.001}, "in a random order gain 0.0010 a trial there, on average."),
        ({}, "hours=2 after 60 ended trials: it was time."),
    ],
)  # fmt: skip
def test_a_stop_stands_beside_what_chance_gives(changes: dict[str, float], said: str) -> None:
    stop = SearchStop(rule="hours=2", n_ended=60, at="2026-01-01", sentence="it was time")
    found = replace(StopBesideChance(stop, 60), **changes)  # type: ignore[arg-type]
    assert said in render_stops((found,), Yardstick())
