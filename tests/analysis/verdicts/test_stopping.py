"""When a claim needs no further look."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from analysis.statistics.comparisons.contrast import Contrast
from analysis.statistics.comparisons.inference import (
    Inference,
    infer_difference,
    infer_equivalence,
    infer_every,
)
from analysis.statistics.planning.looks import find_conditional_power
from analysis.verdicts.checklist import Advice, Case, ChecklistRow
from analysis.verdicts.dating import Look
from analysis.verdicts.stopping import LookRule, find_lasting_limits
from analysis.verdicts.verdict import ClaimTest, Missing
from tests.analysis.verdicts.test_verdict import FIXED, judge, make_contrast
from trial_sets.claim import Claim

RULE = LookRule((2, 4, 7, 10), 0.02)


def make_row(test: ClaimTest | Missing, **claim: Any) -> ChecklistRow:
    planned = replace(FIXED, plan=RULE.plan)
    (judgement,) = judge(test, datings=[planned])
    said = Claim.model_validate({"better": ("A",), "than": ("B",), **claim})
    case = Case("A", said, None, test, None, ())
    return ChecklistRow(case, judgement, planned, None, Advice())


def make_test(inference: Inference, *, against: float = 0.0, **more: Any) -> ClaimTest:
    n_seeds = inference.contrasts[0].n_seeds
    return ClaimTest(inference, rope=0.005, n_seeds=n_seeds, against=against, **more)


def differ(estimate: float, error: float = 0.01, n_seeds: int = 4) -> Contrast:
    return replace(make_contrast(estimate, error, n_seeds=n_seeds), variance_seeds=error**2 / 2)


@pytest.mark.parametrize(
    ("estimate", "error", "n_seeds", "stop"),
    [
        (0.08, 0.01, 2, "confirmed"),
        (0.02, 0.01, 2, None),
        (-0.02, 0.01, 2, "refuted"),
        (-0.01, 0.01, 4, "futile"),
        (0.01, 0.01, 4, None),
        (0.02, 0.01, 10, "undecided"),
        (0.03, 0.01, 10, "confirmed"),
    ],
)
def test_a_difference_stops_by_its_verdict_or_for_futility(
    estimate: float, error: float, n_seeds: int, stop: str | None
) -> None:
    row = make_row(make_test(infer_difference(differ(estimate, error, n_seeds))))
    assert RULE.decide(row) == stop


def test_who_wants_to_refute_minds_no_futility() -> None:
    row = make_row(make_test(infer_difference(differ(-0.01))))
    assert replace(RULE, minds_futility=False).decide(row) is None


def test_the_difference_designed_for_decides_what_is_futile() -> None:
    row = make_row(make_test(infer_difference(differ(-0.002))))
    assert [replace(RULE, design=d).decide(row) for d in (0.01, 0.1)] == ["futile", None]


def infer(*estimates: float) -> Sequence[Contrast]:
    return [differ(estimate) for estimate in estimates]


def test_a_conjunction_is_futile_with_its_hardest_part() -> None:
    assert RULE.decide(make_row(make_test(infer_every(infer(0.05, 0.02))))) is None
    assert RULE.decide(make_row(make_test(infer_every(infer(0.05, -0.01))))) == "futile"
    row = make_row(make_test(infer_every(infer(0.05, -0.01))))
    hardest = find_conditional_power(differ(-0.01), last_seeds=10, design=0.02, rope=0.005)
    assert RULE.find_power(row) == hardest


def test_a_margin_moves_what_is_futile_with_it() -> None:
    by = 0.03
    plain, moved = differ(0.001, 0.002), differ(0.001 + by, 0.002)
    tests = [
        make_test(infer_difference(plain)),
        make_test(infer_difference(moved, margin=by), against=by),
    ]
    powers = [RULE.find_power(make_row(test)) for test in tests]
    expected = find_conditional_power(plain, last_seeds=10, design=0.02, rope=0.0)
    assert powers[1] == pytest.approx(expected)
    assert powers[0] is not None
    assert powers[0] < expected  # the plain claim has to reach the ROPE


def test_equality_and_other_metrics_are_never_futile() -> None:
    equal = make_test(infer_equivalence(infer(0.02), 0.01))
    assert RULE.decide(make_row(equal)) is None
    assert RULE.find_power(make_row(equal)) is None
    slow = make_row(make_test(infer_difference(differ(-0.01))), metric="seconds", by=1.0)
    assert RULE.decide(slow) is None


def test_what_limits_a_claim_so_far_stops_nothing() -> None:
    contrast = replace(differ(-0.02, n_seeds=2), seed_df=1)
    row = make_row(make_test(infer_difference(contrast)))
    assert row.judgement.reasons == (
        "two seeds and no third trial: too few to know how much seeds differ",
    )
    assert RULE.decide(row) is None
    assert find_lasting_limits(row) == ()


def test_what_limits_a_claim_for_ever_is_told() -> None:
    contrast = replace(differ(0.02), smallest_class=4)
    row = make_row(make_test(infer_difference(contrast), limits=("rows left out",)))
    said = ("rows left out", "4 rows of the rarer class: fewer than 10")
    assert find_lasting_limits(row) == said


def test_a_pending_claim_is_not_stopped() -> None:
    row = make_row(Missing(("A was not run",)))
    assert (RULE.decide(row), RULE.find_power(row), find_lasting_limits(row)) == (None, None, ())


def test_an_unplanned_claim_has_to_stay_below_what_its_last_look_is_held_to() -> None:
    """Look 2 of 4 by now, so that p is multiplied by four in the end."""
    contrast = differ(0.012)
    row = make_row(make_test(infer_difference(contrast)))
    looks = (Look("run", (0, 1), 1, "0" * 64), Look("run", (0, 1, 2, 3), 1, "1" * 64))
    unplanned = replace(row.dating, plan=None, looks=looks)
    judged = replace(row.judgement, is_planned=False, threshold=0.05)
    charged = replace(row, dating=unplanned, judgement=judged, look=looks[1])
    asked = {"last_seeds": 10, "design": 0.02, "rope": 0.005}
    assert RULE.find_power(row) == find_conditional_power(contrast, **asked, level=0.04)
    assert RULE.find_power(charged) == find_conditional_power(contrast, **asked, level=0.0125)
