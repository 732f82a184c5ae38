"""What to do next: commands, values to try, and trials to paste."""

import json

import pytest

from analysis.proposal.next_trials import NextTrial
from analysis.proposal.rules.move import Move
from analysis.proposal.signal import Signal
from analysis.report.sections.next import render_next
from trial_sets.parameter import Parameter

STEP = Move("lr", "extend", (0.1,), 0.01, 0.1, "lr: 0.01 leads; try 0.1.")
SIGNAL = Signal(False, 0.5, "Nothing is shown.")


def paste(*configurations: dict[str, float | str]) -> dict[str, dict[str, object]]:
    """Return the trials that stand in the section, each beside one that is not looked at."""
    trials = [NextTrial(one, f"note {n}") for n, one in enumerate(configurations)]
    text = render_next(SIGNAL, (), [*trials, NextTrial({"lr": 0.1}, "other")], ())
    found: dict[str, dict[str, object]] = json.loads(text.split("```json\n")[1].split("```")[0])
    return found


def test_where_nothing_is_followed_the_section_says_why() -> None:
    first, last = render_next(SIGNAL, (), (), ()).split("\n\n")
    assert first == "- Nothing is shown."
    assert last.startswith("`analyze` with `--propose FOLDER` writes the next round")


def test_a_command_stands_once_before_the_proposals() -> None:
    commands = ["run --set A", "run --set B", "run --set A"]
    assert render_next(SIGNAL, (STEP,), (), commands).split("\n\n")[:-1] == [
        "To complete or decide the checklist:",
        "- `run --set A`\n- `run --set B`",
        "- lr: 0.01 leads; try 0.1.",
    ]


def test_a_control_alone_is_no_set() -> None:
    assert "json" not in render_next(SIGNAL, (STEP,), [NextTrial({"lr": 0.01}, "control")], ())


def test_trials_are_numbered_and_bear_their_notes() -> None:
    assert paste({"lr": 0.01}) == {
        "N1": {"lr": 0.01, "note": "note 0"}, "N2": {"lr": 0.1, "note": "other"}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("configuration", "kept"),
    [
        ({"d_model": 64, "batch_size": 128}, {"d_model": 64}),
        ({"d_model": 64, "batch_size": 32}, {"d_model": 64, "batch_size": 32}),
        ({"flag": "True", "kind": "a"}, {"flag": True, "kind": "a"}),
        ({"dropout": 0.0, "optimizer": "adam"}, {"dropout": 0.0}),
        ({"optimizer": "adamw"}, {"optimizer": "adamw"}),
    ],
)
def test_what_a_trial_has_by_default_is_left_out(
    configuration: dict[str, float | str], kept: dict[str, object]
) -> None:
    assert paste(configuration)["N1"] == {**kept, "note": "note 0"}


def test_a_trial_of_ones_own_parameters_names_all_of_them_in_their_types() -> None:
    """Whatever a network has by default, and whatever column holds a name."""
    parameters = {
        "exact": Parameter(type="bool"), "dropout": Parameter(type="float"),
        "epochs": Parameter(type="int"), "horizon": Parameter(type="int"),
        "word": Parameter(type="str"),
    }  # fmt: skip
    one: dict[str, float | str] = {
        "exact": "True", "dropout": 0.1, "epochs": 50, "horizon_": 3, "word": "True"
    }  # fmt: skip
    text = render_next(SIGNAL, (), [NextTrial(one, "a"), NextTrial(one, "b")], (), parameters)
    assert json.loads(text.split("```json\n")[1].split("```")[0])["N1"] == {
        "exact": True, "dropout": 0.1, "epochs": 50, "horizon": 3, "word": "True", "note": "a"
    }  # fmt: skip
