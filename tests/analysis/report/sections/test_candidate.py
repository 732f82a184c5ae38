"""The candidate as Markdown."""

from dataclasses import replace

import pytest

from analysis.report.sections.candidate import describe_best_baseline, render_candidate
from analysis.runs.run import Run
from analysis.verdicts.candidate import Candidate, HoldoutResult, Rival, weigh_candidate
from trial_sets.records.looks import HoldoutLook

LOOK = HoldoutLook(
    run="data-00000000", trial="A1", key="k", data="f" * 64, name="data", first="2015-01-02",
    last="2016-12-30", seeds=(0, 1), started="2026-01-29T12:00:00+00:00", finished="2026-01-30",
)  # fmt: skip


@pytest.fixture
def candidate(run: Run) -> Candidate:
    return weigh_candidate(run)


def test_the_best_stands_first_alone_in_its_set_and_is_a_candidate(candidate: Candidate) -> None:
    text = render_candidate(candidate, "run_supplementary --evaluate-test A1")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert rows[1].split("|")[1].strip() == "A1"
    assert [row.split("|")[3].strip() for row in rows[1:4]] == ["yes", "no", "no"]
    assert "Means over 2 seeds. 1 of 3 configurations cannot be told from the best one." in text
    assert "**A1 is a candidate; only the test period can make it a champion.**" in text
    assert "The one look: `run_supplementary --evaluate-test A1`." in text


def test_a_run_without_predictions_has_nothing_to_compare(candidate: Candidate) -> None:
    bare = replace(candidate, against=None, maximum=None, confidence_set=None, names=(), rivals=())
    assert render_candidate(bare, None).split("\n\n") == [
        "No trial has predictions, so that none can be compared with another.",
        "No set has been run together with its control, so that there is no candidate.",
        "No baseline was run on these rows.",
        "The test period has not been looked at.",
    ]


@pytest.mark.parametrize(
    ("ahead", "start"),
    [
        (-0.05, "The best baseline, gradient boosting, has "),
        (0.05, "**Gradient boosting on the same rows stands above all 3 trained "),
        (0.0, "**Gradient boosting on the same rows equals the best of all 3 trained "),
    ],
)
def test_a_baseline_is_named_plainly_on_either_side(
    candidate: Candidate, ahead: float, start: str
) -> None:
    assert candidate.maximum is not None
    rival = Rival("boosting", candidate.maximum.maximum + ahead, None)
    assert describe_best_baseline(replace(candidate, rivals=(rival,))).startswith(start)


@pytest.mark.parametrize(("high", "verb"), [(-0.01, "beats"), (0.01, "stands above")])
def test_a_baseline_beats_beyond_the_error_alone(
    candidate: Candidate, high: float, verb: str
) -> None:
    """The contrast is the best trial less the baseline."""
    assert candidate.maximum is not None
    known = candidate.rivals[0].contrast
    assert known is not None
    contrast = replace(known, estimate=-0.05, low=-0.09, high=high)
    rival = Rival("boosting", candidate.maximum.maximum + 0.05, contrast)
    text = describe_best_baseline(replace(candidate, rivals=(rival,)))
    assert f" on the same rows {verb} all 3 trained configurations: " in text
    assert ("within the error" in text) == (verb != "beats")


def test_looks_at_the_test_period_are_counted_and_what_they_saw_is_shown(
    candidate: Candidate,
) -> None:
    seen = HoldoutResult("A1", 0.71, "K", 0.7, None, 2)
    looks = (LOOK, LOOK.model_copy(update={"trial": "A2", "finished": None}))
    text = render_candidate(replace(candidate, tests=(seen,), looks=looks), None)
    assert "The test period was looked at 2 times (for A1 and A2)." in text
    assert "Each look after the first is no longer a test. One look was interrupted" in text
    last = [cell.strip() for cell in text.splitlines()[-1].split("|")[1:-1]]
    assert last == ["A1", "2", "0.7100", "0.7000", "-"]


def test_baselines_stand_beside_a_look_at_the_test_rows(candidate: Candidate) -> None:
    rivals = (Rival("logistic", 0.73, candidate.rivals[0].contrast), Rival("boosting", 0.6, None))
    seen = HoldoutResult("A1", 0.71, "K", 0.7, None, 2, rivals)
    text = render_candidate(replace(candidate, tests=(seen,), looks=(LOOK,)), None)
    head, _, *rows = text.split("\n\n")[-1].splitlines()
    assert [cell.strip() for cell in head.split("|")[1:-1]] == [
        "Baseline", "Test AUC", "A1 less baseline [95 %]",
    ]  # fmt: skip
    assert [row.split("|")[1].strip() for row in rows] == [
        "logistic regression", "gradient boosting",
    ]  # fmt: skip


def test_a_candidate_that_was_still_improving_is_trained_longer_first(
    candidate: Candidate,
) -> None:
    text = render_candidate(candidate, "look at it", retraining="train it longer")
    assert "(1) train it and the control longer: `train it longer`; (2) if it" in text
    assert "the one look: `look at it`. In this order: " in text
