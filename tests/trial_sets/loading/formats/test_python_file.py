"""A person's script is parsed; its dicts of trials are found among everything else."""

from pathlib import Path

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.python_file import MAX_BYTES, PythonFile

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


@pytest.mark.parametrize("name", ["ALL", "BY_TIER"])
def test_a_collection_of_other_dicts_is_no_literal_when_it_is_asked_for(
    tmp_path: Path, name: str
) -> None:
    file = PythonFile.open(write(tmp_path, SCRIPT))
    with pytest.raises(InputError, match=r"line 1[78]: FIRST is"):
        file.read(name)


@pytest.mark.parametrize(
    "value", ["make(128)", "BASE", "{**BASE}", "dict(BASE, dropout=1)", "BASE | {'dropout': 1}"]
)
def test_a_dict_that_only_python_could_evaluate_is_not_passed_over(
    tmp_path: Path, value: str
) -> None:
    text = f"BASE = {{'dropout': 0.5}}\nX = {{'A1': {{}}}}\nY = {{'B1': {value}}}"
    file = PythonFile.open(write(tmp_path, text))
    assert file.names == ["X", "Y"]
    with pytest.raises(InputError, match=r"own\.py, line 3: "):
        file.read("Y")


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
