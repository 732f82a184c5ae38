"""A search end to end: what a person types, reads and gets."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import optuna
import pytest
from click.testing import CliRunner, Result

from scripts.run_search import main
from scripts.run_supplementary import main as run_supplementary
from tests.conftest import TINY_STUDY

ROOT = Path(__file__).resolve().parent.parent.parent
STUDY: dict[str, Any] = {
    "title": "A parabola",
    "task": "none",
    "metric": {"name": "loss", "direction": "minimize"},
    "rope": 0.001,
    "seeds": [0, 1, 2],
    "parameters": {
        "x": {"type": "float", "low": -5, "high": 5},
        "n": {"choices": [1, 2]},
        "words": {"type": "str"},
    },
    "base": {"x": 4, "n": 1, "words": "never said"},
}
TRAIN = """
import time

def train(configuration, data, context):
    x = configuration["x"]
    return {"loss": x**2 - x + configuration["n"]}

def slow(configuration, data, context):
    time.sleep(0.2)
    return train(configuration, data, context)

def fail(configuration, data, context):
    if configuration["n"] == 2:
        raise ValueError("n is even")
    return train(configuration, data, context)

def same(configuration, data, context):
    return {"loss": 1.0}

def rated(configuration, data, context):
    for epoch in range(8):
        context.report_epoch(val_metric=1.0 + (epoch % 2) * configuration["learning_rate"])
    return {"loss": configuration["learning_rate"]}
"""
ON = ("--study", "parabola", "--trainer", "train.py:train", "--jobs", "1")


@pytest.fixture(autouse=True)
def _go_to_a_parabola(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")
    write_study("parabola", STUDY)
    Path("train.py").write_text(TRAIN)


def write_study(name: str, content: dict[str, Any]) -> None:
    Path(name).mkdir()
    Path(name, "study.json").write_text(json.dumps(content))


def search(*arguments: str, code: int = 0) -> Result:
    told = CliRunner().invoke(main, [*ON, *arguments])
    assert told.exit_code == code, told.output
    return told


def find_folder(name: str = "search") -> Path:
    (folder,) = Path("outputs/parabola").glob(f"*/_search-{name}")
    return folder


def list_values(summary: dict[str, Any]) -> list[dict[str, Any]]:
    return [trial["values"] for trial in summary["trials"]]


LOOKS: list[tuple[list[str], set[str]]] = [
    (["--help"], {"torch", "optuna", "sklearn", "pandas", "numpy"}),
    ([*ON, "--to-distributions", "space.json"], {"torch", "optuna", "sklearn"}),
    ([*ON, "--plan"], {"torch", "optuna", "sklearn"}),
]


def test_a_look_imports_nothing_heavy() -> None:
    """All in one process: what each loads, those after it may load too."""
    code = (
        "import sys; from scripts.run_search import main\n"
        f"for arguments, heavy in {LOOKS}:\n"
        "    try: main(arguments)\n"
        "    except SystemExit as end: assert not end.code, (arguments, end.code)\n"
        "    found = heavy & set(sys.modules); assert not found, (arguments, found)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")


def test_a_search_says_its_best_its_base_and_what_comes_next() -> None:
    told = search("--trials", "8")
    for words in (
        "The best of 8 trials",
        "8 of 8 trials ended: 8 complete.",
        "better than the base (trial-00000).",
        "This is exploratory: the best of 8 trials looks better than it is",
        "search on: run_search --trials 16 --study parabola --trainer train.py:train --jobs 1",
    ):
        assert words in told.stdout
    assert "Search search of study parabola: 2 hyperparameters, sampler tpe, seed 0" in told.stderr
    assert "trial-00007 seed 0: complete" in (find_folder() / "progress.log").read_text()


def test_the_best_trials_are_a_set_that_runs_with_several_seeds() -> None:
    told = search("--trials", "8")
    (line,) = [line for line in told.stdout.splitlines() if "validate the best" in line]
    head, *arguments = shlex.split(line.partition(": ")[2])
    assert head == "run_supplementary"
    done = CliRunner().invoke(run_supplementary, arguments)
    assert done.exit_code == 0, done.output
    assert "18 fits complete." in done.stdout
    assert "BEST0" in done.stdout


def test_a_larger_number_goes_on_and_the_same_one_runs_nothing() -> None:
    first = json.loads(search("--trials", "4", "--json").stdout)
    again = search("--trials", "4", "--json")
    assert json.loads(again.stdout) == first
    assert "0 trials to run, 4 ended before" in again.stderr
    more = json.loads(search("--trials", "7", "--json").stdout)
    assert (more["counts"], list_values(more)[:4]) == ({"complete": 7}, list_values(first))
    whole = json.loads(search("--trials", "7", "--name", "whole", "--json").stdout)
    assert list_values(whole) == list_values(more)


def test_another_search_of_the_same_name_is_refused() -> None:
    search("--trials", "2")
    told = search("--trials", "2", "--sampler", "random", code=2)
    assert told.stdout == ""
    assert "sampler (tpe, and now random); take another --name" in told.stderr


def test_failed_trials_count_and_are_said_with_their_reason() -> None:
    told = search("--trials", "6", "--trainer", "train.py:fail", "--keep-going", code=1)
    assert "6 of 6 trials ended: " in told.stdout
    assert "failed" in told.stdout
    assert "error: ValueError: n is even" in told.stdout


def test_a_grid_ends_by_itself() -> None:
    Path("grid.json").write_text(
        json.dumps({"x": {"choices": [0, 1, 4]}, "n": {"choices": [1, 2]}})
    )
    told = search("--sampler", "grid", "--space", "grid.json", "--name", "grid")
    assert "7 of 7 trials ended: 6 complete and 1 repeated." in told.stdout
    assert "search on" not in told.stdout
    again = search("--sampler", "grid", "--space", "grid.json", "--name", "grid")
    assert "0 trials to run, 7 ended before" in again.stderr


def test_a_rule_ends_a_search_and_is_said() -> None:
    told = search("--trials", "30", "--stop", "same-best=3", "--trainer", "train.py:same")
    assert "of 30 trials ended" in told.stdout
    assert "The search has ended early: " in told.stdout
    assert "search on: run_search --trials 60 --study parabola" in told.stdout
    assert "--stop" not in told.stdout, "the rule would end it at once"


def test_a_smaller_number_runs_nothing_and_more_is_more_than_there_are() -> None:
    search("--trials", "4")
    told = search("--trials", "2")
    assert "4 trials ended: 4 complete." in told.stdout
    assert "search on: run_search --trials 8 " in told.stdout


def test_a_record_that_is_gone_is_made_again_though_all_trials_have_ended() -> None:
    first = json.loads(search("--trials", "4", "--json").stdout)
    record = find_folder() / "trial-00002" / "seed-0" / "record.json"
    record.unlink()
    again = json.loads(search("--trials", "4", "--json").stdout)
    assert record.exists()
    assert list_values(again) == list_values(first)


def test_time_ends_a_search() -> None:
    told = search("--hours", "0.0001", "--trainer", "train.py:slow")
    assert "The search has ended early: 0.0001 hours have passed" in told.stdout
    assert "search on: run_search --hours 0.0001 --study parabola" in told.stdout


def test_how_a_search_stands_is_read_without_a_change() -> None:
    search("--trials", "3", "--sampler", "random", "--seed", "5")
    before = {path: path.stat().st_mtime_ns for path in Path("outputs").rglob("*")}
    told = search("--status")
    assert "3 trials ended: 3 complete." in told.stdout
    assert {path: path.stat().st_mtime_ns for path in Path("outputs").rglob("*")} == before


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "scripts.run_search", *ON, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def read_until(process: subprocess.Popen[str], words: str) -> Iterator[str]:
    assert process.stderr is not None
    for line in process.stderr:
        yield line
        if words in line:
            return
    pytest.fail(f"the command ended without saying {words!r}")


@pytest.mark.parametrize(
    ("sign", "code", "word"),
    [
        (signal.SIGINT, 130, "Interrupted"),
        pytest.param(signal.SIGTERM, 143, "Terminated", marks=pytest.mark.slow),
    ],
)
def test_an_interrupted_search_goes_on_as_if_it_had_not_been(
    sign: signal.Signals, code: int, word: str
) -> None:
    slow = ("--trials", "4", "--trainer", "train.py:slow")
    process = start(*slow)
    list(read_until(process, "trial-00001 seed 0: started"))
    process.send_signal(sign)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert f"{word}; finished fits are kept, and the same command goes on." in err
    status = search("--status", "--trainer", "train.py:slow").stdout
    assert "Interrupted: trial-00001; the same command goes on with what was begun." in status
    resumed = json.loads(search(*slow, "--json").stdout)
    whole = json.loads(search(*slow, "--name", "whole", "--json").stdout)
    assert resumed["counts"] == {"complete": 4}
    assert list_values(resumed) == list_values(whole)


def test_a_check_finds_nothing_wrong_where_nothing_is() -> None:
    told = search("--check")
    assert "Do the trials differ? yes" in told.stdout
    assert "Nothing is wrong." in told.stdout
    assert find_folder("search-check").is_dir()
    assert "0 trials to run, 5 ended before" in search("--check").stderr


def test_a_space_that_was_mended_is_checked_anew() -> None:
    search("--check")
    Path("space.json").write_text(json.dumps({"x": {"type": "float", "low": 0, "high": 1}}))
    told = search("--check", "--space", "space.json")
    assert "5 trials to run" in told.stderr
    assert find_folder("search-check-2").is_dir()


def test_a_check_ends_with_1_where_something_is_wrong() -> None:
    told = search("--check", "--trainer", "train.py:same", code=1)
    assert "Do their scores differ? NO: loss 1.00000 in every trial" in told.stdout
    told = search("--check", "--trainer", "train.py:fail", "--json", code=1)
    lines = {line["question"]: line for line in json.loads(told.stdout)["lines"]}
    assert "error: ValueError: n is even" in lines["Do they end?"]["answer"]


def test_the_manual_protocol_says_why_it_takes_each_rate() -> None:
    rate = {"learning_rate": {"type": "float", "low": 1e-4, "high": 1, "log": True}}
    write_study("rated", {**STUDY, "parameters": rate, "base": {"learning_rate": 0.8}})
    told = search(
        "--study", "rated", "--trainer", "train.py:rated", "--sampler", "manual", "--json"
    )
    trials = json.loads(told.stdout)["trials"]
    assert 1 < len(trials) <= 5
    rates = [trial["values"]["learning_rate"] for trial in trials]
    assert rates[:2] == pytest.approx([0.8, 0.4])
    assert "oscillates" in trials[1]["why"]


def test_the_space_is_written_as_optuna_reads_it() -> None:
    told = search("--to-distributions", "mine.json")
    assert told.stdout == "mine.json\n"
    read = {
        name: optuna.distributions.json_to_distribution(text)
        for name, text in json.loads(Path("mine.json").read_text()).items()
    }
    assert read == {
        "x": optuna.distributions.FloatDistribution(-5, 5),
        "n": optuna.distributions.CategoricalDistribution([1, 2]),
    }


def test_a_plan_tells_the_space_the_time_and_the_phases() -> None:
    search("--trials", "3")
    told = search("--plan", "--trials", "30").stdout
    for words in (
        "# Search space: A parabola",
        "measured on 3 fits",
        "## Remarks",
        "**Explore**: 18 trials over the whole space",
        "run_search --study parabola --name explore",
    ):
        assert words in told
    page = json.loads(search("--plan", "--trials", "30", "--json").stdout)
    assert (page["trials"], page["workers"], len(page["phases"])) == (30, 1, 3)


def test_every_phase_is_a_command_that_is_accepted() -> None:
    Path("outputs").mkdir()
    for name, _, line in json.loads(search("--plan", "--trials", "10", "--json").stdout)["phases"]:
        head, *arguments = shlex.split(line)
        program = main if head == "run_search" else run_supplementary
        told = CliRunner().invoke(program, [*arguments, "--jobs", "1"])
        assert told.exit_code == 0, (name, told.output)


@pytest.mark.slow
def test_a_network_of_ours_is_tested_for_its_rate_and_searched() -> None:
    write_study("tiny", TINY_STUDY)
    space = {"lr": {"type": "float", "low": 1e-4, "high": 1e-2, "log": True}}
    Path("tiny/space.json").write_text(json.dumps(space))
    told = CliRunner().invoke(main, ["--study", "tiny", "--find-learning-rate", "--jobs", "1"])
    assert told.exit_code == 0, told.output
    (figure,) = Path("outputs/tiny").glob("*/_range-test/*/learning-rate.png")
    assert figure.read_bytes().startswith(b"\x89PNG")
    assert f"Figure: {figure}" in told.stdout
    told = CliRunner().invoke(
        main, ["--study", "tiny", "--sampler", "manual", "--trials", "2", "--jobs", "1"]
    )
    assert told.exit_code == 0, told.output
    assert "Baselines on the same rows: " in told.stdout
    assert "Range test: " in told.stderr
