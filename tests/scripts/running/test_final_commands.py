"""What a batch and a search print at their end runs as it is printed."""

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis.runs.run import read_run
from analysis.verdicts.candidate import weigh_candidate
from scripts.analyze import main as analyze
from scripts.run_search import main as run_search
from scripts.run_supplementary import main as run_supplementary
from scripts.running.final_commands import name_next_study
from tests.conftest import TINY_SET, TINY_STUDY
from trial_sets.records.layout import RunLayout, list_folders, list_runs

COMMANDS = {
    "run_supplementary": run_supplementary,
    "run_search": run_search,
    "analyze": analyze,
}
SPACE = {"dimensions": {"dropout": {"type": "float", "low": 0.0, "high": 0.5}}}


@pytest.fixture(autouse=True)
def _go_to_a_tiny_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tiny").mkdir()
    for name, content in {"study": TINY_STUDY, "A": TINY_SET, "space": SPACE}.items():
        Path("tiny", f"{name}.json").write_text(json.dumps(content))


def call(command: str) -> str:
    name, *arguments = shlex.split(command)
    found = CliRunner().invoke(COMMANDS[name], arguments)
    assert found.exit_code == 0, found.output
    return found.stdout


def list_next(told: str) -> dict[str, str]:
    """Return the commands below the last `Next:`, by the first word of their purposes."""
    lines = told.rpartition("Next:\n")[2].splitlines()
    return {line.split()[0].strip(":"): line.rpartition(": ")[2] for line in lines}


def find_tested() -> RunLayout:
    """Return the one run that has looked at its test rows; a file of trials is a study too."""
    runs = [run for study in list_folders(Path("outputs")) for run in list_runs(study)]
    (tested,) = [run for run in runs if run.of_test().has_fits()]
    return tested


def check_look(trial: str) -> None:
    """Hold a finished look to what it should have left: all seeds, control, baselines."""
    run = read_run(find_tested().path)
    (look,) = run.looks
    assert (look.trial, look.seeds) == (trial, (3, 5))
    assert look.finished is not None
    (test,) = weigh_candidate(run).tests
    assert (test.trial, test.control, test.n_seeds) == (trial, "K", 2)
    assert {rival.name for rival in test.rivals} == {"prevalence", "logistic", "boosting"}
    assert all(rival.contrast is not None for rival in test.rivals)
    assert {fit.record.kind for fit in run.fits} == {"trial", "control", "baseline"}


@pytest.mark.slow
def test_a_batchs_commands_run_as_printed() -> None:
    told = call("run_supplementary --study tiny --set A --device cpu --jobs 1")
    asked = list_next(told)
    assert asked["report"].startswith("analyze outputs/tiny/")
    call(asked["report"])
    call(asked["the"])  # next round
    assert Path("tiny-2/proposal.md").is_file()
    winner = shlex.split(asked["2."])[2]
    assert f"--trial {winner} --trial K --seeds 2" in asked["1."]
    assert asked["1."].endswith("--study tiny --epochs 4")
    call(asked["1."])
    after = list_next(call(asked["2."]))
    assert set(after) == {"report"}
    check_look(winner)
    call(after["report"])
    text = (find_tested().path / "report.md").read_text()
    assert f"The test period was looked at once (for {winner})." in text
    assert "| Test AUC" in text.replace("|   Test AUC", "| Test AUC")


@pytest.mark.slow
def test_a_searchs_commands_run_as_printed() -> None:
    told = call("run_search --study tiny --trials 2 --sampler random --device cpu --jobs 1")
    asked = list_next(told)
    assert "--seeds 2" in asked["1."]
    assert "--epochs 4" in asked["1."]
    assert "--evaluate-test BEST1" in asked["2."]
    call(asked["report"])
    (report,) = Path("outputs/tiny").glob("*/_search-search/report.md")
    for step in ("1.", "2."):  # the report prints the same, whatever the order of its options
        words = set(shlex.split(asked[step]))
        spans = report.read_text().split("`")[1::2]
        assert any(set(shlex.split(span)) == words for span in spans if span.startswith("run_"))
    call(asked["1."])
    call(asked["2."])
    check_look("BEST1")


def test_a_search_of_a_trainers_own_hyperparameters_says_no_epochs() -> None:
    study = {
        "title": "P", "task": "none", "metric": {"name": "loss", "direction": "minimize"},
        "rope": 0.001, "seeds": [0, 1, 2], "base": {"x": 4.0},
        "parameters": {"x": {"type": "float", "low": -5, "high": 5}},
    }  # fmt: skip
    Path("parabola").mkdir()
    Path("parabola/study.json").write_text(json.dumps(study))
    Path("train.py").write_text(
        "def train(configuration, data, context):\n    return {'loss': configuration['x'] ** 2}\n"
    )
    told = call("run_search --study parabola --trainer train.py:train --trials 2 --jobs 1")
    asked = list_next(told)
    assert "--epochs" not in asked["1."]
    assert "2." not in asked  # no rows are known


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("digits", "digits-2"),
        ("digits-2", "digits-3"),
        ("my-study", "my-study-2"),
        ("a" * 32, f"{'a' * 30}-2"),
    ],
)
def test_the_next_rounds_name_counts_on(name: str, after: str) -> None:
    assert name_next_study(name) == after
