"""What a range test of the learning rate tells a person."""

import pytest

from scripts.searching.rate_test import ANY_RATE, RATE, describe_test, pick_points
from tests.runner.conftest import PROVENANCE, configuration
from trial_sets.records.range_test import RangeTestRecord, SuggestedRates
from trial_sets.space import Dimension, SearchSpace

RATES = tuple(10 ** (n / 10 - 7) for n in range(60))
OTHER = SearchSpace(dimensions={"dropout": Dimension(type="float", low=0.0, high=0.5)})
FOUND = SuggestedRates(low=1.234e-4, high=0.0131, steepest=1e-3)


def make(suggestion: SuggestedRates | None = FOUND) -> RangeTestRecord:
    one = configuration()
    losses = tuple(1 / (1 + rate) for rate in RATES)
    return RangeTestRecord(
        run="run", configuration=one, key=one.key, seed=3, rates=RATES, losses=losses,
        smoothed_rates=RATES, smoothed_losses=losses, suggestion=suggestion, seconds=1.0,
        provenance=PROVENANCE,
    )  # fmt: skip


def test_the_entry_of_the_space_is_one_that_a_space_takes() -> None:
    said = list(describe_test(make(), OTHER))
    assert said[1] == (
        'In the space: "learning_rate": {"type": "float", "low": 0.00012, "high": 0.013, '
        '"log": true}'
    )
    assert said[2] == "The space does not vary learning_rate."


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1e-3, 1e-1, "The space varies it from 1e-3 to 0.1."),
        (0.1, 1.0, "The space varies learning_rate from 0.1 to 1, all outside of it."),
    ],
)
def test_the_space_is_held_against_it(low: float, high: float, words: str) -> None:
    searched = Dimension(type="float", low=low, high=high, log=True)
    assert list(describe_test(make(), SearchSpace(dimensions={RATE: searched})))[2] == words


def test_a_study_without_a_space_is_told_how_to_begin_one() -> None:
    assert "no space yet" in list(describe_test(make(), ANY_RATE))[2]


def test_where_nothing_is_suggested_what_is_usual_is_said() -> None:
    said, usual = describe_test(make(None), OTHER)
    assert said.startswith("No learning rate: ")
    assert usual == "What is usual: transformers, 5e-5 to 5e-4, begin at 1e-4."


def test_the_table_holds_a_few_points_from_the_first_to_the_last() -> None:
    shown = [rate for rate, _ in pick_points(make())]
    assert (len(shown), shown[0], shown[-1]) == (12, RATES[0], RATES[-1])
