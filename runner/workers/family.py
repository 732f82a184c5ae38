"""Starts and ends the worker processes of this process, with all that they have started.

When a worker ends, what it leaves behind comes to this process as children of its own. They are
told from others by their session: a worker leads one, and nobody ever comes back from there.
"""

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from runner.launching.leave import take_leave
from runner.workers.descendants import (
    adopt_orphans,
    end_children,
    is_in_another_session,
    list_children,
)
from runner.workers.launch import Launch

MARK = "SUPPLEMENTARY_TRIALS_WORKER"  # in the environment of all that workers start
LAST_WORDS = 4_000  # bytes of standard error that a crash report keeps
_LOCK = threading.Lock()
_WORKERS: set[int] = set()
_STRANGERS: set[int] = set()  # children that this process had before its workers


class WorkerProcess:
    """A worker's process from its start to its end, which any thread may bring about.

    Parameters
    ----------
    launch
        How it is started.
    """

    def __init__(self, launch: Launch) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        self._is_far = launch.through is not None
        self._hung_up: float | None = None  # when a far one was told that it is over
        self._reaping = threading.Lock()
        self.popen = start_worker(launch.command, launch.environment, self._errors)

    def hang_up(self) -> None:
        """Let a far worker's guard know that it is over: `kill` then has less to wait for."""
        with self._reaping:
            if self._is_far and self._hung_up is None and self.popen.returncode is None:
                assert self.popen.stdin is not None
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, self.popen.stdin.fileno(), inheritable=False)  # at once
                os.close(nowhere)
                self._hung_up = time.monotonic()

    def kill(self) -> None:
        """End the process and whatever it started, now; of a far one, as soon as it hears of it."""
        self.hang_up()
        with self._reaping:
            if self.popen.returncode is None:
                if self._hung_up is not None:
                    take_leave(self.popen.pid, self._hung_up, self._is_over)
                end_worker(self.popen)

    def has_ended(self) -> bool:
        """Return whether it has ended; it is not reaped where that can be helped."""
        with self._reaping:
            return self._is_over()

    def _is_over(self) -> bool:
        if self.popen.returncode is not None:
            return True
        if not hasattr(os, "waitid"):  # macOS before Python 3.13
            return self.popen.poll() is not None
        how = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.popen.pid, how) is not None

    def read_last_words(self) -> str:
        """Return the end of what it wrote to standard error."""
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - LAST_WORDS))
        return self._errors.read().decode(errors="replace")

    def close(self) -> None:
        """Close what connects to a process that has ended."""
        for pipe in (self.popen.stdin, self.popen.stdout, self._errors):
            if pipe is not None:
                pipe.close()


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
    if _is_shared_connection(pid):
        return False
    return os.getpid() != 1 or _is_marked(pid)  # the first process gets everybody's orphans


def _is_shared_connection(pid: int) -> bool:
    """Return whether a child is the connection that ssh's ControlPersist keeps for other workers.

    It bears the name that ssh gives it, and ends by itself.
    """
    try:
        name = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return name.startswith(b"ssh: ") and b" [mux]" in name


def _is_marked(pid: int) -> bool:
    try:
        return f"{MARK}=1".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
