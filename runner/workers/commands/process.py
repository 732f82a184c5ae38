"""A command's process: started, listened to, and ended where it is told to stop."""

import contextlib
import math
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from runner.planning.command_template import fill_words
from runner.workers.commands.last_words import describe_exit, find_last_words
from runner.workers.commands.logs import EpochLines, TailLog
from runner.workers.fault_words import classify_words
from runner.workers.host_memory import OomKills
from runner.workers.launch import KEPT_PATH
from runner.workers.protocol import CommandJob, Job, unquote_path
from trial_sets.records.record import FailureKind

STDOUT, STDERR = "stdout.log", "stderr.log"  # in the folder that the command writes to
PIECE_BYTES = 2**16
WORDS_BYTES = 16_000  # of a log that a failure's record keeps
POLL_S = 0.05  # how long an ended command is not noticed whose pipes another process holds
LINGER_S = 1.0  # that such a process is still listened to
GRACE_S = 5.0  # that a command has to end by itself once it is told to stop
MOST_PASSED_ON = 2**20  # bytes of standard error that wait for a report, of which it needs the end
# One thread a fit, as for every other: a person who sets them otherwise has it otherwise.
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")

Report = Callable[[Mapping[str, float]], bool]
"""Hears of an epoch's numbers; says whether the command goes on."""


class CommandFailed(Exception):  # noqa: N818 - it says what happened
    """A command has ended without a result."""

    def __init__(self, kind: FailureKind, message: str, words: str = "") -> None:
        super().__init__(message)
        self.kind: FailureKind = kind
        self.words = words


@dataclass(slots=True)
class Heard:
    """What a command has let hear of itself so far."""

    pieces: int = 0  # of its outputs: signs of life


HEARD = Heard()
_KILLS = OomKills()  # since the last command began


class CommandProcess:
    """A command's process and what it prints."""

    def __init__(self, job: Job, command: CommandJob, out: Path) -> None:
        values = {**command.values, "out": str(out), "device": job.device}
        self._arguments = fill_words(command.words, unquote_path(command.program), values)
        self._folder, self._out = unquote_path(command.folder), out
        self._lines = EpochLines()
        self._deadline = math.inf  # of one that is told to stop
        _KILLS.mark()

    @property
    def is_stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._deadline < math.inf

    def run(self, report: Report) -> int | None:
        """Run it to its end and return the most memory that it took, in bytes.

        Parameters
        ----------
        report
            Hears of each epoch. If it answers False the command is told to stop (SIGTERM), hears of
            no more epochs, and is killed if it does not end within `GRACE_S`.

        Raises
        ------
        CommandFailed
            If it cannot be started, or ends by itself with another status than 0.
        """
        with TailLog(self._out / STDOUT) as output, TailLog(self._out / STDERR) as errors:
            process = self._start()
            with process:
                self._listen(process, output, errors, report)
                if self.is_stopped:
                    self._end(process)
                peak = _wait(process)
            status = process.returncode
            ends = errors.read_end(WORDS_BYTES), output.read_end(WORDS_BYTES)
        if status != 0 and not self.is_stopped:
            raise self._explain(status, *ends)
        return peak

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                self._arguments, cwd=self._folder, env=_make_environment(),
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise CommandFailed(
                "error", f"{self._arguments[0]}: cannot be started: {why}"
            ) from None

    def _listen(
        self,
        process: subprocess.Popen[bytes],
        output: TailLog,
        errors: TailLog,
        report: Report,
    ) -> None:
        """Take in what it prints until it closes both outputs, has ended, or should have."""
        assert process.stdout is not None
        assert process.stderr is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ, output)
            selector.register(process.stderr, selectors.EVENT_READ, errors)
            until = math.inf  # a process that it has left may print for ever
            while selector.get_map() and time.monotonic() < min(until, self._deadline):
                ready = selector.select(POLL_S if until == math.inf else 0)
                for key, _ in ready:
                    stream = cast("IO[bytes]", key.fileobj)
                    piece = os.read(stream.fileno(), PIECE_BYTES)
                    if not piece:
                        selector.unregister(stream)
                        continue
                    HEARD.pieces += 1
                    key.data.write(piece)
                    if stream is process.stdout:
                        rows = self._lines.feed(piece)
                        if not self.is_stopped and not all(map(report, rows)):
                            self._stop(process)
                    else:
                        _pass_on(piece)
                if until < math.inf and not ready:
                    return
                if until == math.inf and _has_ended(process.pid):
                    until = time.monotonic() + LINGER_S

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        """Ask it to end."""
        self._deadline = time.monotonic() + GRACE_S
        _signal(process.pid, signal.SIGTERM)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """Kill it unless it ends in time; what it has started ends with the job, as always."""
        while not _has_ended(process.pid) and time.monotonic() < self._deadline:
            time.sleep(POLL_S)
        _signal(process.pid, signal.SIGKILL)

    def _explain(self, status: int, errors: bytes, output: bytes) -> CommandFailed:
        words = find_last_words(errors, output)
        said = (errors or output).decode(errors="replace")
        kind = "crashed" if status < 0 else classify_words(words)
        if status == -9 and _KILLS.happened():
            kind = "out_of_host_memory"
        return CommandFailed(cast(FailureKind, kind), describe_exit(status, words), said)


def _pass_on(piece: bytes) -> None:
    """Write to this process's standard error, for the report of a crash or time limit.

    Where that is a file, as the supervisor has it, no more than its end is kept.
    """
    with contextlib.suppress(OSError):  # it is no file
        size = os.lseek(2, 0, os.SEEK_CUR)
        if size > MOST_PASSED_ON:
            end = os.pread(2, WORDS_BYTES, size - WORDS_BYTES)
            os.ftruncate(2, 0)
            os.lseek(2, 0, os.SEEK_SET)
            os.write(2, end)
    with contextlib.suppress(OSError):
        os.write(2, piece)


def _make_environment() -> dict[str, str]:
    """Return the person's environment, with one thread a fit, and output as it comes."""
    environment = dict(os.environ)
    path = environment.pop(KEPT_PATH, "")
    environment.pop("PYTHONPATH", None)
    if path:
        environment["PYTHONPATH"] = path
    for name in THREADS:
        environment.setdefault(name, "1")
    environment.setdefault("PYTHONUNBUFFERED", "1")
    return environment


def _signal(pid: int, number: signal.Signals) -> None:
    """Send a signal to a child that is not reaped yet, whether it has ended or not."""
    with contextlib.suppress(OSError):
        os.kill(pid, number)


def _has_ended(pid: int) -> bool:
    """Return whether a child has ended; it is reaped later."""
    if not hasattr(os, "waitid"):  # macOS before Python 3.13
        return False
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _wait(process: subprocess.Popen[bytes]) -> int | None:
    """Wait for the end of a process and return the most memory that it took, in bytes."""
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except ChildProcessError:
        process.wait()
        return None
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
