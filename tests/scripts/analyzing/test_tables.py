"""What is printed of a report: headline, checklist, and where it lies."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.report.document import Report, Section
from analysis.statistics.comparisons.inference import infer_difference
from analysis.verdicts.checklist import Case, Checklist, draw_up_checklist
from analysis.verdicts.dating import DatedClaims, Dating
from analysis.verdicts.observation import Observation
from analysis.verdicts.verdict import ClaimTest, Missing
from scripts.analyzing.tables import print_report
from tests.analysis.scored import contrast_scores
from trial_sets.claim import Claim
from trial_sets.task import Metric

LABELS = np.arange(80) % 2


def make_case(observation: Observation | None) -> Case:
    claim = Claim.model_validate({"better": ("A1",), "than": ("A2",), "shows": "S", "then": "T"})
    return Case("A", claim, None, Missing(("A1 was not run",)), observation, ())


def draw_up(case: Case) -> Checklist:
    return draw_up_checklist([case], 0.005, DatedClaims((Dating("fixed", None, ()),)), [None])


def print_checklist(
    checklist: Checklist | None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    html: Path | None = None,
) -> str:
    monkeypatch.setenv("COLUMNS", "120")
    headline = Section("headline", "> - **Of 1 expected outcome.**")
    print_report(Report("A [title]", (headline,), {}, checklist), Path("r.md"), html)
    return capsys.readouterr().out


def test_a_pending_claim_shows_what_was_observed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    checklist = draw_up(make_case(Observation(0.0125, True, 1)))
    said = print_checklist(checklist, capsys, monkeypatch)
    (row,) = [line.split() for line in said.splitlines() if "pending" in line]
    assert row == ["A1", "beats", "A2", "yes", "(+0.0125)", "pending", "-", "-"]


def test_a_claim_about_an_error_shows_gains_in_its_units(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = Metric(name="rmse", direction="minimize")
    case = replace(make_case(Observation(1.5, True, 1)), study_metric=error)
    dated = DatedClaims((Dating("fixed", None, ()),))
    checklist = draw_up_checklist([case], 0.5, dated, [None])
    said = print_checklist(checklist, capsys, monkeypatch)
    assert "gain [95 %]" in said
    assert "yes (+1.50)" in said


def test_a_claim_without_results_was_not_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = print_checklist(draw_up(make_case(None)), capsys, monkeypatch)
    assert "A1 beats A2   not run    pending" in said


def test_a_judged_claim_shows_its_estimate_and_p_value(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All rows rank alike with one side and are tied with the other: there is no error."""
    perfect = np.broadcast_to(LABELS, (1, 2, 80))
    contrast = contrast_scores(LABELS, perfect, np.zeros((1, 2, 80)), horizon_rows=1)
    test = ClaimTest(infer_difference(contrast), rope=0.005, n_seeds=2)
    case = replace(make_case(Observation(-0.5, False, 1)), test=test)
    said = print_checklist(draw_up(case), capsys, monkeypatch)
    (row,) = [line for line in said.splitlines() if "inconclusive" in line]
    assert row.split()[3:] == [
        "no", "(-0.5000)", "inconclusive", "+0.5000", "-"
    ]  # fmt: skip


def test_a_report_without_a_checklist_is_a_headline_and_its_places(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = print_checklist(None, capsys, monkeypatch, Path("r.html"))
    assert [line.strip() for line in said.splitlines() if line.strip()] == [
        "A [title]",
        "• Of 1 expected outcome.",
        "Report: r.md",
        "Report: r.html",
    ]
