"""A person's script is parsed; its dicts of trials are found among everything else."""

from pathlib import Path

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.formats.python_file import MAX_BYTES, PythonFile

SCRIPT = '''#!/usr/bin/env python3
"""Supplementary trials."""
from __future__ import annotations
import torch_that_nobody_has
from pathlib import Path

raise SystemExit("executed")
SEED = 42
COLORS = {"A": "red", "B": 2 * 3}
PATHS = {"a50": Path("x") / "y"}
EMPTY = {}
FIRST = {
    "A1": {"dropout": 0.4},
    "A2": {"dropout": 0.5},
}
SECOND: dict[str, dict] = {"G1": {"n_layers": 2}}
ALL = {**FIRST, **SECOND}
BY_TIER = {"a50": FIRST, "a100": SECOND}

def train():
    INNER = {"Z1": {"dropout": 0.1}}
    return {"Z2": {}}

if __name__ == "__main__":
    FIRST["A3"] = {}
    train()
'''


def write(folder: Path, text: str) -> Path:
    path = folder / "own.py"
    path.write_text(text)
    return path


def test_the_dicts_of_trials_are_found_and_nothing_is_executed(tmp_path: Path) -> None:
    file = PythonFile.open(write(tmp_path, SCRIPT))
    assert file.names == ["FIRST", "SECOND"]
    content, lines = file.read("FIRST")
    assert content == {"A1": {"dropout": 0.4}, "A2": {"dropout": 0.5}}
    assert lines == {"A1": 13, "A2": 14}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ALL", {"A1": {"dropout": 0.4}, "A2": {"dropout": 0.5}, "G1": {"n_layers": 2}}),
        ("BY_TIER", {"a50": {"A1": {"dropout": 0.4}, "A2": {"dropout": 0.5}},
                     "a100": {"G1": {"n_layers": 2}}}),
    ],
)  # fmt: skip
def test_a_collection_of_other_dicts_is_read_when_it_is_asked_for(
    tmp_path: Path, name: str, content: object
) -> None:
    assert PythonFile.open(write(tmp_path, SCRIPT)).read(name)[0] == content


@pytest.mark.parametrize("value", ["make(128)", "OTHER", "{**OTHER}", "[x for x in y]"])
def test_a_dict_that_only_python_could_evaluate_is_not_passed_over(
    tmp_path: Path, value: str
) -> None:
    text = f"X = {{'A1': {{}}}}\nY = {{'B0': {{}}, 'B1': {value}}}"
    file = PythonFile.open(write(tmp_path, text))
    assert file.names == ["X", "Y"]
    with pytest.raises(InputError, match=r"own\.py, line 2: "):
        file.read("Y")


BASE = "BASE = {'dropout': 0.3, 'n_layers': 4}\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"{BASE}T = {{'A1': {{**BASE, 'dropout': 0.4}}}}", ["T"]),
        (f"{BASE}T = {{'A1': BASE, 'A2': dict(BASE, dropout=0.4)}}", ["T"]),
        (f"{BASE}T = [BASE, BASE | {{'dropout': 0.4}}]", ["T"]),
        (f"{BASE}T = dict(A1=dict(BASE), A2=dict(dropout=0.4))", ["T"]),
        (f"{BASE}T = BASE | {{'dropout': 0.4}}", ["T"]),
        (
            f"{BASE}COLORS = [{{'x': 1}}, {{'y': 2}}]\nSIZE = {{'width': 1, 'a': 2, 'b': 3}}",
            ["BASE"],
        ),
        ("T = [{'lr': 1}, {'lr': 2}]\nU = ({'wd': 1}, {'wd': 2})", ["T", "U"]),
        ("T = {'A1': {}}\nU = {**T, 'A2': {}}", ["U"]),
        ("T = {'A1': {}}\nU = {'A2': {**T['A1'], 'lr': 1}}", ["T", "U"]),
        ("T = {'A1': {}}\nU = {'A2': {}}\nBOTH = T | U\nLISTED = [T, U]", ["T", "U"]),
        ("T = ['lr=1,2', 'wd=3']\nNAMES = ['lr', 'wd']", ["T"]),
        ("A = {'model': {'d': 1}}\nB = {'lr': 1, 'net': {'d': 1}}\nT = {'A1': A, 'A2': B}", ["T"]),
        ("lr = {'values': [1, 2]}\nSWEEP = {'parameters': {'lr': lr}}", ["SWEEP"]),
    ],
)
def test_what_others_are_built_on_is_no_collection_of_its_own(
    tmp_path: Path, text: str, names: list[str]
) -> None:
    assert PythonFile.open(write(tmp_path, text)).names == names


def test_configurations_that_nothing_is_built_on_are_listed(tmp_path: Path) -> None:
    text = f"{BASE}DEFAULTS = {{'epochs': 5}}\nT = {{'A1': {{**BASE}}}}\nSEEDS = {{'seed': 1}}"
    file = PythonFile.open(write(tmp_path, text))
    assert file.list_unused(file.names) == ["DEFAULTS"]


def test_a_name_stands_for_what_was_last_assigned_above(tmp_path: Path) -> None:
    text = (
        "base = {'dropout': 0.1}\nT = {'A1': {**base}}\n"
        "base = {'dropout': 0.2}\nU = {'B1': {**base}}\nbase = None"
    )
    file = PythonFile.open(write(tmp_path, text))
    assert [file.read(name)[0] for name in ("T", "U")] == [
        {"A1": {"dropout": 0.1}},
        {"B1": {"dropout": 0.2}},
    ]


@pytest.mark.parametrize(
    "change", ["BASE['dropout'] = 0.9", "BASE.update(dropout=0.9)", "B = BASE\nB['dropout'] = 0.9"]
)
def test_a_dict_that_trials_are_built_on_may_not_be_changed(tmp_path: Path, change: str) -> None:
    file = PythonFile.open(write(tmp_path, f"{BASE}{change}\nT = {{'A1': {{**BASE}}}}"))
    with pytest.raises(InputError, match=r"changes BASE, but the file is read and not executed"):
        file.read("T")


def test_what_stands_below_is_not_above(tmp_path: Path) -> None:
    file = PythonFile.open(write(tmp_path, f"T = {{'A1': {{**BASE}}}}\n{BASE}"))
    with pytest.raises(InputError, match=r"line 1: BASE is not assigned a literal above"):
        file.read("T")


def test_a_dict_that_is_changed_later_is_refused(tmp_path: Path) -> None:
    text = "X = {'A1': {}}\nfor trial in X.values():\n    trial['epochs'] = 5\n"
    with pytest.raises(InputError, match=r"line 3: trial\['epochs'\] changes X, but the file"):
        PythonFile.open(write(tmp_path, text)).read("X")


def test_what_stood_there_before_does_not_matter(tmp_path: Path) -> None:
    file = PythonFile.open(write(tmp_path, "X = None\nX = {'A1': {}}\n"))
    assert file.read("X")[0] == {"A1": {}}


def test_a_persons_warnings_stay_their_own(tmp_path: Path) -> None:
    assert PythonFile.open(write(tmp_path, "P = '\\d'\nX = {'A1': {}}\n")).names == ["X"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("X = {\n", r"not valid Python at line 1: '\{' was never closed"),
        ("X = {'A1': {}}\n  Y = 1\n", r"not valid Python at line 2: unexpected indent"),
        ("X = {'A1': {'x': " + "9" * 5000 + "}}", r"not valid Python at line 1: Exceeds the limit"),
        ("X = " + "-" * 100_000 + "1", r"the Python is nested too deeply"),
        ("X = a" + ".a" * 100_000, r"the Python is nested too deeply"),
        ("X = " + "[" * 1000 + "]" * 1000, r"not valid Python at line 1: too many nested"),
        ("X = '\0'", r"null byte"),
        ("#" * (MAX_BYTES + 1), r"the file is larger than 1 MiB"),
    ],
)
def test_what_is_not_python_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        PythonFile.open(write(tmp_path, text))
    assert "\n" not in str(caught.value)
