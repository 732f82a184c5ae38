"""The box at the top of a report."""

from dataclasses import replace

import pytest

from analysis.findings.evidence import gather_evidence
from analysis.report.sections.headline import (
    describe_verdicts,
    make_box,
    render_run_headline,
    render_trials_headline,
)
from analysis.runs.run import Run
from analysis.verdicts.candidate import weigh_candidate
from analysis.verdicts.run_cases import judge_run
from tests.analysis.conftest import MakeTrials
from tests.analysis.verdicts.test_threshold import stop_at


def test_a_run_is_its_verdicts_its_best_trial_and_its_power(run: Run) -> None:
    checklist, candidate = judge_run(run), weigh_candidate(run)
    lines = render_run_headline(run, checklist, candidate).splitlines()
    assert lines[0] == "> - **Of 2 expected outcomes: 1 confirmed and 1 pending.**"
    positives = run.info.data.splits["validation"].positives
    assert lines[1].startswith("> - Best trial: A1, validation AUC 0.")
    assert lines[1].endswith(
        f" on 600 validation rows, {positives} positive; 3 configurations, 2 seeds."
    )
    assert lines[2].startswith("> - The best baseline, logistic regression, has ")
    assert lines[3].startswith("> - Smallest difference of AUC that this batch could have ")
    assert len(lines) == 4


def test_the_box_says_at_which_look_claims_were_decided(run: Run) -> None:
    checklist = judge_run(run)
    first, second = checklist.rows
    rows = (
        replace(first, dating=stop_at("confirmed", n_seeds=2)),
        replace(second, dating=stop_at("futile")),
        replace(second, dating=stop_at("futile")),
    )
    lines = render_run_headline(run, replace(checklist, rows=rows), weigh_candidate(run))
    assert (
        "1 claim confirmed at look 1 of 4 (2 seeds) and 2 claims stopped for futility at look 2 of "
        "4 (4 seeds)." in lines
    )


def test_the_example_says_that_it_is_one(run: Run) -> None:
    study = run.info.study.model_copy(update={"name": "example"})
    example = replace(run, info=run.info.model_copy(update={"study": study}))
    text = render_run_headline(example, judge_run(run), weigh_candidate(run))
    assert "This is the example that comes with the project" in text


@pytest.mark.parametrize(
    ("state", "best"),
    [
        ("complete", "> - Best: trial T1, val_auc 0.6000 (more is better, as recorded)."),
        ("failed", ""),
    ],
)
def test_other_tools_results_are_counted_and_never_tested(
    make_trials: MakeTrials, state: str, best: str
) -> None:
    frame = make_trials(metric=[0.5, 0.6, 0.5], params={"a": [1, 2, 1]}, file="a.csv", state=state)
    lines = render_trials_headline(gather_evidence(frame), None).splitlines()
    n, merged = (3, 2) if best else (0, 0)
    assert lines[0] == (
        f"> - **{n} finished trials of {merged} distinct configurations from 1 file.**"
    )
    assert lines[1:-1] == ([best] if best else [])
    assert lines[-1].startswith("> - The results hold no predictions, so that no difference")


@pytest.mark.parametrize(
    ("source", "is_known", "said"),
    [
        ("as --direction says", True, "(less is better, as --direction says)"),
        ("by its name", True, "(less is better, by its name; --direction maximize says otherwise)"),
        ("assumed", False, "(**assuming that less is better**: nothing records it; --direction "
                           "maximize says otherwise)"),
    ],
)  # fmt: skip
def test_which_way_is_better_stands_beside_the_best(
    make_trials: MakeTrials, source: str, is_known: bool, said: str
) -> None:
    frame = make_trials(
        metric=[0.5, 0.6], params={"a": [1, 2]}, file="a.csv", direction="minimize", name="loss"
    )
    told = replace(frame, direction_source=source, is_direction_known=is_known)
    lines = render_trials_headline(gather_evidence(told), None).splitlines()
    assert lines[1] == f"> - Best: trial T0, loss 0.5000 {said}."


def test_what_was_assumed_stands_there_in_full_and_acts_nowhere(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.5, 0.6], params={"a": [1, 2]}, file="a.csv")
    names = ", ".join(f"column {n}" for n in range(100))
    told = replace(frame, assumptions=(f"a.csv: set aside: {names}", "a|b\n<i>"))
    lines = render_trials_headline(gather_evidence(told), None).splitlines()
    assert lines[2].endswith("column 98, column 99")
    assert lines[3] == "> - a\\|b &lt;i&gt;"


def test_without_hyperparameters_no_configurations_are_counted(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.5, 0.6], params={}, file="a.csv")
    lines = render_trials_headline(gather_evidence(frame), None).splitlines()
    assert lines[0] == (
        "> - **2 finished trials from 1 file, whose hyperparameters no column tells.**"
    )
    assert lines[1].startswith("> - Best: trial T1, val_auc 0.6000")


def test_without_claims_no_outcome_was_declared(run: Run) -> None:
    empty = replace(judge_run(run), rows=())
    assert describe_verdicts(empty) == "No outcome was declared."


def test_empty_lines_leave_no_item() -> None:
    assert make_box(["a", "", "b"]) == "> - a\n> - b"
