"""The manual protocol as points of a space."""

import pytest

from runner.errors import RunError
from runner.search.sampling.protocol import ManualProtocol, find_rate
from trial_sets.configuration import OptionValue
from trial_sets.space import Dimension, SearchSpace, SpaceValues

FREE = Dimension(type="float", low=0.05, high=1.0, log=True)
STEPPED = Dimension(type="float", low=0.1, high=1.0, step=0.1)
CHOICES = Dimension(type="float", choices=(0.1, 0.75, 1.0))


def propose(rate: Dimension, default: SpaceValues | None, start: float | None) -> SpaceValues:
    protocol = ManualProtocol(
        SearchSpace(dimensions={"learning_rate": rate}), default, start, 1, lambda trial: None
    )
    point = protocol.propose(0, [])
    assert point is not None
    return point.values


@pytest.mark.parametrize("base", [0.8, 0.1, 0.3, 0.7])
@pytest.mark.parametrize("rate", [FREE, STEPPED])
def test_it_begins_with_the_bases_rate_to_the_last_digit(rate: Dimension, base: float) -> None:
    assert propose(rate, {"learning_rate": base}, None) == {"learning_rate": base}


@pytest.mark.parametrize(
    ("rate", "start", "settled"),
    [(FREE, 0.0123, 0.05), (FREE, 0.23, 0.23), (STEPPED, 0.23, 0.2), (CHOICES, 0.23, 0.1)],
)
def test_a_suggested_rate_becomes_one_of_the_space(
    rate: Dimension, start: float, settled: OptionValue
) -> None:
    assert propose(rate, None, start) == {"learning_rate": settled}


@pytest.mark.parametrize(
    "others",
    [
        {"optimizer": Dimension(type="str", choices=("adam", "sgd"))},
        {"learning_rate": Dimension(type="str", choices=("small", "large"))},
        {"learning_rate": Dimension(type="float", choices=(0.0, 0.1))},
    ],
)
def test_a_space_without_a_learning_rate_of_numbers_is_refused(
    others: dict[str, Dimension],
) -> None:
    with pytest.raises(RunError, match="the space has no dimension learning_rate"):
        find_rate(SearchSpace(dimensions=others))
