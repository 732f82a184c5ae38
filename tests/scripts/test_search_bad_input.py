"""Whatever is wrong with a search that is asked for: one sentence, exit code 2, nothing written.

Every kind is bent from a study, a space and a table that work.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from scripts.run_search import main
from tests.scripts.any_task import DATA, FUNCTION, STUDY, write, write_example

ON = ("--study", "any", *DATA, *FUNCTION)
ENDS = ("--trials", "3")
NAMES = "expected letters, digits, dots, dashes and underscores, 64 at most"


@pytest.fixture(autouse=True)
def _go_to_a_working_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    write_example(rng)


def refuse(*arguments: str, message: str) -> None:
    """Hold that a command is refused in one sentence, and leaves nothing."""
    before = sorted(Path().rglob("*"))
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    lines = result.stderr.strip().splitlines()
    assert message in lines[-1], result.stderr
    assert "Traceback" not in result.stderr
    assert len(lines) == 1 or lines[0].startswith("Usage:")
    assert sorted(Path().rglob("*")) == before


def write_space(content: object) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    Path("space.json").write_text(text)


OPTIONS: list[tuple[list[str], str]] = [
    ([], "--sampler tpe: say how long it searches, with --trials or --hours"),
    (["--sampler", "random"], "--sampler random: say how long it searches"),
    (["--trials", "0"], "Invalid value for '--trials'"),
    (["--trials", "many"], "Invalid value for '--trials'"),
    (["--trials", "1000000"], "Invalid value for '--trials'"),
    (["--hours", "0"], "Invalid value for '--hours'"),
    (["--hours", "nan"], "Invalid value for '--hours'"),
    (["--hours", "1e9"], "Invalid value for '--hours'"),
    (["--sampler", "tep", *ENDS], "Invalid value for '--sampler'"),
    (["--pruner", "medain", *ENDS], "Invalid value for '--pruner'"),
    (["--seed", "-1", *ENDS], "Invalid value for '--seed'"),
    (["--seed", "4294967296", *ENDS], "Invalid value for '--seed'"),
    (["--name", "", *ENDS], NAMES),
    (
        ["--name", "../x", *ENDS],
        NAMES,
    ),
    (
        ["--name", "x" * 65, *ENDS],
        NAMES,
    ),
    (["--stop", "gian", *ENDS], "expected gain, same-best or no-better"),
    (["--stop", "gain=2", *ENDS], "expected a share between 0 and 1"),
    (["--stop", "same-best=1.5", *ENDS], "expected so many trials"),
    (["--stop", "gain", "--stop", "gain=0.1", *ENDS], "gain stands twice"),
    (["--plan", "--check"], "--plan and --check exclude each other"),
    (["--status", "--find-learning-rate"], "--find-learning-rate and --status exclude each other"),
    (
        ["--plan", "--to-distributions", "x.json"],
        "--plan and --to-distributions exclude each other",
    ),
    (["--find-learning-rate"], "--find-learning-rate tests the built-in networks"),
    (["--sampler", "manual", "--trials", "6"], "the sampler manual ends after 5 fits"),
    (["--sampler", "manual"], "the space has no dimension learning_rate of numbers above 0"),
    (["--sampler", "grid"], "rate"),
    (["--study-from", "nowhere.db", *ENDS], "nowhere.db"),
    (["--space", "nowhere.json", *ENDS], "nowhere.json"),
    (["--epochs", "3", *ENDS], "--epochs"),
    (["--label", "w", *ENDS], "w"),
    (["--python", "nowhere/python", *ENDS], "there is no such program"),
    (["--status"], "--status: there is no search 'search' in"),
    (
        ["--to-distributions", "nowhere/x.json"],
        "--to-distributions nowhere/x.json: No such file or directory",
    ),
    (["--sampler", "manual", "--stop", "gain"], "the sampler manual ends by rules of its own"),
    (["--sampler", "manual", "--jobs", "2"], "looks at each fit before the next"),
    (["--sampler", "manual", "--study-from", "x.db"], "learns nothing from other trials"),
    (["--sampler", "grid", "--study-from", "x.db"], "learns nothing from other trials"),
    (["--jobs", "0", *ENDS], "Invalid value for '--jobs'"),
    (["--set", "A", *ENDS], "No such option"),
]


@pytest.mark.parametrize(("arguments", "message"), OPTIONS, ids=lambda v: " ".join(v)[-40:])
def test_an_option(arguments: list[str], message: str) -> None:
    refuse(*ON, *arguments, message=message)


def test_the_example_itself_is_accepted() -> None:
    result = CliRunner().invoke(main, [*ON, "--plan", "--json"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["trials"] is None
    assert not Path("outputs").exists()


SPACES: list[tuple[object, str]] = [
    ("{", "space.json"),
    ({}, "space.json"),
    ({"rat": {"type": "float", "low": 0.1, "high": 1}}, "did you mean rate?"),
    ({"rate": {"type": "float", "low": 0.1}}, "high is missing"),
    ({"rate": {"type": "float", "low": 0, "high": 1, "log": True}}, "low"),
    ({"rate": {"type": "float", "low": 1, "high": 0.1}}, "low=1 is above high=0.1"),
    ({"rate": {"type": "float", "low": 0.1, "high": 5}}, "5"),
    ({"rate": {"type": "flaot", "low": 0.1, "high": 1}}, "expected 'float', 'int'"),
    ({"depth": {"type": "int", "low": 1, "high": 9, "step": 0.5}}, "step"),
    ({"depth": {"choices": [3, 3]}}, "stands twice"),
    ({"depth": {"choices": [3, 5], "when": {"rate": [0.1]}}}, "rate"),
]


@pytest.mark.parametrize(("space", "message"), SPACES, ids=lambda v: json.dumps(v)[:50])
def test_a_space(space: object, message: str) -> None:
    write_space(space)
    refuse(*ON, "--space", "space.json", *ENDS, message=message)


STUDIES: list[tuple[dict[str, Any], str]] = [
    ({"parameters": {"rate": {"type": "float"}, "depth": {"type": "int"}}}, "nothing varies"),
    ({"base": {"depth": 3}, "parameters": {"rate": {"type": "float"},
                                           "depth": {"type": "int", "low": 1, "high": 3}}},
     "rate has no value"),
    ({"seeds": []}, "seeds"),
    ({"rope": None}, "rope is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), STUDIES, ids=lambda v: json.dumps(v)[:50])
def test_a_study(change: dict[str, Any], message: str) -> None:
    study = {k: v for k, v in {**STUDY, "controls": {}, **change}.items() if v is not None}
    write("study", study)
    Path("any/A.json").unlink()
    refuse(*ON, *ENDS, message=message)
