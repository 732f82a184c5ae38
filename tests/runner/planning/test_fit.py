"""Which fits a person's words ask for."""

from pathlib import Path

import pytest

from runner.planning.fit import gather_fits, select_trials
from trial_sets.loading.study_folder import find_study, load_study
from trial_sets.study import Study


@pytest.fixture(scope="module")
def a50() -> Study:
    return load_study(find_study("a50"))


def names(study: Study, *sets: str, trials: tuple[str, ...] = (), controls: bool = True) -> str:
    return " ".join(t.name for t in select_trials(study, sets, trials, controls=controls))


def test_a_set_brings_its_control(a50: Study) -> None:
    assert names(a50, "A") == "A1 A2 A3 A4 A5 A6 T5"
    assert names(a50, "D") == "D1 D2 D3 D4 T15"


def test_controls_can_be_left_out(a50: Study) -> None:
    assert names(a50, "A", controls=False) == "A1 A2 A3 A4 A5 A6"


def test_a_trial_comes_alone(a50: Study) -> None:
    assert names(a50, trials=("F1", "A3")) == "A3 F1"


def test_a_set_and_trials_add_up_in_study_order(a50: Study) -> None:
    assert names(a50, "D", trials=("D1", "a1")) == "A1 D1 D2 D3 D4 T15"


def test_all_is_every_trial_and_both_controls(a50: Study) -> None:
    trials = select_trials(a50, ["all"], [], controls=True)
    assert len(trials) == 31
    assert len(gather_fits(a50, trials, [0])) == 30


def test_identical_trials_are_one_fit_under_the_first_name_in_study_order(a50: Study) -> None:
    (fit,) = gather_fits(a50, select_trials(a50, [], ["F2"], controls=True), [0])
    assert fit.names == ("C2", "F2")
    assert str(fit) == "C2=F2 seed 0"


def test_the_first_seed_of_every_trial_comes_before_the_second(a50: Study) -> None:
    fits = gather_fits(a50, select_trials(a50, [], ["A1", "A2"], controls=True), [7, 8])
    assert [(fit.name, fit.seed) for fit in fits] == [("A1", 7), ("A2", 7), ("A1", 8), ("A2", 8)]


def test_controls_are_told_from_trials(a50: Study) -> None:
    fits = gather_fits(a50, select_trials(a50, ["A"], [], controls=True), [0])
    assert [fit.kind for fit in fits] == ["trial"] * 6 + ["control"]


def test_twins_of_a_tiny_study_share_a_fit(tiny_study: Path) -> None:
    study = load_study(tiny_study)
    fits = gather_fits(study, select_trials(study, ["all"], [], controls=True), [3])
    assert [fit.names for fit in fits] == [("A1",), ("A2", "B1"), ("K",)]
