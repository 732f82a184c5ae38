"""The queue: joblib threads, each supervising one worker process through one job at a time.

A killed worker of joblib's own backends takes the whole batch with it, so the isolation is
ours: joblib hands out jobs to threads, a thread talks to a process that owns one device, and a
process that dies is replaced and costs the fit that killed it alone.
"""

import contextlib
import signal
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from joblib import Parallel, delayed

from runner.errors import WorkerDied
from runner.pool import Slot, Stopped, WorkerPool
from runner.protocol import EpochDone, FitResult, Job, JobError
from trial_sets.record import EpochPoint, Failure


@dataclass(frozen=True, slots=True)
class Group:
    """Fits that train as one program, by their numbers in the plan."""

    numbers: tuple[int, ...]
    job: Job  # its device is set when a worker takes it


@dataclass(frozen=True, slots=True)
class Handlers:
    """What the queue calls, from its threads, with a fit's number in the plan."""

    started: Callable[[int, str], None]
    epoch: Callable[[int, EpochPoint], None]
    result: Callable[[int, FitResult, str, int], None]  # with device and group size
    failure: Callable[[int, Failure, str, int], None]


def run_queue(groups: Sequence[Group], pool: WorkerPool, handlers: Handlers, slots: int) -> None:
    """Run every group; return when each fit has had its result or its failure.

    An exception in the calling thread, Ctrl-C included, kills the workers, waits until the
    threads have filed what had already arrived, and goes on its way.
    """
    parallel = Parallel(
        n_jobs=slots, backend="threading", return_as="generator_unordered", batch_size=1
    )
    ends: Iterator[None] = parallel(delayed(_run_group)(group, pool, handlers) for group in groups)
    try:
        for _ in ends:
            pass
    except BaseException:
        pool.stop()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # joblib says that jobs were cancelled: they were
            del ends
        raise


def _run_group(group: Group, pool: WorkerPool, handlers: Handlers) -> None:
    """Run a group on the next idle worker; fits that it leaves unfinished run again alone."""
    with contextlib.suppress(Stopped), pool.slot() as slot:
        left, failure = _attempt(group, slot, handlers)
        alone = len(group.numbers) == 1
        for index in left:
            single = Group((group.numbers[index],), group.job.alone(index))
            if not alone:
                unfinished, failure = _attempt(single, slot, handlers)
                if not unfinished:
                    continue
            assert failure is not None
            handlers.failure(single.numbers[0], failure, slot.device, 1)


def _attempt(group: Group, slot: Slot, handlers: Handlers) -> tuple[list[int], Failure | None]:
    """Run a group once; return the unfinished fits, and what stopped them."""
    size, device = len(group.numbers), slot.device
    left = list(range(size))
    for number in group.numbers:
        handlers.started(number, device)
    job = group.job.model_copy(update={"device": device})
    try:
        for message in slot.worker.run(job):
            match message:
                case EpochDone():
                    handlers.epoch(group.numbers[message.index], message.point)
                case FitResult():
                    left.remove(message.index)
                    handlers.result(group.numbers[message.index], message, device, size)
                case JobError():
                    return left, Failure(
                        kind="error", message=message.message, traceback=message.traceback
                    )
    except WorkerDied as death:
        slot.replace_worker()
        return left, Failure(kind="crashed", message=_how(death), traceback=death.last_words)
    return left, None


def _how(death: WorkerDied) -> str:
    """Say how a worker process ended."""
    status = death.exit_status
    if status >= 0:
        return f"the worker process ended with status {status}"
    hint = "; often the system's answer to too little memory" if status == -signal.SIGKILL else ""
    return f"the worker process was ended by {signal.Signals(-status).name}{hint}"
