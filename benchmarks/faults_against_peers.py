"""What Optuna, plain joblib and this project lose to the same faults.

Twenty tasks of a third of a second run on two workers. A second after the first task began, a
worker or the whole process group is killed with SIGKILL; or one task raises. Then the same command
is given again, as a person would, and what there is afterwards is counted.

``python -m benchmarks.faults_against_peers`` prints the table; the other tools are installed for
benchmarks alone.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.machine import Row, save_results
from benchmarks.peers.environment import TASKS, VENV, install_peers
from benchmarks.peers.faults import N_TASKS, PEERS, TASK_S
from runner.summaries.status import StatusSummary
from tests.drill.batch import Batch

ENDS_WITHIN_S = 180.0
KILLS = ("a worker is killed", "everything is killed")
FAULTS = ("none", *KILLS, "a task raises")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What there is after the second command."""

    codes: tuple[int, int]  # exit codes of the two commands
    done_first: int  # tasks whose result was there after the first command
    done: int
    trained: int  # how often a task was run to its end, in both commands
    for_ever_running: int


def try_peer(peer: str, fault: str, folder: Path) -> Outcome:
    """Give a peer's command twice, the first time with a fault."""
    codes, counts = [], []
    command = [str(VENV / "bin" / "python"), str(TASKS), peer]
    for injected in (fault, "none"):
        process = subprocess.Popen(
            [*command, injected, str(folder)], start_new_session=True, stderr=subprocess.DEVNULL
        )
        if injected in KILLS:
            _let_work(process, (folder / "began").exists)
            if injected == "everything is killed":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                os.kill(_find_worker(process.pid), signal.SIGKILL)
        try:
            codes.append(process.wait(ENDS_WITHIN_S))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            codes.append(process.wait())
        said = subprocess.run(
            [*command, "count", str(folder)], check=True, capture_output=True, text=True
        )
        done, running = map(int, said.stdout.split())
        counts.append((done, running))
    trained = len((folder / "diary").read_text().split())
    return Outcome((codes[0], codes[1]), counts[0][0], counts[1][0], trained, counts[1][1])


def _let_work(process: "subprocess.Popen[Any]", has_begun: Callable[[], bool]) -> None:
    """Wait until a second after the first task began."""
    while not has_begun() and process.poll() is None:
        time.sleep(0.02)
    time.sleep(1.0)


def _find_worker(parent: int) -> int:
    """Return a child process that does the work; the command itself where it has none left."""
    found = subprocess.run(
        ["pgrep", "-P", str(parent)], capture_output=True, check=False, text=True
    )
    for pid in map(int, found.stdout.split()):
        if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes():
            return pid
    return parent


def try_ours(fault: str, folder: Path) -> Outcome:
    """Give this project's command twice, the first time with a fault."""
    batch = Batch(folder / "batch", folder / "outputs", built_in=False, n_trials=N_TASKS // 2)
    codes: list[int] = []
    states: list[StatusSummary] = []
    for injected in (fault, "none"):
        if injected == "a task raises":
            (batch.folder / "raise").touch()
        process = batch.start()
        if injected in KILLS:
            _let_work(process, lambda: bool(batch.read_diary()))
        if injected == "a worker is killed":
            os.kill(batch.workers()[0], signal.SIGKILL)
        elif injected == "everything is killed":
            process.kill()
        codes.append(process.wait(ENDS_WITHIN_S))
        states.append(batch.survey())
    done = [state.counts.get("done", 0) for state in states]
    running = states[1].counts.get("running", 0)
    return Outcome((codes[0], codes[1]), done[0], done[1], len(batch.read_diary()), running)


def main() -> None:
    """Try every tool with every fault, print and save."""
    if (why := install_peers()) is not None:
        sys.exit(f"the other tools cannot be installed: {why}")
    table: list[Row] = []
    for fault in FAULTS:
        for name in (*PEERS, "this project"):
            print(f"{fault}: {name}", file=sys.stderr, flush=True)
            with tempfile.TemporaryDirectory() as folder:
                at = Path(folder)
                o = try_ours(fault, at) if name == "this project" else try_peer(name, fault, at)
            table.append(
                {
                    "fault": fault,
                    "what": name,
                    "exit codes": f"{o.codes[0]}, {o.codes[1]}",
                    "done after the 1st": o.done_first,
                    "after the 2nd": o.done,
                    "tasks run": o.trained,
                    "running": o.for_ever_running,
                }
            )
    note = f"{N_TASKS} tasks of {TASK_S:g} s on two workers; the command is given twice."
    save_results("faults_against_peers", table, note=note)


if __name__ == "__main__":
    main()
