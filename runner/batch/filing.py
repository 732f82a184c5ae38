"""Files records while the workers train: written one by one, flushed a few at a time."""

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from runner.storage.durable import Disk

LINGER_S = 0.02  # that a record waits for others: a disk flushes several in about the time of one
MOST_UNFLUSHED = 32  # whoever writes more flushes them


@dataclass(frozen=True, slots=True)
class Filed:
    """A record in its place, which may not be on the disk yet."""

    folder: Path
    end: Callable[[], None]  # is called when it is


class Filing:
    """Writes and flushes what is submitted, soon and in order; what goes wrong ends the batch.

    A context: all that was submitted is on the disk when it ends, but for what went wrong, which
    `flush` raises.

    Parameters
    ----------
    disk
        That all of it is on.
    abort
        Ends the workers without waiting for anything: nobody should train what cannot be kept.
    """

    def __init__(self, disk: Disk, abort: Callable[[], None]) -> None:
        self._disk, self._abort = disk, abort
        self._waiting: deque[Callable[[], Filed | None]] = deque()
        self._unflushed: list[Filed] = []
        self._writing, self._flushing = threading.Lock(), threading.Lock()
        self._submitted = threading.Event()
        self._closing = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._tend, daemon=True, name="filing")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._submitted.set()
        self._thread.join()
        self._finish()

    def submit(self, write: Callable[[], Filed | None]) -> None:
        """Have a record written and flushed soon.

        Parameters
        ----------
        write
            Puts it in its place; returns None if it does not belong there any more.
        """
        self._waiting.append(write)
        self._submitted.set()

    def write(self) -> None:
        """Write what waits: whoever has just given a worker its next job has the time for it."""
        with self._writing:
            while self._waiting:
                with self._noting():
                    filed = self._waiting[0]()
                    if filed is not None:
                        self._unflushed.append(filed)
                self._waiting.popleft()  # only now: what Ctrl-C interrupts is written at the end
        if len(self._unflushed) >= MOST_UNFLUSHED:
            self._flush()

    def flush(self) -> None:
        """Wait until all that was submitted is on the disk.

        Raises
        ------
        Exception
            What filing has raised first, now or before.
        """
        self._finish()
        self.raise_error()

    def _finish(self) -> None:
        """Write and flush all that was submitted."""
        self.write()
        self._flush()

    def raise_error(self) -> None:
        """Raise what has gone wrong, if anything has: nothing more should begin."""
        if self._error is not None:
            raise self._error

    def _flush(self) -> None:
        """Flush what is written and tell of it."""
        with self._flushing:
            filed = self._unflushed.copy()
            with self._noting():
                self._disk.flush([one.folder for one in filed])
                for one in filed:
                    with self._noting():
                        one.end()
            del self._unflushed[: len(filed)]  # those that failed too: a disk tells of it once

    @contextlib.contextmanager
    def _noting(self) -> Iterator[None]:
        """Keep the first error, and end the workers for it."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - `raise_error` raises it
            self._error = self._error or error
            self._abort()

    def _tend(self) -> None:
        """Flush what was submitted a moment ago, as long as the context lasts."""
        while not self._closing.is_set():
            self._submitted.wait()
            self._submitted.clear()
            self._closing.wait(LINGER_S)
            self._finish()
