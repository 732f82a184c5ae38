"""The slots of a batch: each is a device and the worker process that owns it."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Self

from runner.errors import BatchStopped, Stopped
from runner.workers.launch import Launch
from runner.workers.protocol import Measured, Ready
from runner.workers.supervisor import Worker
from runner.workers.survey import survey_devices, try_device


class Slot:
    """A device and the worker process that owns it."""

    def __init__(self, pool: "WorkerPool", worker: Worker, device: str) -> None:
        self._pool = pool
        self.worker = worker
        self.device = device
        self.retired = False

    def replace_worker(self) -> None:
        """Start a worker in the place of one that died or cannot be trusted any more.

        Raises
        ------
        Stopped
            If it died because the batch was stopped.
        """
        self.worker = self._pool.start_instead_of(self.worker)

    def retire_if_lost(self) -> None:
        """Give no more jobs to this slot if its device does not compute any more."""
        if self.worker.launch.knows_devices:
            self.retired = not self.worker.computes_on(self.device)
        elif self.device != "cpu":
            self.retired = not try_device(self.device)


class WorkerPool:
    """Persistent worker processes.

    Workers are interchangeable until a job tells them their device, so they can start before it
    is known which devices there are.

    Parameters
    ----------
    size
        How many.
    launch
        How each is started; by default it trains with this project's own network.
    """

    def __init__(self, size: int, launch: Launch | None = None) -> None:
        self._launch = launch
        self._lock = threading.Lock()
        self._workers = [Worker(launch) for _ in range(size)]
        self._idle: list[Slot] = []
        self._n_lent = 0
        self._changed = threading.Condition()
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def pids(self) -> list[int]:
        """Return the process ids of the workers."""
        with self._lock:
            return [worker.pid for worker in self._workers]

    @property
    def is_own(self) -> bool:
        """Whether the workers train with this project's own network, by PyTorch."""
        return self._launch is None or self._launch.knows_devices

    def describe_machine(self, device: str = "auto") -> Ready:
        """Return what PyTorch sees on this machine, as soon as the first worker knows.

        Parameters
        ----------
        device
            The kind that was asked for: where the workers import no PyTorch, devices are looked for
            only if they may matter.

        Raises
        ------
        WorkerDied
            If the worker ended before.
        """
        ready = self._workers[0].wait_until_ready()
        return ready if self.is_own else survey_devices(device, ready)

    def measure_processor(self) -> Measured:
        """Return how fast the first worker multiplies matrices, once all have started.

        Raises
        ------
        WorkerDied
            If a worker ended before or over it.
        """
        for worker in self._workers:
            worker.wait_until_ready()
        return self._workers[0].measure()

    def open(self, devices: list[str]) -> None:
        """Make a slot of each device; start the workers that are missing, end those too many."""
        with self._lock:
            while len(self._workers) < len(devices):
                self._workers.append(Worker(self._launch))
            for spare in self._workers[len(devices) :]:
                spare.close()
            del self._workers[len(devices) :]
            pairs = zip(self._workers, devices, strict=True)
            self._idle = [Slot(self, worker, device) for worker, device in pairs]

    @contextlib.contextmanager
    def slot(self) -> Iterator[Slot]:
        """Wait for an idle slot and lend it.

        Raises
        ------
        Stopped
            If the batch was stopped.
        BatchStopped
            If every device was lost.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._idle or not self._n_lent)
            if self._stopped:
                raise Stopped
            if not self._idle:
                raise BatchStopped("no device is left that still computes")
            slot = self._idle.pop(0)
            self._n_lent += 1
        try:
            if slot.worker.has_ended():  # since its last job, which the next is not to blame for
                slot.replace_worker()
            yield slot
        except BaseException:
            with self._lock:
                self._stopped = True  # its worker is in the middle of a job that nobody listens to
            raise
        finally:
            with self._changed:
                self._n_lent -= 1
                if not slot.retired:
                    self._idle.append(slot)
                self._changed.notify_all()

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
            fresh = Worker(self._launch)
            self._workers[self._workers.index(worker)] = fresh
            return fresh

    def abort(self) -> None:
        """End every worker process now, and lend no slot any more."""
        with self._lock, self._changed:
            self._stopped = True
            self._changed.notify_all()
        for worker in self._workers:
            worker.kill()

    def stop(self) -> None:
        """End every worker process now, and wait until no thread takes in a result any more."""
        self.abort()
        with self._changed:
            self._changed.wait_for(lambda: not self._n_lent)
        for worker in self._workers:
            worker.close()
        self._idle, self._workers = [], []
