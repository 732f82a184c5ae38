"""Looks at a test period: whose days overlap, and which look goes on as which."""

import pytest

from trial_sets.records.looks import HoldoutLook, HoldoutPeriod, LookLedger

PERIOD = {"data": "f" * 8, "name": "spy", "first": "2017-01-03", "last": "2018-12-31"}
LOOK = HoldoutLook(
    **PERIOD, run="spy-01234567", trial="A1", key="k", seeds=(0, 1), started="2026-01-28T12:00:00"
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"first": "2018-12-31", "last": "2019-12-31"}, True),
        ({"first": "2019-01-02", "last": "2019-12-31"}, False),
        ({"data": "e" * 8}, True),  # rows were added: the name still tells
        ({"name": "renamed"}, True),
        ({"data": "e" * 8, "name": "other"}, False),
    ],
)
def test_periods_overlap_when_they_share_days_of_one_series(
    changes: dict[str, str], expected: bool
) -> None:
    other = HoldoutPeriod(**{**PERIOD, **changes})
    assert HoldoutPeriod(**PERIOD).overlaps(other) is other.overlaps(LOOK) is expected


def test_an_interrupted_look_goes_on_only_for_the_same_configuration_of_the_same_run() -> None:
    assert LOOK.same_question(LOOK.model_copy(update={"trial": "other name"}))
    assert not LOOK.same_question(LOOK.model_copy(update={"key": "l"}))
    assert not LOOK.same_question(LOOK.model_copy(update={"run": "spy-11111111"}))


def test_the_ledger_lists_the_looks_at_a_period() -> None:
    elsewhere = LOOK.model_copy(update={"first": "2019-01-02", "last": "2019-12-31"})
    assert LookLedger(looks=(LOOK, elsewhere)).at(HoldoutPeriod(**PERIOD)) == (LOOK,)
