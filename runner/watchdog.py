"""Finds worker processes that take too long, that show no sign of life, or that have ended."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from trial_sets.record import FailureKind

TICK_S = 0.2


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a job may take."""

    timeout_s: float | None = None  # in all
    hang_s: float = 300.0  # without a message and without use of the processor


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a process was ended."""

    kind: FailureKind
    why: str


@dataclass(slots=True)
class Watchdog:
    """Watches one job of one worker process; used as a context.

    A worker that waits for a message cannot watch the clock as well, so a thread of its own does.
    """

    limits: Limits
    end: Callable[[], None]  # ends the process and whatever it started
    has_ended: Callable[[], bool]  # a process that is gone may leave children that hold its pipe
    verdict: Verdict | None = None
    _heard: float = field(default_factory=time.monotonic)
    _done: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, daemon=True, name="watchdog")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def note_life(self) -> None:
        """Take in that the worker has sent something."""
        self._heard = time.monotonic()

    def _watch(self) -> None:
        started = time.monotonic()
        while not self._done.wait(TICK_S):
            self.verdict = self._judge(time.monotonic() - started)
            if self.verdict is not None or self.has_ended():
                self.end()
                return

    def _judge(self, elapsed_s: float) -> Verdict | None:
        timeout_s, hang_s = self.limits.timeout_s, self.limits.hang_s
        if timeout_s is not None and elapsed_s > timeout_s:
            return Verdict("timed_out", f"it took longer than the {timeout_s:g} s of --timeout")
        if time.monotonic() - self._heard > hang_s:
            return Verdict("hung", f"the worker process gave no sign of life for {hang_s:g} s")
        return None
