"""The queue: joblib threads, each supervising one worker process through one job at a time.

A killed worker of joblib's own backends takes the whole batch with it, so the isolation is
ours: joblib runs a thread a slot, which fetches one job after another and talks to a process that
owns one device; a process that dies is replaced and costs the fit that killed it alone. What is to
run may be a list, or be thought of only when a slot is free for it.
"""

import contextlib
import threading
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from joblib import Parallel, delayed

from runner.batch.ran import Ran
from runner.batch.retry import plan_retry
from runner.errors import Stopped, WorkerDied
from runner.faults.limits import Limits
from runner.faults.policies import POLICIES
from runner.workers.pool import Slot, WorkerPool
from runner.workers.protocol import EpochDone, FitResult, Job, JobError
from trial_sets.records.record import EpochPoint, Failure


@dataclass(frozen=True, slots=True)
class Group:
    """Fits that train as one program, by their numbers in the plan."""

    numbers: tuple[int, ...]
    job: Job  # its device is set when a worker takes it
    attempt: int = 1

    def only(self, indices: Sequence[int]) -> "Group":
        """Return some of the fits as a group of their own."""
        chosen = tuple(self.numbers[index] for index in indices)
        return Group(chosen, self.job.only(indices), self.attempt)


class Keeper(Protocol):
    """Who keeps what the queue brings about; called from its threads, by a fit's number."""

    def claim(self, numbers: Sequence[int]) -> list[int]:
        """Return which of a group's fits may run here, by index."""

    def start(self, number: int, place: str) -> None:
        """Take in that a worker has begun a fit, on which device and where that is."""

    def end_epoch(self, number: int, point: EpochPoint) -> None:
        """Take in that a fit has ended an epoch."""

    def judge(self, number: int, point: EpochPoint) -> bool:
        """Return whether a fit of a judged job goes on, after `end_epoch`; its worker waits."""

    def file_result(self, number: int, result: FitResult, ran: Ran) -> None:
        """Keep what a fit has shown."""

    def file_failure(self, number: int, failure: Failure, ran: Ran) -> None:
        """Keep why a fit has failed for good."""

    def retry(self, number: int, failure: Failure) -> None:
        """Take in that an attempt has failed, and another follows."""

    def spend_time(self) -> None:
        """Do what has waited: a worker has its next job, and now there is time."""


@dataclass(slots=True)
class Attempt:
    """What became of running a group once."""

    ran: Ran
    left: list[int]  # the fits without a result, by index
    failure: Failure | None = None  # what stopped them


@dataclass(frozen=True, slots=True)
class Rules:
    """How long a fit may take and how often it is tried."""

    limits: Limits
    retries: int


class Feed:
    """Groups, asked for one at a time by several threads; none after an error.

    Parameters
    ----------
    groups
        Is asked for the next one only when a slot is free for it.
    """

    def __init__(self, groups: Iterable[Group]) -> None:
        self._groups: Iterator[Group] | None = iter(groups)
        self._lock = threading.Lock()

    def take(self) -> Group | None:
        """Return the next group; None when there is no more."""
        with self._lock:
            groups, self._groups = self._groups, None
            if groups is None:
                return None
            group = next(groups, None)
            self._groups = None if group is None else groups
            return group


def run_queue(
    groups: Iterable[Group], pool: WorkerPool, keeper: Keeper, rules: Rules, slots: int
) -> None:
    """Run every group; return when each fit has had its result or its failure.

    The groups are asked for one by one, each when a slot is free for it.

    An exception in the calling thread, Ctrl-C included, or in the keeper kills the workers, waits
    until the threads have handed on what had already arrived, and goes on its way.
    """
    queue = Queue(pool, keeper, rules)
    try:
        queue.run(groups, slots)
        while queue.at_the_end:
            queue.run([queue.at_the_end.pop()], 1)
    except BaseException:
        pool.stop()
        raise


class Queue:
    """Runs groups, and answers what goes wrong in them."""

    def __init__(self, pool: WorkerPool, keeper: Keeper, rules: Rules) -> None:
        self._pool, self._keeper, self._rules = pool, keeper, rules
        self.at_the_end: list[Group] = []  # fits that need the machine for themselves

    def run(self, groups: Iterable[Group], slots: int) -> None:
        """Run groups on so many slots at a time."""
        parallel = Parallel(
            n_jobs=slots, backend="threading", return_as="generator_unordered", batch_size=1
        )
        feed = Feed(groups)
        ends: Iterator[None] = parallel(delayed(self._run_all)(feed) for _ in range(slots))
        try:
            for _ in ends:
                pass
        except BaseException:
            self._pool.stop()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # joblib says that jobs were cancelled: they were
                del ends
            raise

    def _run_all(self, feed: Feed) -> None:
        """Run one group after another until there is no more, or the batch was stopped."""
        with contextlib.suppress(Stopped):
            while (group := feed.take()) is not None:
                self._run_group(group)

    def _run_group(self, group: Group) -> None:
        """Run a group on the next idle worker; fits that it leaves unfinished run again alone."""
        group = group.only(self._keeper.claim(group.numbers))
        if len(group.numbers) == 1:
            self._run_single(group)
        elif group.numbers:
            for index in self._attempt(group).left:
                self._run_single(group.only([index]))

    def _run_single(self, group: Group) -> None:
        """Try one fit until it has a result or has failed for good."""
        while (attempt := self._attempt(group)).left:
            failure, number = attempt.failure, group.numbers[0]
            assert failure is not None
            retry = plan_retry(failure.kind, group.job, group.attempt, self._rules.retries)
            if retry is None:
                self._keeper.file_failure(number, failure, attempt.ran)
                return
            self._keeper.retry(number, failure)
            group = Group(group.numbers, retry.job, group.attempt + 1)
            if retry.at_the_end:
                self.at_the_end.append(group)
                return

    def _attempt(self, group: Group) -> Attempt:
        """Run a group once on the next idle worker."""
        with self._pool.slot() as slot:
            size, parts = len(group.numbers), group.job.micro_batches
            ran = Ran(slot.device, size, parts, group.attempt, slot.far)
            attempt = Attempt(ran, list(range(size)))
            for number in group.numbers:
                self._keeper.start(number, slot.place)
            try:
                self._listen(group, slot, attempt)
            except WorkerDied as death:
                words = death.last_words
                attempt.failure = Failure.of(death.kind, str(death), words)
            if attempt.left and attempt.failure is None and size == 1:
                attempt.failure = Failure.of("crashed", "the job ended without a result")
            if attempt.failure is not None and POLICIES[attempt.failure.kind].fresh_worker:
                slot.replace_worker()
                if attempt.failure.kind == "device_lost":
                    slot.retire_if_lost()
            return attempt

    def _listen(self, group: Group, slot: Slot, attempt: Attempt) -> None:
        """Pass on what the worker reports of a group."""
        job = group.job.model_copy(update={"device": slot.device})

        def judge(epoch: EpochDone) -> bool:
            return self._keeper.judge(group.numbers[epoch.index], epoch.point)

        for message in slot.worker.run(job, self._rules.limits, self._keeper.spend_time, judge):
            match message:
                case EpochDone():
                    self._keeper.end_epoch(group.numbers[message.index], message.point)
                case FitResult():
                    attempt.left.remove(message.index)
                    self._keeper.file_result(group.numbers[message.index], message, attempt.ran)
                case JobError(kind=kind, message=text, traceback=trace):
                    attempt.failure = Failure.of(kind, text, trace)
