"""The slots of a batch: each is a device and the worker process that owns it."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Self

from runner.errors import BatchStopped, Stopped, WorkerDied
from runner.launching.likeness import find_difference, find_release
from runner.launching.prefix import LaunchPrefix
from runner.workers.launch import Launch
from runner.workers.protocol import Measured, Ready
from runner.workers.supervisor import Worker
from runner.workers.survey import survey_devices, try_device

RESTART_PAUSES_S = (1.0, 5.0, 20.0)  # between tries to start a far worker anew


class Slot:
    """A device and the worker process that owns it."""

    def __init__(self, pool: "WorkerPool", worker: Worker, device: str) -> None:
        self._pool = pool
        self.worker = worker
        self.device = device
        self.retired = False

    @property
    def far(self) -> Ready | None:
        """What a worker that was started through a prefix has said of where it is."""
        return None if self.worker.launch.through is None else self.worker.wait_until_ready()

    @property
    def place(self) -> str:
        """The device, and through what it is reached."""
        through = self.worker.launch.through
        return self.device if through is None else f"{self.device} ({through.show()})"

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
        elif self.worker.launch.through is not None:
            self.retired = True  # nobody there can try it
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
    launches
        How they are started, in turn; by default they train with this project's own network.
    """

    def __init__(self, size: int, *launches: Launch | None) -> None:
        self._launches = launches or (None,)
        self._lock = threading.Lock()
        self._workers: list[Worker] = []
        self._add_workers(size)
        self._idle: list[Slot] = []
        self._n_lent = 0
        self._changed = threading.Condition()
        self._stopped = False
        self._releases: dict[str, str] = {}  # of the first far worker
        self._loss = "no device is left that still computes"
        self.on_loss: Callable[[str], None] = lambda _: None  # is told why a slot is given up

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
        return self._launches[0] is None or self._launches[0].knows_devices

    @property
    def is_far(self) -> bool:
        """Whether the workers are started through prefixes."""
        return self._launches[0] is not None and self._launches[0].through is not None

    def list_far(self) -> list[tuple[Worker, LaunchPrefix, Ready]]:
        """Return the far workers, once all are there: through what each was started, what it says.

        Raises
        ------
        WorkerDied
            If one ended before, or has other releases than the first.
        """
        found = [(worker, worker.launch.through) for worker in self._workers]
        return [(one, through, self.compare(one)) for one, through in found if through is not None]

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
            self._add_workers(len(devices))
            for spare in self._workers[len(devices) :]:
                spare.close()
            del self._workers[len(devices) :]
            pairs = zip(self._workers, devices, strict=True)
            self._idle = [Slot(self, worker, device) for worker, device in pairs]

    def _add_workers(self, size: int) -> None:
        """Start workers until there are so many."""
        for number in range(len(self._workers), size):
            self._workers.append(Worker(self._launches[number % len(self._launches)]))

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
        slot = self._lend_ready()
        try:
            yield slot
        except BaseException:
            with self._lock:
                self._stopped = True  # its worker is in the middle of a job that nobody listens to
            raise
        finally:
            self._take_back(slot)

    def _lend_ready(self) -> Slot:
        """Wait for a slot whose worker can take a job; those that never can are given up."""
        while True:
            slot, is_ready = self._lend(), False
            try:
                is_ready = self._prepare(slot)
            finally:
                if not is_ready:
                    self._take_back(slot)
            if is_ready:
                return slot

    def _lend(self) -> Slot:
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._idle or not self._n_lent)
            if self._stopped:
                raise Stopped
            if not self._idle:
                raise BatchStopped(self._loss)
            self._n_lent += 1
            return self._idle.pop(0)

    def _take_back(self, slot: Slot) -> None:
        with self._changed:
            self._n_lent -= 1
            if not slot.retired:
                self._idle.append(slot)
            self._changed.notify_all()

    def _prepare(self, slot: Slot) -> bool:
        """See to it that a slot's worker can take a job; return False where none can be started.

        One that has ended since its last job is replaced, which the next job is not to blame for;
        nor is it for a far one that cannot be reached.
        """
        if slot.worker.has_ended():
            slot.replace_worker()
        if slot.worker.launch.through is None:
            return True
        for pause_s in (*RESTART_PAUSES_S, None):
            try:
                self.compare(slot.worker)
            except WorkerDied as death:
                if pause_s is None:
                    slot.retired = True
                    self._loss = f"no worker can start any more: {death}"
                    self.on_loss(f"a slot is given up, no worker can start: {death}")
                else:
                    self._pause(pause_s)
                    slot.replace_worker()
            else:
                return True
        return False

    def compare(self, worker: Worker) -> Ready:
        """Return a far worker's first words; refuse it if it has other releases than the first.

        Raises
        ------
        WorkerDied
            If it has, or ends before it says so.
        """
        ready = worker.wait_until_ready()
        releases = {name: find_release(name, found) for name, found in ready.versions.items()}
        with self._lock:
            first = self._releases = self._releases or releases
        difference = find_difference(first, releases, "with the first worker")
        if difference:
            worker.kill()
            raise WorkerDied(0, "", "crashed", f"{worker.launch.through}: {difference}")
        return ready

    def _pause(self, seconds: float) -> None:
        """Wait, unless the batch is stopped meanwhile."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped, seconds)

    def start_instead_of(self, worker: Worker) -> Worker:
        """Start a worker in the place of one that died.

        Raises
        ------
        Stopped
            If it died because the batch was stopped.
        """
        worker.kill()  # not under the lock: of a far one that takes a moment
        with self._lock:
            if self._stopped:
                raise Stopped
            worker.close()
            fresh = Worker(worker.launch)
            self._workers[self._workers.index(worker)] = fresh
            return fresh

    def abort(self) -> None:
        """End every worker process now, and lend no slot any more."""
        with self._lock, self._changed:
            self._stopped = True
            self._changed.notify_all()
        for worker in self._workers:
            worker.hang_up()
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
