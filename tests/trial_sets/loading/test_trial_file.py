"""Sets of one's own come from one file, everything else from the study."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.trial_sets.conftest import SET_A, STUDY, changed
from tests.trial_sets.test_a50 import CONTROLS, PROPOSED, SEARCHED
from trial_sets.errors import InputError
from trial_sets.loading.study_folder import find_study, load_study
from trial_sets.loading.trial_file import load_trials
from trial_sets.study import Study

Write = Callable[..., Path]
A50 = find_study("a50")
FULL = dict(zip(SEARCHED, CONTROLS["T5"], strict=True))


def proposal(**dicts: dict[str, tuple[float, ...]]) -> str:
    """Return a script with dicts of full configurations, in the proposal's form."""
    lines = ['"""Supplementary HPO trials."""', "import torch"]
    for name, trials in dicts.items():
        lines.append(f"{name} = {{  # one dict")
        for trial, values in trials.items():
            lines.append(f"    {trial!r}: {dict(zip(SEARCHED, values, strict=True))!r},")
        lines.append("}")
    return "\n".join(lines)


def load(folder: Path, text: str, name: str = "own.py", picked: str = "") -> Study:
    (folder / name).write_text(text)
    return load_trials(f"{folder / name}{picked}", A50)


def test_the_proposals_own_dict_gives_the_built_in_studys_trials(tmp_path: Path) -> None:
    own, built_in = load(tmp_path, proposal(SUPPLEMENTARY_CONFIGS=PROPOSED)), load_study(A50)
    assert (own.name, own.title) == ("own", "Trials of own.py")
    assert [t.configuration for t in own.trials()] == [t.configuration for t in built_in.trials()]
    assert [(s.name, s.control) for s in own.sets] == [(s.name, s.control) for s in built_in.sets]
    for field in ("tier", "label", "rope", "seeds", "base", "controls"):
        assert getattr(own, field) == getattr(built_in, field)


def test_two_dicts_of_full_configurations_run_as_one_study(tmp_path: Path) -> None:
    first = dict(list(PROPOSED.items())[:27])
    second = {
        f"LR{i}": (*values[:5], 1e-5 * (i + 1), 0.0) for i, values in enumerate(first.values())
    }
    second = dict(list(second.items())[:24])
    own = load(tmp_path, proposal(A50_CONFIGS=first, A100_CONFIGS=second))
    assert sum(not trial.is_control for trial in own.trials()) == 27 + 24
    assert [s.name for s in own.sets] == ["A", "B", "C", "D", "E", "F", "LR"]
    assert own.find_trial("LR3").configuration.learning_rate == 4e-5


def test_two_dicts_that_share_names_are_picked_from(tmp_path: Path) -> None:
    first = dict(list(PROPOSED.items())[:27])
    second = {name: (*values[:4], 0.1, *values[5:]) for name, values in list(first.items())[:24]}
    text = proposal(A50_CONFIGS=first, A100_CONFIGS=second)
    with pytest.raises(
        InputError,
        match=r"trial name A1 \(and 23 more\) stands in both A50_CONFIGS and A100_CONFIGS; "
        r"pick one dict: .*own\.py:A50_CONFIGS or .*own\.py:A100_CONFIGS",
    ):
        load(tmp_path, text)
    own = load(tmp_path, text, picked=":A100_CONFIGS")
    assert {t.configuration.dropout for s in own.sets for t in s.trials} == {0.1}
    assert own.name == "own-A100_CONFIGS"
    assert own.title == "Trials of own.py, A100_CONFIGS"


def test_what_a_trial_leaves_out_comes_from_the_studys_base(tmp_path: Path) -> None:
    own = load(tmp_path, "T = {'A1': {'dropout': 0.4, 'schedule': 'cosine'}, 'A2': {}}")
    first, second = own.sets[0].trials
    assert first.configuration.model_dump() == {
        **own.controls[0].configuration.model_dump(),
        "dropout": 0.4,
        "schedule": "cosine",
    }
    assert second.configuration == own.base
    assert first.budget == "20M"


@pytest.mark.parametrize("key", ["note", "notes", "description"])
def test_a_note_may_be_called_otherwise(tmp_path: Path, key: str) -> None:
    own = load(tmp_path, f"T = {{'A1': {{'{key}': 'why'}}}}")
    assert own.sets[0].trials[0].note == "why"


def test_the_letters_of_a_name_are_its_set_in_any_case(tmp_path: Path) -> None:
    names = ["A1", "LR3", "a2", "wide_net", "A-b", "lr10b"]
    own = load(tmp_path, f"T = { {name: {} for name in names}!r}")
    assert {s.name: [t.name for t in s.trials] for s in own.sets} == {
        "A": ["A1", "a2", "A-b"],
        "LR": ["LR3", "lr10b"],
        "wide": ["wide_net"],
    }


def test_a_sets_own_form_keeps_its_control_base_and_expectations(write_study: Write) -> None:
    folder = write_study()
    path = folder.parent / "mine.json"
    path.write_text(json.dumps(SET_A))
    own, study = load_trials(str(path), folder), load_study(folder)
    assert own.name == "mine"
    assert own.sets[0] == study.sets[0].model_copy(
        update={
            "name": "mine",
            "trials": tuple(
                trial.model_copy(update={"set_name": "mine"}) for trial in study.sets[0].trials
            ),
        }
    )
    path.write_text(json.dumps(changed(SET_A, ("control",), ...)))
    assert load_trials(str(path), folder).sets[0].control is None


def test_a_study_without_controls_gives_none(write_study: Write) -> None:
    folder = write_study()
    content = json.loads((folder / "study.json").read_text())
    content["controls"] = {}
    (folder / "study.json").write_text(json.dumps(content))
    path = folder.parent / "own.py"
    path.write_text("T = {'A1': {'dropout': 0.1, 'learning_rate': 0.1}}")
    assert load_trials(str(path), folder).sets[0].control is None


def test_a_mistake_in_the_study_is_not_blamed_on_the_file(write_study: Write) -> None:
    folder = write_study(changed(STUDY, ("controls", "K", "n_heads"), 3))
    path = folder.parent / "own.py"
    path.write_text("T = {'A1': {'dropout': 0.1, 'learning_rate': 0.1}}")
    with pytest.raises(InputError, match=r"study\.json: control K: d_model=16 is not div"):
        load_trials(str(path), folder)


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("own", "own"),
        ("my trials (2)", "my-trials-2"),
        ("2nd_round", "trials-2nd_round"),
        ("a50", "a50-trials"),
        ("--", "trials"),
        ("x" * 40, "x" * 23 + "-bd913ff6"),
        ("données", "donn-es-a0831764"),
    ],
)
def test_the_files_name_becomes_the_studys(tmp_path: Path, stem: str, name: str) -> None:
    assert load(tmp_path, "T = {'A1': {}}", f"{stem}.py").name == name


def test_files_in_other_alphabets_are_told_apart(tmp_path: Path) -> None:
    names = {load(tmp_path, "T = {'A1': {}}", f"{stem}.py").name for stem in ("試験", "実験")}
    assert len(names) == 2


MISTAKES: list[tuple[str, str]] = [
    ("{'A1': {'droput': 0.4}}", r"line 1: trial A1: unknown key \"droput\"; did you mean dropout"),
    ("{'A1': {},\n 'A2': {'lr': -1}}", r"line 2: trial A2: learning_rate=-1, expected greater"),
    ("{'A1': {'lr': 1, 'learning_rate': 2}}", r"A1: lr and learning_rate both give learning_rate"),
    ("{'A1': {'m': {'lr': 1}, 'Lr': 2}}", r"A1: \"m\.lr\" and Lr both give learning_rate"),
    ("{'A1': {'seed': 1}}", r"A1: seed is no part of a configuration: .* as many as --seeds says"),
    ("{'A1': {'t': {'random_state': 1}, 'lr': 2}}", r"A1: \"t\.random_state\" is no part of a"),
    ("{'A1': {'t': {'lr': 1}}}", r"own\.py: A1: t may be trials or groups of one configuration: "),
    ("{'A1': {'t': {'lr': 1}, 'u': {'wd': 1}}}", r"A1: t and u may be trials or groups of one"),
    ("{'t': {'lr': 1, 'wd': 1}, 'u': {'d_model': 8, 'heads': 2}}", r"py: t and u may be trials"),
    ("{'A1': {}, 'seed': 1}", r"own\.py: seed is no trial: seeds are given with --seeds"),
    ("{'A1': {'d_ff': 512}}", r"unknown key \"d_ff\"; did you mean d_ff_ratio\?"),
    ("{'A1': {}, 'epochs': 5}", r"own\.py: epochs beside the trials A1: what all trials share"),
    ("{'A1': {}, 'common': {'lr': 1}}", r"common beside the trials A1 and common: what all"),
    ("{'A1': {}, 'model': {'lr': 1}}", r"model beside the trials A1: what all trials share"),
    ("{'A1': {'dropout': 1.5}}", r"trial A1: dropout=1\.5, expected less than 1"),
    ("{'A1': {'dropout': '0.5'}}", r"trial A1: dropout=\"0\.5\", expected number"),
    ("{'A1': {'dropout': None}}", r"trial A1: dropout=null, expected number"),
    ("{'A1': {'n_layers': 2.0}}", r"trial A1: n_layers=2\.0, expected integer"),
    ("{'A1': {'n_layers': True}}", r"trial A1: n_layers=true, expected integer"),
    ("{'A1': {'d_model': 0x" + "f" * 5000 + "}}", r"trial A1: holds something that JSON cannot"),
    ("{'A1': {'optimizer': 'lion'}}", r"optimizer=\"lion\", expected 'adam', 'adamw', 'sgd'"),
    ("{'A1': {'note': 'x', 'notes': 'y'}}", r"trial A1: note and notes both give note"),
    ("{'A1': {'note': '\\ud800'}}", r"trial A1: holds a string that is not text"),
    ("{'A1': {},\n 'A2': {'d_model': 100}}", r"set A, trial A2 \(line 2\): d_model=100 is not div"),
    ("{'A1': {'patch': 99}}", r"trial A1 \(line 1\): patch=99 is longer than context=80"),
    ("{'A1': 5, 'A2': {}}", r"line 1: trial A1: 5 is not a dict of hyperparameters"),
    ("{'A1': [], 'A2': {}}", r"trial A1: \[\] is not a dict of hyperparameters"),
    ("{'1A': {}}", r"trial 1A: begins with no letters to name its set by"),
    ("{'': {}}", r"trial \"\": begins with no letters"),
    ("{'A 1': {}}", r"set A: trials: the name \"A 1\" is not letters, digits"),
    ("{'A" + "1" * 40 + "': {}}", r"the name \"A1+\" is not letters, digits"),
    ("{'A\\n': {}}", r"the name \"A\\n\" is not letters, digits"),
    ("{'A1': {}, 'a1': {}}", r"own\.py: set A: the trial name a1 stands twice, also as A1 in "),
    ("{'T5': {}}", r"name T5 stands twice, also as T5 in .*own\.py: set T"),
    ("{'all1': {}}", r"the set's name 'all' stands for every set"),
    ("{'figures': {}}", r"the trial name figures is taken by other results"),
    ("{'baseline-x': {}}", r"the trial name baseline-x is taken by other results"),
    ("{'A1': {}, 'A1': {}}", r"line 1: 'A1' is a key that stands twice in one dict"),
    ("{'A1': {'dropout': 9**9**9}}", r"line 1: 9\*\*9\*\*9 is no number of a size"),
    ("{'title': 'x', 'trials': {}}", r"set T: trials=\{\}, expected at least 1 item$"),
    ("{'title': 'x', 'trials': {'A1': {'x': 1}}}", r"set T: trial A1: unknown key \"x\"; valid"),
    ("{'trials': {'A1': {}}, 'base': {}}", r"set T: title is missing"),
    ("{'title': 'x', 'control': 'T6', 'trials': {'A1': {}}}", r"unknown control 'T6'; did you "),
    ("{'X': {'A1': {}}, 'Y': {'A1': {}}}", r"A1 stands in both X and Y; pick one dict: .*:X or"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), MISTAKES)
def test_a_mistake_in_a_file_of_trials_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        load(tmp_path, f"T = {text}")
    assert str(tmp_path / "own.py") in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"A1": {"droput": 0.4}}, r"own\.json: trial A1: unknown key \"droput\"; did you mean"),
        ({"X": {"A1": {"dropout": 2}}}, r"trial A1: dropout=2, expected less than 1"),
        ({"S": {"title": "x", "trials": {"A1": {"x": 1}}}}, r"set S: trial A1: unknown key \"x\""),
        ({"S": {"title": "x", "trials": {"A1": {}}, "phas": ""}}, r"unknown key \"phas\"; did you"),
        ({"A": {"title": "", "trials": {"S1": {}}}}, r"set A: title=\"\", expected"),
        (
            {"A": {"title": "x", "trials": {"S1": {}}}, "X": {"A1": {}}},
            r"the set name A stands twice",
        ),
        ({f"A{i}": {} for i in range(10_001)}, r"set A: trials=.*at most 10000 items"),
    ],
)
def test_a_mistake_in_json_is_named(tmp_path: Path, content: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load(tmp_path, json.dumps(content), "own.json")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.py", r"missing\.py: cannot be read: No such file"),
        ("missing.json:X", r"missing\.json: cannot be read: No such file"),
        ("folder.py", r"folder\.py: cannot be read: Is a directory"),
        ("own.toml", r"own\.toml' does not end in \.json, .*, \.py, \.txt or \.sh, or such and"),
        ("own", r"own' does not end in \.json, "),
        ("own.toml:X", r"own\.toml:X' does not end in \.json, "),
        ("nul\0.py", r"no file can have this name"),
        ("bytes.py", r"bytes\.py: not UTF-8 text \(byte 0\)"),
        ("own.py:", r"own\.py: holds no dict of trials ''; valid: T"),
        ("own.py:Q", r"own\.py: holds no dict of trials 'Q'; valid: T"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "bytes.py").write_bytes(b"\xff")
    (tmp_path / "own.py").write_text("T = {'A1': {}}")
    with pytest.raises(InputError, match=message):
        load_trials(f"{tmp_path}/{name}", A50)
