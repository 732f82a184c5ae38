"""A worker process that runs a command once a fit; it ends when its parent does.

All that a worker is safe from, a command is: it is a child of this process, in its session, and is
ended with it.
"""

import os
import platform
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from runner.workers.commands.process import HEARD
from runner.workers.commands.running import run_command
from runner.workers.protocol import Measured, Probed, Ready
from runner.workers.service import end_unless_done, measure_work
from runner.workers.worker import Trade, work

_PROC = Path("/proc")
_TICKS_S = os.sysconf("SC_CLK_TCK")
_A_PIECE_S = 1e-6  # what a piece of output counts for: it is a sign of life


def measure_commands() -> float:
    """Return a number that grows as long as this process or a command works or prints.

    Where the system does not tell of the processor time of children that still run, time itself
    grows: there `--timeout` alone ends a command that hangs.
    """
    if not (_PROC / "self" / "task" / str(os.getpid()) / "children").exists():
        return time.monotonic()
    running = sum(map(_read_seconds, _list_descendants(os.getpid())))
    return measure_work() + running + _A_PIECE_S * HEARD.pieces


def _list_descendants(pid: int) -> Iterator[int]:
    for path in _PROC.glob(f"{pid}/task/*/children"):
        try:
            children = path.read_text().split()
        except OSError:
            continue
        for child in map(int, children):
            yield child
            yield from _list_descendants(child)


def _read_seconds(pid: int) -> float:
    """Return how many seconds a process and its ended children have used the processor."""
    try:
        fields = (_PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS_S


def _describe() -> Ready:
    versions = {"python": platform.python_version()}
    system = f"{platform.system()} {platform.machine()}"
    return Ready(
        versions=versions, processor="", cuda=(), mps=False, matmul="default", platform=system
    )


def _learn() -> Trade:
    return Trade(
        _describe, run_command, lambda _: Probed(computes=True), lambda: Measured(gflops={})
    )


if __name__ == "__main__":
    end_unless_done(partial(work, _learn, measure_commands))
