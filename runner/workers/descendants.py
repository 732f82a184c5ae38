"""Ends what a process has started and left behind, however far it has gone.

Where Linux lets it, a process becomes the one to which its orphaned descendants return: a program
in a session of its own, or started by a process that has ended, stays in sight. Elsewhere only what
stays in the worker's process group is ended.

Python 3.8 and its library will do for this module: a trainer's host reads it in any environment.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

PATIENCE_S = 5.0  # for processes that the kernel does not let go
PAUSE_S = 0.002
_PR_SET_CHILD_SUBREAPER = 36
_TASKS = Path("/proc/self/task")


def adopt_orphans() -> None:
    """Let descendants whose parent has ended become children of this process."""
    if sys.platform == "linux":
        with contextlib.suppress(ImportError):  # a Python without it
            import ctypes  # noqa: PLC0415

            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_children(is_meant: Callable[[int], bool] = lambda pid: True) -> None:
    """End and reap children of this process, and theirs as they come to it, until none is left.

    Parameters
    ----------
    is_meant
        Says of a process id whether it is to be ended.
    """
    deadline = time.monotonic() + PATIENCE_S
    while found := [pid for pid in list_children() if is_meant(pid)]:
        for pid in found:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        gone = [pid for pid in found if _reap(pid)]
        if len(gone) < len(found):
            if time.monotonic() > deadline:
                return
            time.sleep(PAUSE_S)


def end_with_children() -> NoReturn:
    """End this process with all that it has started.

    Where the system does not tell of its children, that is the group that it leads.
    """
    end_children()
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def is_in_another_session(pid: int) -> bool:
    """Return whether a child has left this process's session, to which it cannot come back."""
    try:
        return os.getsid(pid) != os.getsid(0)
    except OSError:
        return False


def list_children() -> Iterator[int]:
    """Yield the children of this process, those that have ended and wait to be reaped included.

    None where the system does not tell of them as Linux does.
    """
    try:
        tasks = list(_TASKS.iterdir())
        if (_TASKS / str(os.getpid()) / "children").exists():
            for task in tasks:
                with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                    yield from map(int, (task / "children").read_text().split())
        else:
            yield from _search_children()
    except OSError:  # no /proc
        return


def _search_children() -> Iterator[int]:
    """Yield the children by asking every process, where the kernel keeps no list of them."""
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                words = Path(entry.path, "stat").read_bytes().rpartition(b")")[2].split()
                if int(words[1]) == os.getpid():
                    yield int(entry.name)


def _reap(pid: int) -> bool:
    """Take leave of a child that has ended; return whether it is gone."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:  # somebody was faster
        return True
