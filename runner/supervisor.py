"""The parent's side of one worker process: start, hand over a job, listen, end."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from runner.errors import WorkerDied
from runner.protocol import (
    ENVIRONMENT,
    MESSAGES,
    EpochDone,
    FitResult,
    Job,
    JobDone,
    JobError,
    Ready,
)

ROOT = Path(__file__).resolve().parent.parent
LAST_WORDS = 4_000  # characters of standard error that a crash report keeps


class Worker:
    """A worker process of its own session, so that Ctrl-C in a terminal reaches the parent alone.

    It lives on from job to job, because importing PyTorch costs seconds. When the parent dies in
    whatever way, its standard input closes and it ends itself.
    """

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `kill`
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "runner.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, **ENVIRONMENT, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
            text=True,
            encoding="utf-8",
        )
        self._ready: Ready | None = None

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def wait_until_ready(self) -> Ready:
        """Return what the worker said of its machine, once PyTorch is imported.

        Raises
        ------
        WorkerDied
            If it ended before.
        """
        if self._ready is None:
            message = self._read()
            assert isinstance(message, Ready)
            self._ready = message
        return self._ready

    def run(self, job: Job) -> Iterator[EpochDone | FitResult | JobError]:
        """Hand over a job and yield what the worker reports until the job has ended.

        Raises
        ------
        WorkerDied
            If the process ends in the middle of the job.
        """
        self.wait_until_ready()
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(job.model_dump_json() + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._death() from None
        while True:
            message = self._read()
            if isinstance(message, JobDone):
                return
            assert not isinstance(message, Ready)
            yield message
            if isinstance(message, JobError):
                return

    def kill(self) -> None:
        """End the process and whatever it started, now."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        """End the process and close what connects to it."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def _read(self) -> Ready | EpochDone | FitResult | JobError | JobDone:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.endswith("\n"):
            raise self._death()
        return MESSAGES.validate_json(line)

    def _death(self) -> WorkerDied:
        """Say how the process ended."""
        self.kill()
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - LAST_WORDS))
        words = self._errors.read().decode(errors="replace")
        return WorkerDied(self._process.returncode, words)
