"""The Python that is to run a trainer is asked once, and refused in a sentence."""

import sys
from pathlib import Path

import pytest

from runner.errors import RunError
from runner.planning.interpreter import check_python, find_python, list_functions
from runner.planning.plan import make_plan
from runner.planning.request import Request
from runner.planning.trainer_file import TrainerFile


def write_program(folder: Path, text: str) -> str:
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def say(version: str, rest: str = '"numpy": "1.24.4"') -> str:
    return f"echo 'supplementary-trials {{\"version\": [{version}], {rest}}}'"


def test_this_python_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.run", None)
    assert check_python(None).path == sys.executable


def test_another_one_tells_its_version_and_numpys(tmp_path: Path) -> None:
    path = write_program(tmp_path, f'exec {sys.executable} "$@"')
    found = check_python(path)
    assert found.path == path
    assert found.version == tuple(sys.version_info[:3])
    assert found.numpy


def test_a_link_stays_a_link_since_a_virtual_environment_lies_behind_it(tmp_path: Path) -> None:
    (tmp_path / "python").symlink_to(sys.executable)
    assert find_python(str(tmp_path / "python")) == str(tmp_path / "python")


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("exit 3", "does not answer as a Python would"),
        ("echo hello", "does not answer as a Python would"),
        (say("2, 7, 18"), "is Python 2.7.18, expected 3.8 or newer"),
        (say("3, 7, 1"), "is Python 3.7.1, expected 3.8 or newer"),
        (
            say("3, 9, 1", '"problem": "ModuleNotFoundError: No module named numpy"'),
            "this Python 3.9.1 cannot import numpy, which a trainer's data come in "
            "(ModuleNotFoundError: No module named numpy); install it there",
        ),
    ],
)
def test_what_cannot_host_a_trainer_is_refused(tmp_path: Path, program: str, sentence: str) -> None:
    path = write_program(tmp_path, program)
    with pytest.raises(RunError) as caught:
        check_python(path)
    assert str(caught.value) == f"--python {path}: {sentence}"


def test_what_is_missing_or_no_program_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="--python nothing-of-this-name: there is no such program"):
        find_python("nothing-of-this-name")
    (tmp_path / "text").write_text("")
    with pytest.raises(RunError, match="is no program that may be run"):
        find_python(str(tmp_path / "text"))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    with pytest.raises(RunError, match=r"is a folder, expected a .*; did you mean .*bin/python"):
        find_python(str(tmp_path))
    with pytest.raises(RunError, match=r"there is no such program; did you mean .*bin/python\?"):
        find_python(str(tmp_path / "bin" / "pythn"))


def test_a_file_that_only_their_python_can_read_is_read_by_it(tmp_path: Path) -> None:
    trainer = tmp_path / "train.py"
    trainer.write_text("match = ]\n")
    python = write_program(tmp_path, "echo 'supplementary-trials [\"train\"]'")
    assert TrainerFile.parse(f"{trainer}:train", python).function == "train"
    with pytest.raises(RunError, match="not valid Python at line 1"):
        TrainerFile.parse(f"{trainer}:train")
    assert list_functions(sys.executable, trainer) is None


def test_a_python_without_a_trainer_is_refused(tiny_study: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="names what runs --trainer or --command; neither is given"):
        make_plan(Request(study=str(tiny_study), sets=("A",), python=sys.executable))
