"""Whatever is wrong with a search that is asked for: one sentence, exit code 2, nothing written.

Every kind is bent from a study, a space and a table that work.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from scripts.run_search import main
from tests.scripts.any_task import DATA, FUNCTION, write_example

ON = ("--study", "any", *DATA, *FUNCTION)
ENDS = ("--trials", "3")


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
    ([], "say how far to go: --trials N, --hours HOURS, or both"),
    (["--sampler", "random"], "say how far to go"),
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
    (["--name", "", *ENDS], "expected a name of at most 64 letters"),
    (["--name", "../x", *ENDS], "expected a name of at most 64 letters"),
    (["--name", "x" * 65, *ENDS], "expected a name of at most 64 letters"),
    (["--stop", "gian", *ENDS], "expected gain, same-best or no-better"),
    (["--stop", "gain=2", *ENDS], "expected a share between 0 and 1"),
    (["--stop", "same-best=1.5", *ENDS], "expected so many trials"),
    (["--stop", "gain", "--stop", "gain=0.1", *ENDS], "gain stands twice"),
    (["--plan", "--check"], "--plan and --check exclude each other"),
    (["--status", "--find-learning-rate"], "--find-learning-rate and --status exclude each other"),
    (["--plan", "--to-optuna", "x.json"], "--plan and --to-optuna exclude each other"),
    (["--find-learning-rate"], "--find-learning-rate tests the built-in networks"),
    (["--sampler", "manual", "--trials", "6"], "the sampler manual ends after 5 fits"),
    (["--sampler", "manual", "--pruner", "median"], "the sampler manual judges whole fits"),
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
