"""Starts and ends the worker processes of this process, with all that they have started.

When a worker ends, what it leaves behind comes to this process as children of its own. They are
told from others by their session: a worker leads one, and nobody ever comes back from there.
"""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from runner.workers.descendants import (
    adopt_orphans,
    end_children,
    is_in_another_session,
    list_children,
)

MARK = "SUPPLEMENTARY_TRIALS_WORKER"  # in the environment of all that workers start
_LOCK = threading.Lock()
_WORKERS: set[int] = set()
_STRANGERS: set[int] = set()  # children that this process had before its workers


def start_worker(
    command: Sequence[str], environment: Mapping[str, str], errors: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, with pipes for its input and output.

    Parameters
    ----------
    command
        The program and its arguments.
    environment
        Beside that of this process.
    errors
        The file that its standard error goes to.
    """
    with _LOCK:
        if not _WORKERS:
            adopt_orphans()
            _STRANGERS.clear()
            _STRANGERS.update(list_children())
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **environment, MARK: "1"},
            start_new_session=True,
            bufsize=0,
        )
        _WORKERS.add(process.pid)
        return process


def end_worker(process: subprocess.Popen[bytes]) -> None:
    """End a worker that is not reaped yet, and whatever it started, now.

    Its group is signalled before it is reaped: later its number may be another's.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    with _LOCK:
        _WORKERS.discard(process.pid)
        end_children(_is_left)


def _is_left(pid: int) -> bool:
    """Return whether a child is what an ended worker has left."""
    if pid in _WORKERS or pid in _STRANGERS or not is_in_another_session(pid):
        return False
    return os.getpid() != 1 or _is_marked(pid)  # the first process gets everybody's orphans


def _is_marked(pid: int) -> bool:
    try:
        return f"{MARK}=1".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
