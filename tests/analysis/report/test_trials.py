"""The report on the results of other tools."""

from pathlib import Path

import pytest

from analysis.report.options import ReportOptions
from analysis.report.trials import report_trials
from tests.analysis.conftest import MakeTrials
from tests.analysis.synthetic import claim, make_study
from trial_sets.errors import InputError


def test_without_a_study_there_is_no_checklist(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.5, 0.6], params={"a": [1, 2]}, file="a.csv")
    report = report_trials(frame, "a.csv", ReportOptions())
    assert (report.title, report.checklist) == ("Results of a.csv", None)
    assert [section.name for section in report.sections] == [
        "headline", "trends", "findings", "health", "cost", "next", "caveats", "methods",
        "provenance",
    ]  # fmt: skip
    assert list(report.data)[:5] == ["schema_version", "kind", "files", "study", "checklist"]
    assert (report.data["files"], report.data["study"]) == (["a.csv"], None)


def test_a_named_study_is_shown_and_never_judged(tmp_path: Path, make_trials: MakeTrials) -> None:
    make_study(tmp_path / "tiny", [claim("A1 beats A2", ["A1"], ["A2"])])
    frame = make_trials(metric=[0.5, 0.6], params={"dropout": [0.2, 0.3]})
    report = report_trials(frame, "a.csv", ReportOptions(study=str(tmp_path / "tiny")))
    assert report.checklist is not None
    assert report.checklist.count_verdicts() == {"pending": 1}
    assert report.data["study"] == "tiny"
    assert "Of 1 expected outcome: 1 pending." in report.render_section("headline")


def test_figures_are_drawn_where_there_is_a_folder(tmp_path: Path, make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.5, 0.6, 0.7], params={"a": [1, 2, 3]})
    text = report_trials(frame, "a.csv", ReportOptions(), tmp_path).render()
    assert "](figures/slice-a.png)" in text
    assert (tmp_path / "figures" / "slice-a.png").is_file()


def test_results_of_which_none_finished_are_refused(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.5, 0.6], params={"a": [1, 2]}, state=["failed", "pruned"])
    message = r"a.csv: no trial finished with a finite val_auc \(1 failed, 1 pruned\)"
    with pytest.raises(InputError, match=message):
        report_trials(frame, "a.csv", ReportOptions())


def test_a_study_that_does_not_exist_is_refused(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.5, 0.6], params={"a": [1, 2]})
    with pytest.raises(InputError, match="there is no study 'a51'"):
        report_trials(frame, "a.csv", ReportOptions(study="a51"))
