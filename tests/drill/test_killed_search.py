"""A search is killed at random moments, or shared: nothing is lost, doubled, or proposed anew."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from runner.search.opening import read_outcome
from runner.search.outcome import SearchOutcome
from runner.search.planning import plan_search
from tests.drill.batch import ROOT
from tests.runner.search.conftest import ask_for, run, tell, write_study
from trial_sets.records.record import Record
from trial_sets.records.search_info import SAMPLERS

PARAMETERS = {
    "x": {"type": "float", "low": -5, "high": 5, "step": 0.25},
    "learning_rate": {"choices": [0.001, 0.01, 0.1]},
    "units": {"type": "int", "low": 1, "high": 40},
}
CODE = """import os, time
def train(configuration, data, context):
    with open(os.environ["SEARCH_DIARY"], "a") as diary:
        diary.write(f"{configuration}\\n")
    x, loss = configuration["x"], 0.1 * configuration["units"]
    for epoch in range(1, 14):
        time.sleep(0.004)
        context.report_epoch(val_metric=x * x - x + loss + 3.0 / epoch, train_loss=1.0)
    return {"loss": x * x - x + loss}
"""
ENDS_WITHIN_S = 100


@dataclass
class Search:
    """One search in a folder of its own, run by one process after another."""

    study: Path
    options: dict[str, Any]
    processes: list["subprocess.Popen[str]"] = field(default_factory=list)

    @property
    def diary(self) -> Path:
        return self.study.parent / "diary"

    def start(self) -> "subprocess.Popen[str]":
        """Start a process, and wait until it has begun a trial or has ended."""
        words = ["-m", "tests.drill.search_command", self.study, json.dumps(self.options)]
        process = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "SEARCH_DIARY": str(self.diary)},
        )  # fmt: skip
        self.processes.append(process)
        assert process.stdout is not None
        process.stdout.readline()
        return process

    def end(self) -> None:
        """Wait for all processes that run."""
        for process in self.processes:
            process.communicate(timeout=ENDS_WITHIN_S)

    def outcome(self) -> SearchOutcome:
        return read_outcome(plan_search(ask_for(self.study, **self.options)))

    def records(self) -> dict[str, Record]:
        folder = plan_search(ask_for(self.study, **self.options)).folder
        return {record.name: record for record in folder.records()}

    def files(self) -> dict[str, bytes]:
        """Return the records as they lie on the disk."""
        folder = plan_search(ask_for(self.study, **self.options)).folder
        return {str(fit): (fit / "record.json").read_bytes() for fit in folder.list_fits()}

    def check(self) -> None:
        """Hold that storage and records say the same, and each trial has its one record."""
        outcome, records = self.outcome(), self.records()
        assert [t.number for t in outcome.trials] == list(range(len(outcome.trials)))
        own = [t for t in outcome.trials if t.counts and not t.is_repeat]
        assert {t.name for t in own} == set(records)
        for trial in own:
            record = records[trial.name]
            assert record.status == trial.state
            assert record.configuration is not None
            assert dict(record.configuration.settings) == trial.values
            if trial.state == "complete":
                assert record.score == trial.score
        assert len({record.key for record in records.values()}) == len(records)


def make(folder: Path, **options: Any) -> Search:
    study = write_study(folder, PARAMETERS, {"x": 4.0, "learning_rate": 0.1, "units": 40}, CODE)
    return Search(study, {"trials": 20, "seed": 3, **options})


def play(search: Search, rng: Random, kills: int) -> None:
    """Kill the runner so many times at random moments, and then let it end."""
    for _ in range(kills):
        process = search.start()
        time.sleep(rng.random() * 1.0)
        before = search.files() if search.outcome().trials else {}
        process.kill()
        process.communicate()
        after = search.files()
        assert {fit: after.get(fit) for fit in before} == before
    search.start()
    search.end()
    assert search.processes[-1].returncode == 0


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("sampler", "pruner", "trials"),
    [
        ("random", "median", 8),
        *(
            pytest.param(sampler, pruner, 20, marks=pytest.mark.slow)
            for sampler in SAMPLERS
            for pruner in ("none", "median")
        ),
    ],
)
def test_a_killed_search_proposes_what_it_would_have_proposed(
    sampler: str, pruner: str, trials: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sampler == "manual" and pruner != "none":
        pytest.skip("the manual protocol has no pruner")
    asked: dict[str, Any] = {"sampler": sampler, "pruner": pruner, "trials": trials}
    whole = make(tmp_path / "whole", **asked)
    monkeypatch.setenv("SEARCH_DIARY", str(whole.diary))
    run(ask_for(whole.study, **whole.options))
    whole.check()
    killed = make(tmp_path / "killed", **asked)
    play(killed, Random(f"{sampler} {pruner}"), kills=2)
    killed.check()
    assert tell(killed.outcome()) == tell(whole.outcome())


def cut_journal(search: Search, rng: Random) -> None:
    path = plan_search(ask_for(search.study, **search.options)).folder.journal
    if path.exists():
        os.truncate(path, rng.randrange(path.stat().st_size + 1))


def spoil_journal(search: Search, rng: Random) -> None:
    path = plan_search(ask_for(search.study, **search.options)).folder.journal
    if path.exists():
        lines = path.read_bytes().splitlines(keepends=True)
        lines.insert(rng.randrange(len(lines)), b"{nothing\n")
        path.write_bytes(b"".join(lines))


def remove_journal(search: Search, rng: Random) -> None:
    del rng
    plan_search(ask_for(search.study, **search.options)).folder.journal.unlink(missing_ok=True)


def tear_record(search: Search, rng: Random) -> None:
    if files := sorted(search.files()):
        path = Path(rng.choice(files)) / "record.json"
        path.write_bytes(path.read_bytes()[: rng.randrange(100)])


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_faults_between_and_within_the_runs_of_a_search_lose_nothing(tmp_path: Path) -> None:
    """Runners and workers are killed, journals and records are spoilt, two runners share it."""
    rng = Random(int(os.environ.get("SEARCH_SEED", "7")))
    spoils = [cut_journal, spoil_journal, remove_journal, tear_record, None]
    for number in range(int(os.environ.get("SEARCH_ROUNDS", "3"))):
        sampler = rng.choice(["random", "tpe", "cmaes", "qmc"])
        search = make(tmp_path / str(number), sampler=sampler, jobs=2, trials=24)
        for _ in range(5):
            for _ in range(rng.choice([1, 1, 2])):
                process = search.start()
            time.sleep(rng.random())
            os.kill(rng.choice([process.pid, *list_children(process.pid)]), signal.SIGKILL)
            for other in search.processes[:-1]:
                other.kill()
            process.kill()
            search.end()
            spoil = rng.choice(spoils)
            if spoil is not None:
                spoil(search, rng)
        search.start()
        search.end()
        assert search.processes[-1].returncode == 0
        assert sum(trial.counts for trial in search.outcome().trials) == 24
        search.check()


def list_children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in children.read_text().split()] if children.exists() else []


@pytest.mark.timeout(300)
def test_two_runners_share_a_search_and_stop_together(tmp_path: Path) -> None:
    search = make(tmp_path, sampler="tpe", trials=16)
    search.start()
    search.start()
    search.end()
    assert [process.returncode for process in search.processes] == [0, 0]
    assert len(search.outcome().trials) == 16
    search.check()
    assert set(Counter(search.diary.read_text().splitlines()).values()) == {1}


@pytest.mark.timeout(300)
def test_what_a_killed_runner_leaves_the_other_takes_over(tmp_path: Path) -> None:
    search = make(tmp_path, sampler="random", trials=16, jobs=2)
    first = search.start()
    search.start()
    first.send_signal(signal.SIGKILL)
    search.end()
    assert search.processes[1].returncode == 0
    assert len(search.outcome().trials) == 16
    assert all(trial.has_ended for trial in search.outcome().trials)
    search.check()


@pytest.mark.timeout(300)
def test_a_killed_worker_costs_an_attempt_alone(tmp_path: Path) -> None:
    search = make(tmp_path, sampler="random", trials=10)
    process = search.start()
    for pid in list_children(process.pid):
        os.kill(pid, signal.SIGKILL)
    search.end()
    assert process.returncode == 0
    assert [t.state for t in search.outcome().trials] == ["complete"] * 10
    search.check()
