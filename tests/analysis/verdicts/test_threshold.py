"""A claim that was stopped is held to what its look held it to."""

from dataclasses import replace

import pytest

from analysis.verdicts.dating import Dating, Look
from analysis.verdicts.verdict import Verdict
from tests.analysis.verdicts.test_verdict import FIXED, judge, make_contrast
from trial_sets.records.claim_lines import StopLine
from trial_sets.records.looks import HoldoutPeriod


def stop_at(
    verdict: str, *, n_seeds: int = 4, p_holm: float | None = 0.02, threshold: float = 0.01
) -> Dating:
    """Return the dating of a claim that was stopped at a look of the usual plan."""
    stop = StopLine.model_validate(
        {
            "time": "2026-01-28T13:00:00+00:00", "study": "tiny", "run": "run", "digest": "1" * 64,
            "question": "2" * 64, "seeds": tuple(range(n_seeds)), "evidence": "0" * 64,
            "rows": HoldoutPeriod(data="f" * 64, name="d", first="2015-01-02", last="2016-12-30"),
            "plan": (2, 4, 7, 10), "verdict": verdict, "p_holm": p_holm, "threshold": threshold,
            "is_planned": True, "design": 0.02,
        }
    )  # fmt: skip
    look = Look("run", stop.seeds, 1, stop.evidence)
    return replace(FIXED, plan=(2, 4, 7, 10), looks=(look,), stop=stop)


def test_a_stopped_claim_keeps_the_p_of_its_look_whatever_its_family_comes_to() -> None:
    contrast = make_contrast(0.04, 0.01, n_seeds=4)  # p = 0.0007
    family = [make_contrast(0.0, 0.01)] * 20
    stopped = stop_at("confirmed", p_holm=0.004)
    found, *_ = judge(contrast, *family, datings=[stopped, *[FIXED] * 20], look=2)
    assert (found.verdict, found.p_holm, found.reasons) == (Verdict.CONFIRMED, 0.004, ())
    assert (found.threshold, found.is_planned) == (0.01, True)


def test_an_adjusted_p_is_never_below_that_of_the_claim_alone() -> None:
    contrast = make_contrast(0.04, 0.012, n_seeds=4)  # p = 0.003
    (found,) = judge(contrast, datings=[stop_at("confirmed", p_holm=1e-9, threshold=0.001)])
    assert found.p_holm == pytest.approx(contrast.p_value)
    assert found.verdict is Verdict.INCONCLUSIVE
    said = "confirmed at look 2 of 4 (4 seeds), which its results do not bear out now"
    assert found.reasons[0] == said


def test_a_claim_that_was_stopped_for_futility_is_inconclusive_and_says_so() -> None:
    (found,) = judge(make_contrast(0.004, 0.01, n_seeds=4), datings=[stop_at("futile")])
    assert (found.verdict, found.refutation) == (Verdict.INCONCLUSIVE, None)
    assert found.reasons[0] == "stopped for futility at look 2 of 4 (4 seeds)"


def test_what_was_open_at_the_last_look_is_undecided() -> None:
    (found,) = judge(
        make_contrast(0.01, 0.01, n_seeds=10), datings=[stop_at("undecided", n_seeds=10)]
    )
    assert found.reasons[0] == "undecided at look 4 of 4 (10 seeds)"
