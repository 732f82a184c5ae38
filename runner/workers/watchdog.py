"""Finds worker processes that take too long, that show no sign of life, or that have ended."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from runner.faults.limits import Limits
from trial_sets.records.record import FailureKind

TICK_S = 0.2
LONGEST_TICK_S = 1.0  # more was not watched: this process itself was stopped or starved


@dataclass(frozen=True, slots=True)
class EndReason:
    """Why a process was ended."""

    kind: FailureKind
    why: str


@dataclass(slots=True)
class _Watch:
    """What is known of a job that is being watched."""

    limits: Limits
    started: float
    before: float  # the tick before
    silent_s: float = 0.0
    heard: bool = False  # of the worker, since the tick before

    def judge(self, now: float) -> EndReason | None:
        """Take in that another tick has passed; return why the process is to be ended, if it is."""
        # Of a pause of this process only a tick counts: what was said meanwhile is yet unread.
        passed_s = min(now - self.before, LONGEST_TICK_S)
        self.silent_s = 0.0 if self.heard else self.silent_s + passed_s
        self.heard, self.before = False, now
        timeout_s, hang_s = self.limits.timeout_s, self.limits.hang_s
        if timeout_s is not None and now - self.started > timeout_s:
            return EndReason("timed_out", f"it took longer than the {timeout_s:g} s of --timeout")
        if self.silent_s > hang_s:
            return EndReason("hung", f"the worker process gave no sign of life for {hang_s:g} s")
        return None


class Watchdog:
    """Watches the jobs of one worker process, one after another.

    A worker that waits for a message cannot watch the clock as well, so a thread does.

    Parameters
    ----------
    end
        Ends the process and whatever it started.
    has_ended
        Says whether it is gone, which may leave children that hold its pipe.
    meanwhile
        Is called at every tick.
    """

    def __init__(
        self,
        end: Callable[[], None],
        has_ended: Callable[[], bool],
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        self._end, self._has_ended, self._meanwhile = end, has_ended, meanwhile
        self.reason: EndReason | None = None
        self._watch: _Watch | None = None
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True, name="watchdog")
        self._thread.start()

    @contextlib.contextmanager
    def over(self, limits: Limits) -> Iterator[None]:
        """Watch a job; once it is over, the process is not ended for it any more."""
        now = time.monotonic()
        with self._lock:
            self._watch = _Watch(limits, started=now, before=now)
        try:
            yield
        finally:
            with self._lock:
                self._watch = None

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Let time pass that does not count for the job: its worker waits for this process."""
        with self._lock:
            watch, self._watch = self._watch, None
        began = time.monotonic()
        try:
            yield
        finally:
            if watch is not None:
                now = time.monotonic()
                watch.started, watch.before = watch.started + now - began, now
                with self._lock:
                    self._watch = watch

    def note_life(self) -> None:
        """Take in that the worker has sent something."""
        if self._watch is not None:
            self._watch.heard = True

    def close(self) -> None:
        """Watch no more."""
        self._closed.set()
        self._thread.join()

    def _tick(self) -> None:
        while not self._closed.wait(TICK_S):
            self._meanwhile()
            with self._lock:
                if self._watch is not None:
                    self.reason = self._watch.judge(time.monotonic())
                    if self.reason is not None or self._has_ended():
                        self._end()
                        return
