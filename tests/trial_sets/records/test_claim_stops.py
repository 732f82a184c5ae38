"""A stop is in effect until its claim is looked at again."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.trial_sets.records.test_claim_ledger import NOW, ROWS
from trial_sets.records.claim_ledger import ClaimLedger
from trial_sets.records.claim_lines import Line, LookLine, StopLine
from trial_sets.records.claim_stops import describe_stop, find_stop, list_plan, name_look
from trial_sets.records.looks import HoldoutPeriod

SAID: dict[str, Any] = {
    "time": NOW, "study": "tiny", "run": "sp500-1", "digest": "1" * 64, "question": "2" * 64,
    "rows": ROWS, "seeds": (0, 1, 2, 3), "evidence": "3" * 64,
}  # fmt: skip


def look(**said: Any) -> LookLine:
    return LookLine(**{**SAID, **said})


def stop(**said: Any) -> StopLine:
    usual = {
        "plan": (2, 4, 7), "verdict": "futile", "p_holm": 0.4, "threshold": 0.01,
        "is_planned": True, "design": 0.02,
    }  # fmt: skip
    return StopLine(**{**SAID, **usual, **said})


def find(
    *lines: Line, rows: HoldoutPeriod | None = ROWS, run: str | None = None
) -> StopLine | None:
    return find_stop(ClaimLedger(lines, ()), "tiny", "1" * 64, rows, run)


def test_a_stop_behind_its_look_is_in_effect() -> None:
    assert find(look(), stop()) == stop()
    assert find(look(), stop(), look()) == stop()  # the same results, entered by another runner
    assert find(look(), stop(), run="sp500-1", rows=None) == stop()


def test_a_stop_of_something_else_is_not() -> None:
    later = HoldoutPeriod(data="e" * 64, name="other", first="2020-01-02", last="2020-12-30")
    for other in ({"study": "another"}, {"digest": "9" * 64}, {"rows": later}):
        assert find(look(**other), stop(**other)) is None
    assert find(look(), stop(), run="sp500-2") is None


def test_a_stop_without_its_look_is_none() -> None:
    assert find(stop()) is None
    assert find(look(evidence="4" * 64), stop()) is None


def test_a_claim_that_was_looked_at_again_is_open() -> None:
    again = look(evidence="4" * 64, seeds=tuple(range(7)))
    assert find(look(), stop(), again) is None
    assert find(look(), stop(), look(digest="9" * 64, evidence="4" * 64)) == stop()
    last = stop(evidence="4" * 64, seeds=tuple(range(7)), verdict="refuted")
    assert find(look(), stop(), again, last) == last


def test_a_stop_says_at_which_look_it_was() -> None:
    assert describe_stop(stop()) == "stopped for futility at look 2 of 3 (4 seeds)"
    first = stop(seeds=(0, 1), verdict="confirmed")
    assert describe_stop(first) == "confirmed at look 1 of 3 (2 seeds)"
    assert name_look((2, 4, 7), 7) == "look 3 of 3 (7 seeds)"
    assert list_plan((2, 4, 7)) == "2,4,7"


@pytest.mark.parametrize(
    "wrong",
    [{"seeds": (0, 1, 2)}, {"plan": ()}, {"verdict": "true"}, {"p_holm": 2.0}, {"threshold": 0.0}],
)
def test_what_no_look_of_the_plan_came_to_is_no_stop(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        stop(**wrong)
