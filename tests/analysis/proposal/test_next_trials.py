from analysis.findings.evidence import gather_evidence
from analysis.proposal.next_trials import list_trials
from analysis.proposal.rules.move import Move
from tests.analysis.conftest import MakeTrials


def fill(param: str, *values: float) -> Move:
    return Move(param, "fill", values, min(values), max(values), "because.")


def test_the_control_comes_first_and_one_value_changes_at_a_time(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.7, 0.8], params={"depth": [2, 4], "lr": [1e-4, 5e-5], "opt": ["a", "b"]}
    )
    trials = list_trials(gather_evidence(frame), [fill("depth", 3), fill("lr", 7e-5)])
    assert [trial.note for trial in trials] == [
        "control: trial T1 again",
        "fill depth",
        "fill lr",
    ]
    assert [trial.configuration for trial in trials] == [
        {"depth": 4, "lr": 5e-5, "opt": "b"},
        {"depth": 3, "lr": 5e-5, "opt": "b"},
        {"depth": 4, "lr": 7e-5, "opt": "b"},
    ]
    assert isinstance(trials[0].configuration["depth"], int)


def test_tested_and_repeated_configurations_are_dropped(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.7, 0.8, 0.6], params={"a": [1, 2, 3], "b": [5, 5, 6]})
    trials = list_trials(gather_evidence(frame), [fill("a", 1, 4), fill("a", 4)])
    assert [trial.configuration["a"] for trial in trials] == [2, 4]


def test_a_missing_hyperparameter_stays_missing(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.8, 0.7], params={"a": [1, 2], "b": [None, 3]})
    (control, other) = list_trials(gather_evidence(frame), [fill("a", 2)])
    assert control.configuration == {"a": 1}
    assert other.configuration == {"a": 2}


def test_without_a_finished_trial_there_is_no_next_one(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1], params={"a": [1]}, state=["failed"])
    assert list_trials(gather_evidence(frame), []) == ()
