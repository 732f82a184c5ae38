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
    found, *_ = judge(contrast, *family, datings=[stopped, *[FIXED] * 20])
    assert (found.verdict, found.p_holm, found.reasons) == (Verdict.CONFIRMED, 0.004, ())
    assert (found.threshold, found.is_planned) == (0.01, True)


def test_an_adjusted_p_is_never_below_that_of_the_claim_alone() -> None:
    contrast = make_contrast(0.04, 0.017, n_seeds=4)  # p = 0.03
    (found,) = judge(contrast, datings=[stop_at("confirmed", p_holm=1e-9, threshold=1.0)])
    assert found.p_holm == pytest.approx(contrast.p_value)
    assert found.threshold == 0.01  # of the plan's look, whatever the stop says
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


def test_a_look_with_one_seed_is_not_the_plans_and_spends_nothing_of_it() -> None:
    contrast = make_contrast(0.03, 0.01, n_seeds=1)
    looks = (Look("a", (0,), 1, "0" * 64), Look("b", (0, 1), 1, "1" * 64))
    (found,) = judge(contrast, datings=[replace(FIXED, plan=(2, 4), looks=looks, run="a")])
    assert not found.is_planned
    spent = replace(FIXED, plan=(2, 4), looks=(Look("a", (0,), 4, "0" * 64),), run="a")
    assert spent.number_look(looks[1]) == 1
    (found,) = judge(make_contrast(0.03, 0.01, n_seeds=2), datings=[spent])
    assert found.is_planned


def test_looks_in_other_runs_leave_the_plan_and_are_charged_in_full() -> None:
    contrast = make_contrast(0.03, 0.01, n_seeds=4)
    elsewhere = tuple(Look(f"run-{k}", (0, 1), k, f"{k}" * 64) for k in range(1, 7))
    dating = replace(FIXED, plan=(2, 4), looks=elsewhere, run="run")
    (found,) = judge(contrast, datings=[dating], look=7)
    assert (found.is_planned, found.threshold) == (False, 0.05)
    assert found.p_holm == pytest.approx(7 * contrast.p_value)
    here = replace(dating, looks=tuple(replace(look, run="run") for look in elsewhere))
    (found,) = judge(contrast, datings=[here], look=7)
    assert found.p_holm == pytest.approx(4 * contrast.p_value)


def test_what_is_looked_at_elsewhere_later_leaves_a_planned_look_its_level() -> None:
    looks = (Look("run", (0, 1), 1, "0" * 64), Look("other", (0, 1), 3, "1" * 64))
    dating = replace(FIXED, plan=(2, 4), looks=looks, run="run")
    (found,) = judge(make_contrast(0.03, 0.01, n_seeds=2), datings=[dating], look=1)
    assert found.is_planned
