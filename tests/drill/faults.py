"""The faults of the drill: real signals, real limits, a really full disk."""

import os
import resource
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

from tests.drill.batch import Batch


def _signal_worker(number: signal.Signals) -> Callable[[Batch, Random], None]:
    def inject(batch: Batch, rng: Random) -> None:
        if workers := batch.workers():
            send_signal(rng.choice(workers), number)

    return inject


def _leave_and_signal_runner(number: signal.Signals) -> Callable[[Batch, Random], None]:
    def inject(batch: Batch, rng: Random) -> None:
        """End the runner while programs run that a fit has started."""
        (batch.folder / "orphans").touch()
        time.sleep(rng.random())
        send_signal(batch.commands[-1].pid, number)

    return inject


def _signal_runner(number: signal.Signals) -> Callable[[Batch, Random], None]:
    def inject(batch: Batch, rng: Random) -> None:
        del rng
        send_signal(batch.commands[-1].pid, number)

    return inject


def send_signal(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may have ended."""
    with suppress(ProcessLookupError):  # it was faster
        os.kill(pid, number)


def _take_memory(batch: Batch, rng: Random) -> None:
    """Leave a worker no more address space than it has."""
    if workers := batch.workers():
        with suppress(ProcessLookupError):  # it was faster
            resource.prlimit(rng.choice(workers), resource.RLIMIT_AS, (2**20, 2**20))


ORDERS = ("endless", "big", "orphans", "garbage", "forked")  # what the drill's trainer can be told


def _order(word: str) -> Callable[[Batch, Random], None]:
    def inject(batch: Batch, rng: Random) -> None:
        """Let the next fit that starts do as the word says."""
        del rng
        (batch.folder / word).touch()

    return inject


def _fill_disk(batch: Batch, rng: Random) -> None:
    """Leave no byte on the file system of the outputs."""
    del rng
    with ballast(batch).open("wb", buffering=0) as file:
        size = 2**16
        while size:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2


def ballast(batch: Batch) -> Path:
    """Return the file that fills the disk."""
    return batch.output.parent / "ballast"


def _start_second(batch: Batch, rng: Random) -> None:
    del rng
    batch.start()


def _start_second_and_kill(batch: Batch, rng: Random) -> None:
    """Start another runner beside the first, and kill either of them."""
    batch.start()
    send_signal(rng.choice(batch.commands[-2:]).pid, signal.SIGKILL)


def _tear(batch: Batch, rng: Random) -> None:
    """Cut or change a finished record's file."""
    fits = sorted(batch.files())
    if not fits:
        return
    path = batch.plan().folder.fit(*rng.choice(fits)) / "record.json"
    content = path.read_bytes()
    if rng.random() < 0.5:
        path.write_bytes(content[: rng.randrange(len(content))])
    else:
        path.write_bytes(content.replace(b'"val_auc": 0.', b'"val_auc": 0.9', 1))


Fault = tuple[Callable[[Batch, Random], None], set[int]]
# What is done at a random moment of a running batch, and how its command may then end.
FAULTS: dict[str, Fault] = {
    "worker killed": (_signal_worker(signal.SIGKILL), {0}),
    "worker segfault": (_signal_worker(signal.SIGSEGV), {0}),
    "worker stopped": (_signal_worker(signal.SIGSTOP), {0}),
    "worker out of memory": (_take_memory, {0}),
    "endless fit": (_order("endless"), {0, 1}),
    "more than a record holds": (_order("big"), {0, 1}),
    "programs left behind": (_order("orphans"), {0}),
    "garbage on the pipe": (_order("garbage"), {0}),
    "forked process returns": (_order("forked"), {0}),
    "runner killed": (_signal_runner(signal.SIGKILL), {0, -signal.SIGKILL}),
    "runner terminated": (_signal_runner(signal.SIGTERM), {0, 143, -signal.SIGTERM}),
    "runner interrupted": (_signal_runner(signal.SIGINT), {0, 130, -signal.SIGINT}),
    "programs left behind, runner killed": (
        _leave_and_signal_runner(signal.SIGKILL),
        {0, -signal.SIGKILL},
    ),
    "programs left behind, runner interrupted": (
        _leave_and_signal_runner(signal.SIGINT),
        {0, 130, -signal.SIGINT},
    ),
    "disk full": (_fill_disk, {0, 1}),
    "second runner": (_start_second, {0}),
    "second runner, one killed": (_start_second_and_kill, {0, -signal.SIGKILL}),
    "record torn": (_tear, {0, 1}),
}
