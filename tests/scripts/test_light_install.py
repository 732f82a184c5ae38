"""What an installation without the extra `run` can do, and what it says about the rest."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.running.extra import PACKAGES
from tests.analysis.readers.optuna.test_sqlite import V3, store

ROOT = Path(__file__).resolve().parent.parent.parent
HIDE = """
import sys
from importlib.machinery import PathFinder

class Hiding(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in {hidden} else super().find_spec(name, path, target)

sys.meta_path[:] = [Hiding if finder is PathFinder else finder for finder in sys.meta_path]
sys.argv[0] = "{command}"
from scripts.{command} import main
main()
"""
Answer = subprocess.CompletedProcess[str]


def call(command: str, *arguments: str, hidden: tuple[str, ...] = tuple(PACKAGES)) -> Answer:
    """Run a command as if some packages were not installed."""
    script = HIDE.format(hidden=set(hidden), command=command)
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "COLUMNS": "200", "PYTHONWARNINGS": "error"},
    )


@pytest.fixture(autouse=True)
def _go_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_results_of_other_tools_are_read() -> None:
    Path("grid.csv").write_text("lr,opt,value\n0.1,adam,0.8\n0.01,sgd,0.9\n0.1,sgd,0.7\n")
    trials = [{"params": {"lr": 0.1, "opt": "adam"}, "value": value} for value in (0.6, 0.65)]
    Path("results.json").write_text(json.dumps(trials))
    store(Path("study.db"), V3)
    answer = call("analyze", "grid.csv", "results.json", "study.db", "--direction", "maximize")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "6 finished trials" in answer.stdout
    assert "slice-lr.png" in Path("outputs/reports/grid-and-2-more/report.md").read_text()


def test_records_of_this_project_are_read() -> None:
    shutil.copytree(ROOT / "outputs" / "example", "outputs/example")
    answer = call("analyze", "--no-figures")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "confirmed" in answer.stdout


@pytest.mark.parametrize("looks", [["--help"], ["--version"], ["--list"], ["--new-study", "mine"]])
def test_sets_can_be_looked_at_and_written(looks: list[str]) -> None:
    answer = call("run_supplementary", *looks)
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize("look", [[], ["--dry-run"], ["--status"]])
def test_a_run_names_all_that_is_missing_and_how_to_get_it(look: list[str]) -> None:
    answer = call("run_supplementary", "--set", "A", *look)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == (
        "Error: run_supplementary needs arch, joblib, pyarrow, scikit-learn, TA-Lib, threadpoolctl "
        "and torch, which are not installed: pip install '.[run]' in the checkout, "
        "or make install there\n"
    )
    assert not Path("outputs").exists()


def test_a_search_without_its_extra_is_refused_and_its_options_shown() -> None:
    answer = call("run_search", "--help")
    assert (answer.returncode, answer.stderr) == (0, "")
    answer = call("run_search", "--study", "lstm", "--trials", "3")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("Error: run_search needs arch, joblib, pyarrow")
    answer = call("run_search", "--study", "lstm", "--trials", "3", hidden=("optuna", "cmaes"))
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == (
        "Error: a search needs cmaes and optuna, which are not installed: "
        "pip install '.[search]' in the checkout, or make install there\n"
    )
    assert not Path("outputs").exists()


def test_a_run_names_the_one_package_that_is_missing() -> None:
    answer = call("run_supplementary", "--set", "A", "--dry-run", hidden=("talib",))
    assert answer.returncode == 2
    assert re.match(r"Error: run_supplementary needs TA-Lib, which is not installed", answer.stderr)
