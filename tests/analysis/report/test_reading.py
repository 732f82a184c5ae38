"""What both kinds of report have in common."""

import json

import pytest

from analysis.report.options import ReportOptions
from analysis.report.reading import (
    assemble_report,
    list_checklist,
    list_reading,
    prepare_evidence,
    read_evidence,
    render_reading,
)
from analysis.runs.run import Run
from analysis.verdicts.run_cases import judge_run
from tests.analysis.conftest import MakeTrials
from trial_sets.errors import InputError


def test_a_filter_keeps_to_some_trials(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.5, 0.6, 0.7], params={"a": [1, 2, 3]})
    evidence = prepare_evidence(frame, ReportOptions(filter_text="a >= 2"), 0.01)
    assert (len(evidence.frame.rows), evidence.rope) == (2, 0.01)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (ReportOptions(filter_text="a > 9"), "'a > 9' leaves none of the 2 trials"),
        (ReportOptions(params=("c",)), "--param c: not a hyperparameter; there are a and b"),
    ],
)
def test_options_that_do_not_fit_the_trials_are_refused(
    make_trials: MakeTrials, options: ReportOptions, message: str
) -> None:
    frame = make_trials(metric=[0.5, 0.6], params={"a": [1, 2], "b": [1, 2]})
    with pytest.raises(InputError, match=message):
        prepare_evidence(frame, options, None)


def test_a_reading_comes_as_sections_and_as_values(make_trials: MakeTrials) -> None:
    params = {"a": [1, 1, 2, 2] * 5}
    frame = make_trials(metric=[0.5, 0.6, 0.7, 0.8] * 5, params=params)
    reading = read_evidence(prepare_evidence(frame, ReportOptions(), None))
    texts = render_reading(reading, (), (), ("run_supplementary --set A",))
    values = list_reading(reading)
    assert list(texts) == ["trends", "findings", "next"]
    assert "`run_supplementary --set A`" in texts["next"]
    assert (values["n_configurations"], values["states"]) == (2, {"complete": 20})
    assert [table["param"] for table in values["trends"]] == ["a"]
    json.dumps(values, allow_nan=False)


def test_a_report_says_its_schema_first_and_the_frames_values_last(
    make_trials: MakeTrials,
) -> None:
    frame = make_trials(metric=[0.5, 0.6], params={"a": [1, 2]})
    reading = read_evidence(prepare_evidence(frame, ReportOptions(), None))
    report = assemble_report("T", {"cost": "C", "health": ""}, reading, None, {"kind": "trials"})
    assert list(report.data)[:3] == ["schema_version", "kind", "metric"]
    assert (report.title, [section.name for section in report.sections]) == ("T", ["cost"])


def test_the_checklist_holds_each_claim_with_its_date_and_advice(run: Run) -> None:
    checklist = judge_run(run)
    values = list_checklist(checklist)
    assert list(values) == ["rows", "rope", "power", "withdrawn", "notes", "uncounted"]
    settled, pending = values["rows"]
    assert (settled["command"], settled["advice"]) == (None, "")
    assert (settled["sentence"], settled["claim"]["better"]) == ("A1 beats A2", ["A1"])
    assert (settled["dating"]["status"], settled["look_number"]) == ("fixed", 1)
    assert [trial["name"] for trial in settled["claiming"]] == ["A1"]
    assert pending["command"] == checklist.rows[1].advice.command
    assert (pending["advice"], pending["judgement"]["verdict"]) == ("completes it", "pending")
