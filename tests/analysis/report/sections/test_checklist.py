"""The checklist as Markdown."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.report.sections.checklist import (
    describe_observation,
    describe_power,
    list_open_points,
    render_checklist,
    write_amount,
    write_interval,
)
from analysis.runs.run import Run
from analysis.statistics.planning.power import BatchPower
from analysis.verdicts.checklist import Checklist
from analysis.verdicts.dating import Look, WithdrawnClaim
from analysis.verdicts.observation import Observation
from analysis.verdicts.run_cases import judge_run
from analysis.verdicts.verdict import Verdict
from tests.analysis.scored import contrast_scores
from tests.analysis.verdicts.test_threshold import stop_at
from trial_sets.claim import Claim


def test_a_row_a_line_and_the_command_that_completes(run: Run) -> None:
    text = render_checklist(judge_run(run), run.info.study, "![x](x.png)")
    head, _, first, second, *_ = text.splitlines()
    assert head.count("|") == first.count("|") == 9
    cells = [cell.strip() for cell in first.split("|")]
    assert (cells[1], cells[3]) == ("A1 beats A2", "**confirmed**")
    assert cells[2].startswith("yes (+0.")
    assert [cell.strip() for cell in second.split("|")[2:7]] == [
        "not run", "pending", "-", "-", "-",
    ]  # fmt: skip
    assert "![x](x.png)" in text
    pending = "- **A3 beats A1** (fixed since 2026-01-28 11:00 UTC): pending: A3 was not run; "
    assert f"{pending}completes it: `run_supplementary" in text


def test_a_study_without_claims_has_no_table(run: Run) -> None:
    empty = Checklist(rows=(), rope=0.005, power=None)
    text = render_checklist(empty, run.info.study)
    assert text == "The study declares no expected outcomes."


def test_what_a_claim_leaves_out_is_said(run: Run) -> None:
    points = [str(point) for point in list_open_points(run.info.study)]
    assert points
    text = render_checklist(judge_run(run), run.info.study)
    assert "What the claims cannot carry" in text


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        (None, "not run"),
        (Observation(0.0033, True, 2), "yes (+0.0033)"),
        (Observation(-0.01, False, 2), "no (-0.0100)"),
    ],
)
def test_an_observation_is_written_with_its_difference(
    run: Run, seen: Observation | None, text: str
) -> None:
    row = judge_run(run).rows[0]
    assert describe_observation(replace(row, case=replace(row.case, observation=seen))) == text


@pytest.mark.parametrize(
    ("told", "amount", "text"),
    [
        ({}, 0.0123, "+0.0123"),
        ({"metric": "seconds", "by": 1}, 12.34, "+12.34"),
        ({"metric": "seconds", "by": 0.1, "ratio": True}, -math.log(0.9), "+10.0 %"),
        ({"metric": "val_accuracy", "by": 0.1, "ratio": True}, math.log(0.9), "-10.0 %"),
    ],
)
def test_an_amount_is_in_the_claims_units(told: dict[str, Any], amount: float, text: str) -> None:
    claim = Claim.model_validate({"better": ("A1",), "than": ("A2",), **told})
    assert write_amount(amount, claim) == text


def test_it_is_said_at_which_look_a_claim_was_decided(run: Run) -> None:
    checklist = judge_run(run)
    row = checklist.rows[0]
    for verdict, said in (
        ("confirmed", "confirmed at look 1 of 4 (2 seeds) (p < 0.001 after Holm; this planned look "
                      "confirms below 0.001)"),
        ("futile", "confirmed (p < 0.001 after Holm; this planned look confirms below 0.001)"),
    ):  # fmt: skip
        stop = stop_at(verdict, n_seeds=2)
        dating = replace(row.dating, plan=(2, 4, 7, 10), stop=stop.stop)
        judged = replace(row.judgement, is_planned=True, threshold=0.001)
        told = replace(row, dating=dating, judgement=judged)
        text = render_checklist(replace(checklist, rows=(told,)), run.info.study)
        assert f"- **A1 beats A2** (fixed since 2026-01-28 11:00 UTC): {said}" in text
        assert (
            "- **Plan of looks**: with 2, 4, 7 and 10 seeds, each of which confirms where p after "
            "Holm is below 0.001, 0.01, 0.03 and 0.04." in text
        )


def test_an_open_claim_says_which_look_of_its_plan_it_is(run: Run) -> None:
    checklist = judge_run(run)
    row = checklist.rows[0]
    judged = replace(row.judgement, is_planned=True, threshold=0.01)
    looked = replace(row, dating=replace(row.dating, plan=(2, 4)), judgement=judged)
    text = render_checklist(replace(checklist, rows=(looked,)), run.info.study)
    assert "after Holm; look 1 of 2 (2 seeds) confirms below 0.01)" in text


def test_a_plan_that_holds_no_more_is_said_to(run: Run) -> None:
    checklist = judge_run(run)
    row = checklist.rows[0]
    strayed = replace(row, dating=replace(row.dating, plan=(2, 4)))
    assert not strayed.judgement.is_planned
    text = render_checklist(replace(checklist, rows=(strayed,)), run.info.study)
    assert (
        "- **Plan of looks**: with 2 and 4 seeds, does not hold for 1 claim looked at beside it, "
        "with other seeds or in another run: p is multiplied by the looks, and confirms below "
        "0.05." in text
    )
    assert "each of which confirms" not in text


def test_dates_looks_and_withdrawn_claims_are_said(run: Run) -> None:
    checklist = judge_run(run)
    row = checklist.rows[0]
    late = replace(
        row,
        judgement=replace(
            row.judgement,
            verdict=Verdict.POST_HOC,
            reasons=("first seen after A1 had been scored (run r, 2026-01-28 12:00 UTC)",),
        ),
        dating=replace(row.dating, status="post hoc"),
    )
    gone = WithdrawnClaim("A4 beats A1", "2026-01-28T11:00:00+00:00")
    looked = replace(row.dating, looks=(Look("r", (0, 1), 1, "0" * 64),))
    rows = (late, replace(row, dating=looked))
    told = replace(checklist, rows=rows, withdrawn=(gone,), notes=("4 claims of others_ too",))
    text = render_checklist(told, run.info.study)
    assert "| post hoc (otherwise confirmed) |" in text
    assert "first seen after A1 had been scored" in text
    assert "after Holm and as look 2 at it" in text
    assert "fixed since 2026-01-28 11:00 UTC" in text
    assert "- **Withdrawn**: A4 beats A1. It was fixed on 2026-01-28 11:00 UTC" in text
    assert "\n- 4 claims of others\\_ too.\n" in text


def test_intervals_without_an_error_are_not_written() -> None:
    labels = np.arange(80) % 2
    perfect, constant = np.broadcast_to(labels, (1, 2, 80)), np.zeros((1, 2, 80))
    same = contrast_scores(labels, perfect, perfect, horizon_rows=1)
    apart = contrast_scores(labels, perfect, constant, horizon_rows=1)
    assert (write_interval(same), write_interval(apart)) == ("0 (identical)", "+0.5000")


@pytest.mark.parametrize(
    ("n_contrasts", "is_provisional", "spread", "seeds"),
    [
        (1, False, "0.0200 for the one claim that can be computed", ""),
        (3, True, "0.0200 in the median (0.0100 to 0.0300, 3 claims)",
         "; with one seed the true values are larger"),
    ],
)  # fmt: skip
def test_the_power_is_that_of_one_claim_or_of_several(
    n_contrasts: int, is_provisional: bool, spread: str, seeds: str
) -> None:
    power = BatchPower(0.01, 0.02, 0.03, 0.015, 0.035, 0.04, n_contrasts, 5, is_provisional)
    assert describe_power(power) == (
        "Smallest difference of AUC that this batch could have detected (80 % power): "
        f"{spread}, 0.0400 where it has to pass Holm's first step among 5; for 0.0200 it may be "
        f"0.0150 to 0.0350, as well as the error itself is known{seeds}."
    )
    assert describe_power(None) == ""
