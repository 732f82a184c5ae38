"""The parent's ends of a worker's pipes: neither is ever waited for longer than the worker lives.

A pipe stays open as long as any process holds its other end, and one may have been left there.
"""

import contextlib
import os
import select
import threading
from collections.abc import Callable
from subprocess import Popen

PIECE_BYTES = 2**16
MOST_LINE_BYTES = 3 * 2**27  # of the longest result: ten million log-odds, and those by epoch
POLL_MS = 100.0


class PipeClosed(Exception):  # noqa: N818 - it says what happened
    """Nobody is at the other end any more."""


class LineTooLong(Exception):  # noqa: N818 - it says what happened
    """What was sent goes on and on without the end of a line."""


class Connection:
    """Writes and reads lines.

    Parameters
    ----------
    process
        Started with pipes for its standard input and output.
    has_ended
        Says whether it is gone.
    """

    def __init__(self, process: Popen[bytes], has_ended: Callable[[], bool]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._input, self._output = process.stdin.fileno(), process.stdout.fileno()
        self._has_ended = has_ended
        self._received, self._searched = bytearray(), 0
        self._writing = threading.Lock()
        self._writable, self._readable = select.poll(), select.poll()
        self._writable.register(self._input, select.POLLOUT)
        self._readable.register(self._output, select.POLLIN)
        for descriptor in (self._input, self._output):
            os.set_blocking(descriptor, False)

    def write_line(self, line: bytes) -> None:
        """Write a line.

        Raises
        ------
        PipeClosed
            If the process does not read it any more.
        """
        left = memoryview(line + b"\n")
        with self._writing:
            while left:
                try:
                    left = left[os.write(self._input, left) :]
                except BlockingIOError:
                    if not self._writable.poll(POLL_MS) and self._has_ended():
                        raise PipeClosed from None
                except BrokenPipeError:
                    raise PipeClosed from None

    def say_nothing(self) -> None:
        """Write an empty line, by which a far guard knows that this process is there.

        Not now if that would have to wait: then something else is on its way.
        """
        if self._writing.acquire(blocking=False):
            try:
                with contextlib.suppress(BlockingIOError, BrokenPipeError):
                    os.write(self._input, b"\n")
            finally:
                self._writing.release()

    def read_line(self) -> bytes:
        """Return the next line, without its end.

        Raises
        ------
        PipeClosed
            If there is none any more.
        LineTooLong
            If it has more than `MOST_LINE_BYTES` bytes.
        """
        while (end := self._received.find(b"\n", self._searched)) < 0:
            self._searched = len(self._received)
            if self._searched > MOST_LINE_BYTES:
                raise LineTooLong
            self._received += self._read_piece()
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        self._searched = 0
        return line

    def _read_piece(self) -> bytes:
        """Return what was sent; what a process has sent before it ended is read all the same."""
        ended = False
        while True:
            with contextlib.suppress(BlockingIOError):
                if piece := os.read(self._output, PIECE_BYTES):
                    return piece
                raise PipeClosed
            if ended:
                raise PipeClosed
            ended = not self._readable.poll(POLL_MS) and self._has_ended()
