from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from analysis.searches.search import Search
from analysis.searches.stops import weigh_stops
from tests.analysis.searched import Told
from trial_sets.records.record import Failure
from trial_sets.records.search_info import SearchStop

MakeSearch = Callable[..., Search]
SCORES = [0.5, 0.6, 0.55, 0.58, 0.52]


def stop(rule: str, n_ended: int) -> SearchStop:
    return SearchStop(rule=rule, n_ended=n_ended, at="2026-01-01T00:00:00+00:00", sentence="so")


def tell(number: int, score: float | None) -> Told:
    values = {"learning_rate": 1e-3, "batch_size": 64, "dropout": round(0.01 * number, 2)}
    failure = Failure(kind="error", message="m") if score is None else None
    return Told(values, score, status="failed" if score is None else "complete", failure=failure)


@pytest.mark.parametrize(
    ("rule", "n_ended", "told"),
    [
        ("no-better=3", 5, (5, 1 / 4 + 1 / 5, 2)),
        ("no-better=3", 6, (6, 37 / 60, 2)),  # the failed one counts
        ("same-best=2", 6, (5, 47 / 60, 2)),  # and here it does not
        ("no-better=3", 3, (3, None, None)),
        ("hours=2", 5, (5, None, None)),
    ],
)
def test_a_rule_is_met_by_chance_as_often_as_random_orders_meet_it(
    make_search: MakeSearch,
    run: Path,
    rule: str,
    n_ended: int,
    told: tuple[int, float | None, int | None],
) -> None:
    trials = [tell(number, score) for number, score in enumerate([*SCORES, None])]
    (found,) = weigh_stops(make_search(*trials, run=run, stops=(stop(rule, n_ended),)))
    n, chance, place = told
    assert (found.n, found.place) == (n, place)
    assert found.chance == (chance if chance is None else pytest.approx(chance, abs=0.04))
    assert found.expected_gain is None


def test_a_repetition_has_ended_and_is_no_further_try(make_search: MakeSearch, run: Path) -> None:
    again = Told(tell(1, 0.6).values, 0.6, status="repeated", said={"fit": "trial-00001"})
    told = [*(tell(number, score) for number, score in enumerate(SCORES)), again]
    found = weigh_stops(
        make_search(*told, run=run, stops=(stop("same-best=2", 6), stop("no-better=3", 6)))
    )
    assert [(one.n, one.place) for one in found] == [(6, 2), (6, 2)]


def test_a_gain_is_that_of_all_orders(make_search: MakeSearch, run: Path) -> None:
    """Of 53 ended trials three come before the window of fifty."""
    rest = [0.4] * 48
    told = [tell(number, score) for number, score in enumerate([*SCORES, *rest])]
    (found,) = weigh_stops(make_search(*told, run=run, stops=(stop("gain=0.001", 53),)))
    values = [*SCORES, *rest]
    pairs = np.array([max(order) for order in permutations(values, 3)])
    assert found.expected_gain == pytest.approx((0.6 - pairs.mean()) / 50)
