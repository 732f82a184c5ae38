"""The form of some content is recognised, or it is refused with what it may be."""

from pathlib import Path
from typing import Any

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.recognition import recognise

PATH = Path("own.json")


@pytest.mark.parametrize(
    ("content", "trials"),
    [
        ({"A1": {"lr": 1}, "2": {}}, {"own": ["A1", "trial2"]}),
        ([{"name": "a"}, {}], {"own": ["a", "trial2"]}),
        ({"lr": 1, "model": {"depth": 2}}, {"own": ["own"]}),
        ({"lr": [1, 2], "model": {"depth": [2]}}, {"own": ["trial1", "trial2"]}),
        ({"parameters": {"lr": {"values": [1, 2]}}}, {"own": ["trial1", "trial2"]}),
        ({"hydra": {"sweeper": {"params": {"lr": "1,2"}}}}, {"own": ["trial1", "trial2"]}),
        (["lr=1,2"], {"own": ["trial1", "trial2"]}),
        ("lr=1,2", {"own": ["trial1", "trial2"]}),
        ({"X": {"A1": {"lr": 1}}, "Y": [{"name": "B1"}]}, {"X": ["A1"], "Y": ["B1"]}),
        ({"X": {"trials": [{"name": "B1"}], "title": "x"}}, {"X": ["B1"]}),
        ({"base": {"lr": 1}, "large": {"lr": 2}}, {"own": ["base", "large"]}),
        ([], {}),
        ({}, {}),
    ],
)  # fmt: skip
def test_trials_are_found_in_every_form(content: object, trials: dict[str, list[str]]) -> None:
    found = recognise("own", content, PATH)
    assert {part.name: part.trial_names for part in found} == trials


def test_lines_go_to_the_trials_that_stand_there() -> None:
    (found,) = recognise("own", {"A1": {"lr": 1}, "2": {}}, PATH, {"A1": 3, "2": 5})
    assert found.lines == {"A1": 3, "trial2": 5}
    (found,) = recognise("own", [{"name": "a"}, {}], PATH, {"0": 3, "1": 5})
    assert found.lines == {"a": 3, "trial2": 5}


@pytest.mark.parametrize(
    ("content", "notice"),
    [
        ({"base": {"lr": 1}, "large": {}}, "base is a trial like the others, which are not built"),
        ({"trials": [{}], "title": "x"}, "trials without a name that a trial can have are called"),
        ({"lr": [1, 2]}, "every combination is a trial: 2 lr, as trial1 to trial2"),
        (
            {"method": "grid", "metric": {}, "parameters": {"lr": 1}},
            "of the sweep nothing comes of",
        ),
    ],
)
def test_what_was_made_of_it_is_said(content: dict[str, Any], notice: str) -> None:
    (found,) = recognise("own", content, PATH)
    assert any(text.startswith(notice) for text in found.notices)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (3, r"own\.json: holds 3, expected trials such as \{\"A1\""),
        ("lr", r'holds "lr", expected trials'),
        ([1, {}], r"a list of trials holds 1, expected"),
        ({"A1": {}, "seed": 1}, r"seed is no trial: seeds are given with --seeds"),
        ({"A1": {}, "lr": 1}, r"lr beside the trials A1: what all trials share goes into a set"),
        ({"A1": {}, "optim": {"lr": 1}}, r"optim beside the trials A1"),
        ({"A1": {}, "defaults": {"lr": 1}}, r"defaults beside the trials A1 and defaults"),
        ({"a": {"d_model": 8, "heads": 2}, "b": {"lr": 1, "wd": 1}}, r"a and b may be trials or"),
        ({"A1": {"a": {"d_model": 8}}}, r"own\.json: A1: a may be trials or groups of one conf"),
        ({"X": {"A1": {}}, "v": 1}, r"v is no dict of trials, but X is"),
        ({"A1": [], "X": {"A1": {}}}, r"A1 is no dict of trials, but X is"),
    ],
)
def test_what_may_be_two_things_is_refused(content: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        recognise("own", content, PATH)
