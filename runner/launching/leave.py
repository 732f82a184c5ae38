"""Takes leave of the program that a prefix begins with: it is asked before it is ended.

Who is killed at once may have no time to tell the other side.
"""

import contextlib
import os
import signal
import time
from collections.abc import Callable

HANGING_UP_S = 3.0  # for the guard to end its worker, and the program to hear of that
TERMINATING_S = 1.0
POLL_S = 0.01


def take_leave(pid: int, hung_up: float, has_ended: Callable[[], bool]) -> None:
    """Wait until a program has ended whose input has ended; ask it to if it takes too long.

    Parameters
    ----------
    pid
        The program, which leads its process group and is not reaped.
    hung_up
        When its input ended, by `time.monotonic`.
    has_ended
        Says whether it has.
    """
    if _await_end(hung_up + HANGING_UP_S, has_ended):
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGTERM)
    _await_end(time.monotonic() + TERMINATING_S, has_ended)


def _await_end(deadline: float, has_ended: Callable[[], bool]) -> bool:
    while not (ended := has_ended()) and time.monotonic() < deadline:
        time.sleep(POLL_S)
    return ended
