"""The guide's thresholds: 15 points from epoch 5, 10 from 10, 5 from 30, none from 50."""

import pytest

from runner.search.pruners import explain_idle, is_hopeless
from trial_sets.records.search_info import PrunerName


@pytest.mark.parametrize(
    ("epoch", "value", "is_bad"),
    [
        (4, 0.10, False),
        (5, 0.64, True), (5, 0.66, False), (9, 0.64, True),
        (10, 0.69, True), (10, 0.71, False), (29, 0.71, False),
        (30, 0.74, True), (30, 0.76, False), (49, 0.74, True),
        (50, 0.10, False), (80, 0.10, False),
    ],
)  # fmt: skip
def test_a_share_is_held_against_points_below_the_best(
    epoch: int, value: float, is_bad: bool
) -> None:
    assert is_hopeless(epoch, value, 0.80, 1, is_share=True) == is_bad
    assert is_hopeless(epoch, 1 - value, 0.20, -1, is_share=True) == is_bad


def test_another_metric_is_held_against_a_share_of_the_best() -> None:
    assert is_hopeless(5, 231.0, 200.0, -1, is_share=False)
    assert not is_hopeless(5, 229.0, 200.0, -1, is_share=False)
    assert is_hopeless(30, -1.2, -1.0, 1, is_share=False)


def test_without_a_complete_trial_nothing_is_hopeless() -> None:
    assert not is_hopeless(30, 0.0, None, 1, is_share=True)


@pytest.mark.parametrize(
    ("name", "epochs", "is_idle"),
    [("median", 10, True), ("median", 11, False), ("guide", 5, True), ("guide", 6, False),
     ("hyperband", 2, False), ("none", 1, False), ("median", None, False)],
)  # fmt: skip
def test_a_pruner_that_no_fit_is_long_enough_for_is_said_to_be_idle(
    name: PrunerName, epochs: int | None, is_idle: bool
) -> None:
    assert (explain_idle(name, epochs) is not None) == is_idle
