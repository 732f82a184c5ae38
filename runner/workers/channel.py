"""A worker's ends of its pipes: orders come in, messages leave, and nobody else gets at either.

They are moved away from standard input and output: whatever the training prints goes to standard
error, and whoever asks for input gets none. A process that it forks or starts has neither end.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator

from runner.workers.descendants import end_with_children
from runner.workers.protocol import Message, Ordered, Said


class Channel:
    """The way to the parent, shared by the threads of this process."""

    def __init__(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._input, self._output = os.dup(0), os.dup(1)  # which no program inherits
        empty = os.open(os.devnull, os.O_RDONLY)
        os.dup2(empty, 0)
        os.close(empty)
        os.dup2(2, 1)
        os.register_at_fork(after_in_child=self._leave)

    def listen(self) -> Iterator[Ordered]:
        """Yield what is ordered until the parent is gone."""
        with open(self._input, "rb", closefd=False) as lines:
            for line in lines:
                yield Ordered.model_validate_json(line)

    def send(self, message: Message, token: str = "") -> None:
        """Write one message; where the parent is gone, end with all that this process started."""
        self.end_if_forked()
        said = Said(token=token, pid=self._pid, message=message)
        line = memoryview(said.model_dump_json().encode() + b"\n")
        try:
            with self._lock:
                while line:
                    line = line[os.write(self._output, line) :]
        except BrokenPipeError:
            end_with_children()

    def end_if_forked(self) -> None:
        """End this process if it is a fork of the worker that has come back from the training."""
        if os.getpid() != self._pid:
            with contextlib.suppress(OSError):
                sys.stderr.write("A process that the trainer forked has returned: it ends here.\n")
                sys.stderr.flush()
            os._exit(1)

    def _leave(self) -> None:
        """Close both in a forked process."""
        for descriptor in (self._input, self._output):
            with contextlib.suppress(OSError):
                os.close(descriptor)
