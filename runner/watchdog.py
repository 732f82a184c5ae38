"""Finds worker processes that take too long, that show no sign of life, or that have ended."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from trial_sets.record import FailureKind

TICK_S = 0.2
LONGEST_TICK_S = 1.0  # more was not watched: this process itself was stopped or starved


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
    _heard: bool = False  # of the worker, since the last tick
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
        self._heard = True

    def _watch(self) -> None:
        started = before = time.monotonic()
        silent_s = 0.0
        while not self._done.wait(TICK_S):
            now = time.monotonic()
            # Of a pause of this process only a tick counts: what was said meanwhile is yet unread.
            silent_s = 0.0 if self._heard else silent_s + min(now - before, LONGEST_TICK_S)
            self._heard, before = False, now
            self.verdict = self._judge(now - started, silent_s)
            if self.verdict is not None or self.has_ended():
                self.end()
                return

    def _judge(self, elapsed_s: float, silent_s: float) -> Verdict | None:
        timeout_s, hang_s = self.limits.timeout_s, self.limits.hang_s
        if timeout_s is not None and elapsed_s > timeout_s:
            return Verdict("timed_out", f"it took longer than the {timeout_s:g} s of --timeout")
        if silent_s > hang_s:
            return Verdict("hung", f"the worker process gave no sign of life for {hang_s:g} s")
        return None
