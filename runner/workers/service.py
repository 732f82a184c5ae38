"""What every worker process does beside its work: hears the end of its parent, and beats.

Python 3.8 and its library will do for this module: a trainer's host reads it in any environment.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable

BEAT_S = 0.5
_PR_SET_PDEATHSIG = 1


def start_threads(*works: Callable[[], None]) -> None:
    """Have each done by a thread that this process cannot live without."""
    for work in works:
        threading.Thread(target=end_unless_done, args=(work,), daemon=True).start()


def end_unless_done(work: Callable[[], None]) -> None:
    """Do what this process cannot live without, or end it at once.

    A process that hears nothing more would outlive its parent, and PyTorch takes its time to end.
    """
    try:
        work()
    except Exception:  # noqa: BLE001 - memory for instance
        try:
            traceback.print_exc()
        finally:
            os._exit(1)


def measure_work() -> float:
    """Return how many seconds this process has used its processor, but for this thread."""
    times = os.times()
    used = times.user + times.system + times.children_user + times.children_system
    return used - time.thread_time()


def beat(say_alive: Callable[[], None], measure: Callable[[], float] = measure_work) -> None:
    """Tell the parent now and then that this process works, as long as it does.

    A process that is stopped, waits for something that never comes, or never lets go of the
    interpreter's lock says nothing.
    """
    told = 0.0
    while True:
        time.sleep(BEAT_S)
        used = measure()
        if used > told:
            told = used
            say_alive()


def wake_when_orphaned() -> None:
    """Go on when the parent dies, so that a stopped process notices the end of its input."""
    if sys.platform == "linux":
        with contextlib.suppress(ImportError):  # a Python without it
            import ctypes  # noqa: PLC0415

            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGCONT)
