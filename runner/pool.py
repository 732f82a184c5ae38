"""The slots of a batch: each is a device and the worker process that owns it."""

import contextlib
import threading
from collections.abc import Iterator
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from runner.protocol import Ready
from runner.supervisor import Worker


class Stopped(Exception):  # noqa: N818 - it says what happened
    """The batch was stopped; the job that was running has no result."""


class Slot:
    """A device and the worker process that owns it."""

    def __init__(self, pool: "WorkerPool", worker: Worker, device: str) -> None:
        self._pool = pool
        self.worker = worker
        self.device = device

    def replace_worker(self) -> None:
        """Start a worker in the place of one that died.

        Raises
        ------
        Stopped
            If it died because the batch was stopped.
        """
        self.worker = self._pool.start_instead_of(self.worker)


class WorkerPool:
    """Persistent worker processes.

    Workers are interchangeable until a job tells them their device, so they can start before it
    is known which devices there are.
    """

    def __init__(self, size: int) -> None:
        self._lock = threading.Lock()
        self._workers = [Worker() for _ in range(size)]
        self._slots: list[Slot] = []
        self._idle: SimpleQueue[Slot] = SimpleQueue()
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def pids(self) -> list[int]:
        """Return the process ids of the workers."""
        with self._lock:
            return [worker.pid for worker in self._workers]

    def describe_machine(self) -> Ready:
        """Return what PyTorch sees on this machine, as soon as the first worker knows.

        Raises
        ------
        WorkerDied
            If the worker ended before.
        """
        return self._workers[0].wait_until_ready()

    def open(self, devices: list[str]) -> None:
        """Make a slot of each device; start the workers that are missing, end those too many."""
        with self._lock:
            while len(self._workers) < len(devices):
                self._workers.append(Worker())
            for spare in self._workers[len(devices) :]:
                spare.close()
            del self._workers[len(devices) :]
            pairs = zip(self._workers, devices, strict=True)
            self._slots = [Slot(self, worker, device) for worker, device in pairs]
        for slot in self._slots:
            self._idle.put(slot)

    @contextlib.contextmanager
    def slot(self) -> Iterator[Slot]:
        """Wait for an idle slot and lend it.

        Raises
        ------
        Stopped
            If the batch was stopped.
        """
        slot = self._idle.get()
        try:
            if self._stopped:
                raise Stopped
            yield slot
        finally:
            self._idle.put(slot)

    def start_instead_of(self, worker: Worker) -> Worker:
        """Start a worker in the place of one that died.

        Raises
        ------
        Stopped
            If it died because the batch was stopped.
        """
        with self._lock:
            if self._stopped:
                raise Stopped
            worker.close()
            fresh = Worker()
            self._workers[self._workers.index(worker)] = fresh
            return fresh

    def stop(self) -> None:
        """End every worker process now, and wait until no thread files a result any more."""
        with self._lock:
            self._stopped = True
            for worker in self._workers:
                worker.kill()
        for _ in self._slots:
            self._idle.get()
        for worker in self._workers:
            worker.close()
        self._slots, self._workers = [], []
