"""The method keeps, through the product's own functions, what it is known to come to.

`pytest -m slow -rP tests/analysis/simulation` shows the figures; `python -m
tests.analysis.simulation.coverage` prints them as a table.
"""

import numpy as np
import pytest

from tests.analysis.simulation.cases import CASES, CHAMPION, EVERY, LOOKS, Case
from tests.analysis.simulation.measure import (
    measure_champion,
    measure_claims,
    measure_every,
    measure_looks,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
N_BATCHES = 4000


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_intervals_cover_and_false_claims_stay_unconfirmed(case: Case) -> None:
    first, second = measure_claims(case.process, case.n_batches)
    print(f"first {first.coverage} / {first.false}, second {second.coverage} / {second.false}")
    assert second.coverage.value > first.coverage.value
    if case.stated is None:
        assert second.coverage.value > 0.95
        assert second.false.value < 0.025
        return
    coverage, false = case.stated[2:]
    allowed = [
        2 * np.hypot(found.error, find_error(stated, case.n_batches))
        for found, stated in ((second.coverage, coverage), (second.false, false))
    ]
    assert second.coverage.value > coverage - allowed[0]
    assert second.false.value < false + allowed[1]


def find_error(share: float, n_batches: int) -> float:
    """Monte Carlo error of a stated share, a batch counted once however many claims it holds."""
    return float(np.sqrt(share * (1 - share) / n_batches))


@pytest.mark.parametrize("name", EVERY)
def test_a_conjunction_is_not_confirmed_by_its_easier_part(name: str) -> None:
    by_mean, by_every = measure_every(EVERY[name], N_BATCHES)
    print(f"by the mean {by_mean}, by every one {by_every}")
    assert by_every.value < 0.02
    assert by_mean.value > by_every.value


@pytest.mark.parametrize("name", CHAMPION)
def test_no_champion_where_all_are_equal(name: str) -> None:
    first, second, left_out = measure_champion(CHAMPION[name], N_BATCHES)
    print(f"first {first}, second {second}, control out of the confidence set {left_out}")
    most = 0.07 if "drifts" in name else 0.05
    assert second.value < most
    assert left_out.value < most


@pytest.mark.parametrize("name", LOOKS)
def test_looking_after_each_seed_confirms_no_more_than_one_look(name: str) -> None:
    plain, charged, planned = measure_looks(LOOKS[name], N_BATCHES)
    print(f"uncharged {plain}, charged {charged}, by the usual plan {planned}")
    most = 0.04 if "drifts" in name else 0.03
    assert charged.value < most
    assert planned.value < most
