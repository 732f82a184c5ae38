"""Threads that flush records to the disk while the workers train on."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

N_THREADS = 4  # a disk flushes several records in about the time of one
MOST_PENDING = 64  # records that are not flushed yet; more make their workers wait


class Flushing:
    """Flushes records in its own threads; what goes wrong there ends the batch.

    A context: whatever was submitted is on the disk, or has failed, when it ends.

    Parameters
    ----------
    abort
        Ends the workers without waiting for anything: nobody should train what cannot be kept.
    """

    def __init__(self, abort: Callable[[], None]) -> None:
        self._abort = abort
        self._threads = ThreadPoolExecutor(N_THREADS, "flushing")
        self._changed = threading.Condition()
        self._n_pending = 0
        self._error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._threads.shutdown()

    def submit(self, flush: Callable[[], None]) -> Future[None]:
        """Have a record flushed soon; wait while too many are pending.

        Raises
        ------
        BaseException
            What an earlier one has raised.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._n_pending < MOST_PENDING)
            self._raise()
            self._n_pending += 1
        return self._threads.submit(self._run, flush)

    def wait(self) -> None:
        """Wait until nothing is pending.

        Raises
        ------
        BaseException
            What one of the submitted has raised.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._n_pending)
            self._raise()

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self, flush: Callable[[], None]) -> None:
        try:
            flush()
        except BaseException as error:
            with self._changed:
                self._error = self._error or error
            self._abort()
            raise
        finally:
            with self._changed:
                self._n_pending -= 1
                self._changed.notify_all()
