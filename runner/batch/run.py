"""Running a plan: workers, queue, records."""

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from models.data.dataset import save_dataset
from models.metrics import import_scores
from runner.batch.bookkeeper import Bookkeeper
from runner.batch.events import Observer, SlotLost
from runner.batch.filing import Filing
from runner.batch.grouping import group_fits, make_group, spread_groups
from runner.batch.queue import Group, Rules, run_queue
from runner.batch.recording import Recorder
from runner.batch.settling import settle_far, settle_machine, view_as_one
from runner.errors import BatchStopped, WorkerDied
from runner.faults.breaker import Breaker
from runner.launching.likeness import SOURCES
from runner.launching.prefix import LaunchPrefix, parse_prefixes
from runner.planning.command_template import CommandTemplate
from runner.planning.device_choice import count_cores, parse_device
from runner.planning.interpreter import check_python, find_python
from runner.planning.plan import Plan
from runner.planning.request import Request
from runner.storage.claims import POLL_S, Claims
from runner.storage.durable import Disk, writing
from runner.workers.devices import assign_slots, refuse_precision
from runner.workers.launch import Launch, launch_built_in, launch_command_runner, launch_host
from runner.workers.pool import WorkerPool
from runner.workers.protocol import Ready
from trial_sets.records.layout import is_run

LOOKS_A_POLL = 10  # at what other runners have claimed


def start_workers(request: Request) -> WorkerPool:
    """Start worker processes before the plan is made: importing PyTorch takes them seconds.

    Raises
    ------
    RunError
        If the device that was asked for cannot be understood, or the Python that is to run a
        trainer of one's own, or a program that is to launch workers, is not there.
    """
    device, prefixes = parse_device(request.device), parse_prefixes(request.launch)
    launch = None
    if request.command:
        launch = launch_command_runner()
    elif request.trainer:
        launch = launch_host(find_python(request.python))
    if prefixes:
        return _start_far(request, launch or launch_built_in(), prefixes)
    return WorkerPool(
        request.jobs or (count_cores() if device.kind in {"auto", "cpu"} else 1), launch
    )


def _start_far(request: Request, near: Launch, prefixes: Sequence[LaunchPrefix]) -> WorkerPool:
    """Start workers through prefixes, as many as there are unless a number is asked for."""
    stock = near.take_stock()
    if near.kind == "function" and near.command[0] != sys.executable:
        asked = check_python(request.python).take_stock()
        stock = {SOURCES: stock[SOURCES], **asked}
    far = [near.put_behind(prefix, stock, request.launch_python) for prefix in prefixes]
    return WorkerPool(request.jobs or len(far), *far)


def settle_devices(plan: Plan, pool: WorkerPool) -> tuple[Ready, list[str]]:
    """Return what the workers see of the machine, and the device of each.

    Raises
    ------
    RunError
        If the machine has no such device as was asked for, or it lacks the precision, or does not
        see the files of the batch where workers are launched elsewhere.
    BatchStopped
        If a worker cannot even start.
    """
    try:
        if pool.is_far:
            ready, devices = settle_far(plan, pool)
        else:
            ready = pool.describe_machine(plan.device.kind)
            devices = assign_slots(plan.device, ready, plan.jobs)
    except WorkerDied as death:
        words = [] if pool.is_far else death.last_words.strip().splitlines()
        raise BatchStopped(": ".join([f"no worker can start: {death}", *words[-1:]])) from death
    refuse_precision(plan.info.precision, devices)
    return ready, devices


def run_plan(
    plan: Plan, pool: WorkerPool, observe: Observer, claims_head: str | None = None
) -> None:
    """Run the fits of a plan that have no result; every one leaves a record.

    Parameters
    ----------
    plan
        The plan.
    pool
        Its workers; they are ended when the batch is.
    observe
        Is called with every event, from several threads.
    claims_head
        Of the ledger of claims, once `enter_claims` has entered the plan's.

    Raises
    ------
    RunError
        If the machine has no such device as was asked for, or it lacks the precision, or the data
        or a trainer's code are not those of the plan any more.
    BatchStopped
        If no worker can start, or the batch cannot or should not go on, as when a command's code
        changes meanwhile.
    """
    place = prepare_workplace(plan, pool, claims_head)
    groups = group_fits(plan, *view_as_one(pool, place.devices, place.ready))
    devices = place.devices[: len(groups)]
    pool.open(devices)
    pool.on_loss = lambda why: observe(SlotLost(why))
    disk = Disk(plan.folder.path)
    with Claims() as claims, pool, disk, Filing(disk, pool.abort) as filing:
        breaker = Breaker(len(plan.to_run), plan.policy.on_failure)
        bookkeeper = Bookkeeper(
            plan.to_run, place.recorder, claims, filing, breaker, observe, watch_command(plan)
        )
        rules = Rules(plan.policy.limits, plan.policy.retries)
        while groups:
            order = spread_groups(plan, groups, bookkeeper)
            run_queue(order, pool, bookkeeper, rules, len(devices))
            filing.flush()
            bookkeeper.refuse_left()
            groups = _await_others(plan, bookkeeper)


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a batch runs, once it is known that it can, and who writes its records."""

    ready: Ready
    devices: list[str]  # a slot each
    recorder: Recorder


def prepare_workplace(
    plan: Plan, pool: WorkerPool, claims_head: str | None, *, is_new: bool = True
) -> Workplace:
    """Write what the fits of a plan have in common, and settle where they run.

    Parameters
    ----------
    plan, pool, claims_head
        As in `run_plan`.
    is_new
        Whether what a run.json says already, if there is one, gives way to the plan's.

    Raises
    ------
    RunError, BatchStopped
        As in `run_plan`.
    """
    scoring = ThreadPoolExecutor(1).submit(import_scores)  # while the workers import theirs
    ready, devices = settle_devices(plan, pool)
    plan.data.refuse_change()
    if plan.watch is not None:
        plan.watch.refuse_change()
    if is_new or not is_run(plan.folder.path):
        plan.folder.write_run_info(plan.info)
    _write_data(plan)
    with writing(plan.folder.data_note):
        plan.data.write_note(plan.folder)
    is_here = pool.is_own and not pool.is_far  # else each record says what its worker ran on
    machine = settle_machine(plan.outputs, pool, ready) if is_here else None
    recorder = Recorder(
        plan.folder,
        plan.data.find_dataset,
        ready.versions,
        machine,
        claims_head,
        plan.info.study.metric,
    )
    _await_scores(scoring)
    return Workplace(ready, devices, recorder)


def watch_command(plan: Plan) -> Callable[[], bool]:
    """Return what says whether a command's code has changed; workers keep that of a function."""
    is_command = isinstance(plan.trainer, CommandTemplate)
    return plan.watch.has_changed if is_command and plan.watch is not None else lambda: False


def _write_data(plan: Plan) -> None:
    """Write the data of each fold that is to run, for the workers."""
    if plan.data.owner is not None:
        return
    folds = {planned.fit.fold for planned in plan.to_run} or {None}
    for fold in sorted(folds, key=lambda fold: fold or 0):
        path = plan.folder.data(fold)
        with writing(path):
            save_dataset(plan.data.find_dataset(fold).without_test_labels(), path)


def _await_scores(scoring: Future[None]) -> None:
    """Wait until results can be scored: the first must not be lost for want of it."""
    try:
        scoring.result()
    except ImportError as error:
        raise BatchStopped(f"no result could be scored: {error}") from error


def _await_others(plan: Plan, bookkeeper: Bookkeeper) -> list[Group]:
    """Wait until a fit that another runner had claimed is free again, and return all such."""
    waiting, bookkeeper.elsewhere = deque(bookkeeper.elsewhere), []
    while waiting:
        with writing(plan.folder.path):
            free = list(_look_at_some(plan, waiting, bookkeeper.claims))
        if free:
            bookkeeper.elsewhere = list(waiting)
            return [make_group(plan, [number]) for number in free]
        time.sleep(POLL_S)
    return []


def _look_at_some(plan: Plan, waiting: deque[int], claims: Claims) -> Iterator[int]:
    """Yield fits that are free, and move them out of those waiting; a few that are not go last.

    Of a thousand runners the last would otherwise look at all that the others still run, each of
    them twice a second.
    """
    taken = 0
    for _ in range(len(waiting)):
        number = waiting.popleft()
        if claims.is_free(_place(plan, number)):
            yield number
            continue
        waiting.append(number)
        taken += 1
        if taken == LOOKS_A_POLL:
            return


def _place(plan: Plan, number: int) -> Path:
    fit = plan.to_run[number].fit
    return plan.folder.fit(*fit.id)
