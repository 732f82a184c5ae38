"""A file's dicts of trials are told apart, picked by name, and may not share trial names."""

import json
from pathlib import Path
from typing import Any

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.trial_dict import read_trial_dicts

TRIAL = {"dropout": 0.4}
SET = {"title": "Dropout", "base": {"epochs": 5}, "trials": {"S1": TRIAL}}


def write_json(folder: Path, content: object) -> Path:
    path = folder / "own.json"
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({"A1": TRIAL, "A2": {}}, {"own": ["A1", "A2"]}),
        ({"A1": {}}, {"own": ["A1"]}),
        (SET, {"own": ["S1"]}),
        ({"X": {"A1": TRIAL}, "Y": {"B1": TRIAL, "B2": {}}}, {"X": ["A1"], "Y": ["B1", "B2"]}),
        ({"X": {"A1": TRIAL}, "S": SET}, {"X": ["A1"], "S": ["S1"]}),
        ({"A1": {"dropout": {"x": 1}}}, {"own": ["A1"]}),
        ({"trials": {"A1": TRIAL}}, {"own": ["A1"]}),
        ({"trials": [{"name": "A1", **TRIAL}]}, {"own": ["A1"]}),
        ({**SET, "trials": [{"name": "S1", **TRIAL}]}, {"own": ["S1"]}),
        (
            {"experiments": [{"name": "A1", **TRIAL}], "X": {"B1": {}, "B2": TRIAL}},
            {"experiments": ["A1"], "X": ["B1", "B2"]},
        ),
        ({"A1": {"model": TRIAL, "optim": {"lr": 1e-3}}}, {"own": ["A1"]}),
        ({"model": TRIAL, "optim": {"lr": 1e-3}}, {"own": ["own"]}),
        ({"depth": {"n_layers": 8}, "width": {"d_model": 256}}, {"own": ["depth", "width"]}),
    ],
)
def test_trials_sets_and_dicts_of_them_are_told_apart(
    tmp_path: Path, content: dict[str, Any], found: dict[str, list[str]]
) -> None:
    path = write_json(tmp_path, content)
    dicts = read_trial_dicts(path, None)
    assert {part.name: part.trial_names for part in dicts} == found
    script = tmp_path / "script.py"
    script.write_text("".join(f"{part.name} = {part.content!r}\n" for part in dicts))
    dicts = read_trial_dicts(script, None)
    assert {part.name: part.trial_names for part in dicts} == found


@pytest.mark.parametrize(("picked", "trials"), [("X", ["A1"]), ("Y", ["A1", "A2"])])
def test_a_dict_is_picked_where_trial_names_clash(
    tmp_path: Path, picked: str, trials: list[str]
) -> None:
    content = {"X": {"A1": TRIAL}, "Y": {"A1": {}, "A2": TRIAL}}
    script = tmp_path / "script.py"
    script.write_text("".join(f"{name} = {part!r}\n" for name, part in content.items()))
    nested = tmp_path / "nested.py"
    nested.write_text(f"ALL = {content!r}\n")
    for path in (write_json(tmp_path, content), script, nested):
        (found,) = read_trial_dicts(path, picked)
        assert (found.name, found.trial_names) == (picked, trials)


def test_a_clash_is_answered_with_the_dicts_to_choose_from(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text("X = {'A1': {}}\nY = {'a1': {}, 'B1': {}}\nZ = {'C1': {}}\n")
    with pytest.raises(InputError) as caught:
        read_trial_dicts(path, None)
    assert str(caught.value) == (
        f"{path}: the trial name a1 stands in both X and Y; "
        f"pick one dict: {path}:X or {path}:Y or {path}:Z"
    )


def test_a_picked_dict_is_read_though_another_is_no_literal(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text("X = {'A1': {}}\nY = {'B1': make()}\n")
    assert read_trial_dicts(path, "X")[0].trial_names == ["A1"]
    with pytest.raises(InputError, match=r"line 2: make\(\) is not a literal"):
        read_trial_dicts(path, None)


@pytest.mark.parametrize(
    ("content", "picked", "message"),
    [
        ([], None, r"holds no dict of trials, such as TRIALS = "),
        ("A1", None, r'holds "A1", expected trials such as '),
        ({}, None, r"holds no dict of trials, such as TRIALS = "),
        ({"X": {"A1": TRIAL}}, "Y", r"holds no dict of trials 'Y'; valid: X"),
        ({"X_ONE": {"A1": TRIAL}}, "X_ON", r"'X_ON'; did you mean X_ONE\?"),
        ({"X": {"A1": {}}, "A2": TRIAL}, None, r"A2 is no dict of trials, but X is"),
        ({"X": {"A1": {}}, "v": 1}, None, r"v is no dict of trials, but X is"),
        ({"\n": {"A1": {}}, "": 1}, None, r'own\.json: "" is no dict of trials, but "\\n" is'),
    ],
)
def test_a_file_without_the_trials_that_are_asked_for_is_refused(
    tmp_path: Path, content: object, picked: str | None, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_trial_dicts(write_json(tmp_path, content), picked)


@pytest.mark.parametrize("text", ["", "import os\n", "SEEDS = {'a': 1}\n", "X = {}\n"])
def test_a_script_without_trials_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.py"
    path.write_text(text)
    with pytest.raises(InputError, match=r"own\.py: holds no dict of trials, such as TRIALS = "):
        read_trial_dicts(path, None)
