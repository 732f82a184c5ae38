"""Flushes records to the disk a few at a time, while the workers train on."""

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from runner.durable import Disk

LINGER_S = 0.02  # that a record waits for others: a disk flushes several in about the time of one
MOST_PENDING = 16  # whoever submits more flushes them


class Flushing:
    """Flushes what is submitted, soon and in order; what goes wrong ends the batch.

    A context: nothing is pending when it ends.

    Parameters
    ----------
    disk
        That all of it is on.
    abort
        Ends the workers without waiting for anything: nobody should train what cannot be kept.
    """

    def __init__(self, disk: Disk, abort: Callable[[], None]) -> None:
        self._disk, self._abort = disk, abort
        self._pending: deque[tuple[Path, Callable[[], None]]] = deque()
        self._turn = threading.Lock()
        self._submitted = threading.Event()
        self._closing = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._tend, daemon=True, name="flushing")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._submitted.set()
        self._thread.join()
        with contextlib.suppress(Exception):
            self.flush()

    def submit(self, folder: Path, end: Callable[[], None]) -> None:
        """Have a fit's folder flushed soon.

        Parameters
        ----------
        folder
            The folder.
        end
            Is called when it is on the disk.

        Raises
        ------
        BaseException
            What this or an earlier one has raised.
        """
        self._pending.append((folder, end))
        self._submitted.set()
        if len(self._pending) >= MOST_PENDING:
            self.flush()

    def flush(self) -> None:
        """Flush all that is pending.

        Raises
        ------
        BaseException
            What this or an earlier one has raised.
        """
        with self._turn:
            batch = list(self._pending)
            with self._noting():
                self._disk.flush([folder for folder, _ in batch])
                for _, end in batch:
                    with self._noting():
                        end()
            for _ in batch:
                self._pending.popleft()
        self.raise_error()

    @contextlib.contextmanager
    def _noting(self) -> Iterator[None]:
        """Keep the first error, and end the workers for it."""
        try:
            yield
        except BaseException as error:  # noqa: BLE001 - `raise_error` raises it
            self._error = self._error or error
            self._abort()

    def raise_error(self) -> None:
        """Raise what has gone wrong, if anything has: nothing more should begin."""
        if self._error is not None:
            raise self._error

    def _tend(self) -> None:
        """Flush what was submitted a moment ago, as long as the context lasts."""
        while not self._closing.is_set():
            self._submitted.wait()
            self._submitted.clear()
            self._closing.wait(LINGER_S)
            with contextlib.suppress(BaseException):  # `raise_error` tells of it
                self.flush()
