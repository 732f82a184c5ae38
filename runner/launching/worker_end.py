"""How a worker process has ended, from what is known of that on this side."""

import os
import re
import signal

from runner.launching.guard import SAYS
from trial_sets.records.record import FailureKind

FREED = "the system ended the worker process to free memory"
MOST_WORDS = 300  # characters of a program's last line
_GUARD_LINE = re.compile(rf"^{re.escape(SAYS)}(.+)$", re.MULTILINE)


def explain_near_end(status: int, *, out_of_memory: bool) -> tuple[FailureKind, str]:
    """Return the kind of fault of a process that ended by itself, and a sentence.

    Parameters
    ----------
    status
        As `subprocess` reports it: negative for a signal.
    out_of_memory
        Whether the system has ended a process meanwhile to free memory.
    """
    if status == -signal.SIGKILL and out_of_memory:
        return "out_of_host_memory", FREED
    return "crashed", f"the worker process {_describe_status(status)}"


def explain_far_end(program: str, status: int, words: str) -> tuple[FailureKind, str]:
    """Return the same of a worker that was started through a prefix.

    Parameters
    ----------
    program
        The program that the prefix begins with.
    status
        How that ended.
    words
        The end of what it and the far process wrote to standard error.
    """
    said = _GUARD_LINE.findall(words)
    if said:
        return "out_of_host_memory" if said[-1] == FREED else "crashed", said[-1]
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    nothing = ", as a program that does not run the words after it" if status == 0 else ""
    last = f": {lines[-1][:MOST_WORDS]}" if lines else nothing
    name = os.path.basename(program)  # noqa: PTH119
    return "crashed", f"{name} {_describe_status(status)}{last}"


def _describe_status(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:  # a real-time signal
        return f"was ended by signal {-status}"
