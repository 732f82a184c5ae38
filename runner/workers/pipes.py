"""A process's ends of the pipes to its parent: lines come in, lines leave, by nobody else.

They are moved away from standard input and output: whatever the training prints goes to standard
error, and whoever asks for input gets none. A process that it forks or starts has neither end.

Python 3.8 and its library will do for this module: a trainer's host reads it in any environment.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator


class Pipes:
    """The way to the parent, shared by the threads of this process.

    Parameters
    ----------
    when_alone
        Is called when the parent is gone: ends this process with all that it has started.
    """

    def __init__(self, when_alone: Callable[[], None]) -> None:
        self.pid = os.getpid()
        self._when_alone = when_alone
        self._lock = threading.Lock()
        self._input, self._output = os.dup(0), os.dup(1)  # which no program inherits
        empty = os.open(os.devnull, os.O_RDONLY)
        os.dup2(empty, 0)
        os.close(empty)
        os.dup2(2, 1)
        os.register_at_fork(after_in_child=self._leave)

    def read_lines(self) -> Iterator[bytes]:
        """Yield what comes in until the parent is gone."""
        with open(self._input, "rb", closefd=False) as lines:
            yield from lines

    def write_line(self, line: bytes) -> None:
        """Write one line; where the parent is gone, end with all that this process started."""
        self.end_if_forked()
        left = memoryview(line + b"\n")
        try:
            with self._lock:
                while left:
                    left = left[os.write(self._output, left) :]
        except BrokenPipeError:
            self._when_alone()

    def end_if_forked(self) -> None:
        """End this process if it is a fork of the worker that has come back from the training."""
        if os.getpid() != self.pid:
            with contextlib.suppress(OSError):
                sys.stderr.write("A process that the trainer forked has returned: it ends here.\n")
                sys.stderr.flush()
            os._exit(1)

    def _leave(self) -> None:
        """Close both in a forked process."""
        for descriptor in (self._input, self._output):
            with contextlib.suppress(OSError):
                os.close(descriptor)
