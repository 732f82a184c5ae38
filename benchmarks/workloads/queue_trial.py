"""One queue through one batch: started, perhaps bereft of a process, and counted afterwards."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from benchmarks.peers.environment import VENV
from benchmarks.workloads.queue_work import Diary, write_work
from tests.processes import list_marked
from trial_sets.records.record import Record
from trial_sets.strict_json import check, read_json

ROOT = Path(__file__).resolve().parents[2]
MARK = "SUPPLEMENTARY_TRIALS_QUEUE"
OURS = "this project"
LEAVES_WITHIN_S = 15.0  # after the end of a queue, what it has started is to be gone

Victim = Literal["nobody", "a worker", "what was started first"]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a queue is given."""

    queue: str
    fits: int
    workers: int
    seconds: float  # a fit
    victim: Victim = "nobody"
    limit_s: float = 180.0  # a queue that has not ended by then is said to hang


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of it."""

    diary: Diary
    results: int  # fits with one result
    first_fit_s: float  # from the commands to the first fit
    span_s: float  # from the first fit's beginning until the last result lay on the disk
    whole_s: float  # from the commands to the end of the last of them
    killed_s: float | None  # from the commands to the kill
    hung: bool
    codes: tuple[int, ...]
    left: int  # processes that were still there a while after the end


def try_batch(batch: Batch, folder: Path) -> Counted:
    """Give a queue its batch in an empty folder, and count what it leaves."""
    trainer = write_work(folder, batch.fits, batch.workers, batch.seconds)
    started, monotonic = time.time(), time.monotonic()
    with _marked(folder):
        commands = [_start(command, folder) for command in _list_commands(batch, trainer)]
        killed_s = None
        if batch.victim != "nobody":
            _kill(batch, commands, folder)
            killed_s = time.monotonic() - monotonic
        hung = not _await_end(commands, monotonic + batch.limit_s)
        whole_s = time.monotonic() - monotonic
        codes = tuple(code for command in commands if (code := command.poll()) is not None)
        left = 0 if hung else _count_left(folder)
    diary = Diary.read(folder)
    begun = min(diary.list_times("begin"), default=started)
    results = _list_results(batch, folder)
    written = max((path.stat().st_mtime for path in results), default=begun)
    return Counted(
        diary=diary,
        results=len(results),
        first_fit_s=begun - started,
        span_s=written - begun,
        whole_s=whole_s,
        killed_s=killed_s,
        hung=hung,
        codes=codes,
        left=left,
    )


def _list_commands(batch: Batch, trainer: Path) -> list[list[str]]:
    """Return what a person would start: as many runners, or the one script of a peer."""
    folder = trainer.parent
    if batch.queue != OURS:
        python = str(VENV / "bin" / "python")
        numbers = [str(batch.fits), str(batch.workers)]
        return [[python, "-m", "benchmarks.peers.queues", batch.queue, *numbers, str(folder)]]
    command = [sys.executable, "-m", "scripts.run_supplementary", "--study", str(folder / "sleep")]
    command += ["--set", "A", "--trainer", f"{trainer}:train", "--device", "cpu", "--jobs", "1"]
    return [[*command, "--output", str(folder / "outputs")]] * batch.workers


def _start(command: list[str], folder: Path) -> "subprocess.Popen[Any]":
    with (folder / "log").open("a") as log:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, MARK: str(folder), "PYTHONPATH": str(ROOT)},
        )


def _kill(batch: Batch, commands: "list[subprocess.Popen[Any]]", folder: Path) -> None:
    """Kill a process with SIGKILL a second after every worker's first fit has ended."""
    end = time.monotonic() + batch.limit_s
    while time.monotonic() < end:
        diary = Diary.read(folder)
        if len(diary.list_times("end")) >= batch.workers and (busy := diary.find_busy()):
            break
        time.sleep(0.05)
    else:
        return
    time.sleep(1.0)
    os.kill(busy[-1] if batch.victim == "a worker" else commands[0].pid, signal.SIGKILL)


def _await_end(commands: "list[subprocess.Popen[Any]]", end: float) -> bool:
    """Wait for all commands until then; return whether they have ended."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        for command in commands:
            command.wait(max(0.0, end - time.monotonic()))
        return True
    return False


def _count_left(folder: Path) -> int:
    """Return how many processes are still there a while after the end."""
    end = time.monotonic() + LEAVES_WITHIN_S
    while (left := len(list_marked(f"{MARK}={folder}"))) and time.monotonic() < end:
        time.sleep(0.2)
    return left


def _list_results(batch: Batch, folder: Path) -> list[Path]:
    """Return the files of results, each of another fit."""
    if batch.queue != OURS:
        return list((folder / "results").glob("[0-9]*.json"))
    paths = list((folder / "outputs").rglob("seed-*/record.json"))
    records = [check(Record, read_json(path), str(path)) for path in paths]
    names = {record.names for record in records if record.status == "complete"}
    assert len(names) == len(records), "every record is of another fit, and complete"
    return paths


@contextlib.contextmanager
def _marked(folder: Path) -> Iterator[None]:
    """End in the end whatever was started for a folder."""
    try:
        yield
    finally:
        while pids := list_marked(f"{MARK}={folder}"):
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.1)
