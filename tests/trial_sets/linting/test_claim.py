"""A claim about one hyperparameter must speak of every trial that could contradict it."""

from typing import Any

import pytest

from tests.trial_sets.conftest import make_study
from trial_sets.linting.linter import lint_study
from trial_sets.linting.remark import MOST_WORDS
from trial_sets.study import Study
from trial_sets.wording import join_words

DROPOUTS = {f"A{i}": {"dropout": i / 10} for i in range(2, 9)}  # K runs 0.1


def write(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"each of {join_words(names)}"


def say(study: Study) -> list[str]:
    return [str(finding) for finding in lint_study(study)]


@pytest.mark.parametrize(
    ("better", "than", "left_out"),
    [
        (["A4"], ["A2", "A3", "A5", "A6"], []),
        (["A4"], ["A3", "A5"], []),
        (["A4", "A5"], ["A2", "A3"], ["A6", "A7", "A8"]),
        (["A2", "A3"], ["A6", "A7"], ["A4", "A5", "K"]),
        (["A3"], ["A5"], ["A2", "A4", "K"]),
        (["A3"], ["A2", "A6"], ["A4", "A5"]),
        (["A2", "A8"], ["A4", "A6"], ["A3", "A5", "A7", "K"]),
        (["A3", "A5"], ["A2", "A4", "A6"], []),
        (["K"], ["A2"], []),
        (["K"], ["A3"], ["A2"]),
        (["A8"], ["A7"], []),
        (["A7"], ["A8"], ["A2", "A3", "A4", "A5", "A6", "K"]),
    ],
)
def test_what_lies_within_the_claim_or_beyond_its_winners_is_left_out(
    better: list[str], than: list[str], left_out: list[str]
) -> None:
    said = say(make_study(DROPOUTS, (better, than)))
    values = {"K": 0.1} | {name: trial["dropout"] for name, trial in DROPOUTS.items()}
    phrases = [f"{name} (dropout {values[name]:g})" for name in left_out]
    assert said == [
        f'set A, "{write(better)} beats {write(than)}": the claim leaves out '
        f"{join_words(phrases, most=MOST_WORDS)}, "
        "where all else is equal; name what is left out in `than` or `better`, or claim less"
        for _ in phrases[:1]
    ]


def test_naming_what_was_left_out_mends_the_claim() -> None:
    assert say(make_study(DROPOUTS, (["A4", "A5"], ["A2", "A3"])))
    assert not say(make_study(DROPOUTS, (["A4", "A5"], ["A2", "A3", "A6", "A7", "A8"])))


def test_a_trial_at_another_base_is_not_left_out() -> None:
    trials = {
        "A1": {"dropout": 0.2},
        "A2": {"dropout": 0.4},
        "A3": {"dropout": 0.6, "weight_decay": 1e-3},
        "A4": {"dropout": 0.3, "d_model": 32},
    }
    assert not say(make_study(trials, (["A2"], ["A1"])))


def test_every_line_of_a_claim_at_two_bases_is_judged() -> None:
    trials: dict[str, dict[str, Any]] = {
        f"{letter}{number}": {"dropout": dropout, "d_model": width}
        for letter, width in (("V", 16), ("W", 64))
        for number, dropout in enumerate((0.2, 0.3, 0.4))
    }
    assert not say(make_study(trials, (["V1", "W1"], ["V0", "V2", "W0", "W2"])))
    (said,) = say(make_study(trials, (["V1", "W1"], ["V0", "V2", "W0"])))
    assert "leaves out W2 (dropout 0.4)," in said


def test_a_claim_that_changes_several_hyperparameters_leaves_nothing_out() -> None:
    trials = {
        "A1": {"dropout": 0.4},
        "A2": {"dropout": 0.3},
        "F1": {"dropout": 0.4, "learning_rate": 5e-4},
    }
    assert not say(make_study(trials, (["F1"], ["K"])))
    assert not say(make_study(trials, (["F1", "A1"], ["K"])))
    assert say(make_study(trials, (["A1"], ["K"])))


def test_a_configuration_with_two_names_is_in_the_claim_under_either() -> None:
    trials = {"A1": {"dropout": 0.2}, "A2": {"dropout": 0.4}, "B1": {"dropout": 0.6}}
    study = make_study({**trials, "B2": {"dropout": 0.6}}, (["A2"], ["A1", "B2"]))
    assert say(study) == [
        "trials B1 = B2: one configuration under several names is one fit, and no evidence twice; "
        "drop one of the names, or change its configuration"
    ]


@pytest.mark.parametrize(
    ("changes", "order"),
    [
        ([{"gradient_clip": 1.0}, {"gradient_clip": 2.0}], "gradient_clip null"),
        ([{"d_model": 64}, {"d_model": 32}], "d_model 16"),
        ([{"weight_decay": 1e-3}, {"weight_decay": 1e-4}], "weight_decay 0"),
    ],
)
def test_widths_zeros_and_missing_limits_have_their_place_on_a_line(
    changes: list[dict[str, Any]], order: str
) -> None:
    trials = {"A1": changes[0], "A2": changes[1]}
    (said,) = say(make_study(trials, (["A2"], ["A1"])))
    assert f"leaves out K ({order})" in said


def test_a_claim_about_a_choice_leaves_nothing_out() -> None:
    trials = {"A1": {"optimizer": "adamw"}, "A2": {"revin": False}}
    assert not say(make_study(trials, (["A1"], ["K"]), (["A2"], ["K"])))


def test_a_mean_is_told_to_name_every_side() -> None:
    claim = {"better": ["A4", "A5"], "than": ["A2", "A3"], "sides": "mean"}
    (said,) = say(make_study(DROPOUTS, claim))
    assert said.startswith('set A, "the mean of A4 and A5 beats the mean of A2 and A3": the claim')
    assert 'say `"sides": "every"` and name what is left out in `than`, or claim less' in said


def test_words_that_name_other_trials_are_found() -> None:
    claim = {"if": "A4 beats A2 and A3", "better": ["A4"], "than": ["A3", "A5"]}
    assert say(make_study(DROPOUTS, claim)) == [
        'set A, "A4 beats each of A3 and A5": the words "A4 beats A2 and A3" name A2, which the '
        "claim does not judge; name the same trials in both"
    ]


def test_a_broken_claim_of_a_run_is_told_too() -> None:
    study = make_study(DROPOUTS, (["A4"], ["A3", "A5"]))
    (part,) = study.sets
    claim = part.expectations[0].model_copy(update={"than": ("A44",)})
    broken = part.model_copy(update={"expectations": (claim,)})
    assert say(study.model_copy(update={"sets": (broken,)})) == [
        "set A, \"A4 beats A44\": there is no trial 'A44'; did you mean A4?; "
        "mend the claim in the study"
    ]
