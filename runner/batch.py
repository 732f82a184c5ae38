"""Running a plan: workers, queue, records."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from models.dataset import save_dataset
from runner.devices import assign_slots, count_cores, parse_device
from runner.events import EpochEnded, FitEnded, FitStarted, Observer
from runner.fit import Fit
from runner.grouping import group_fits
from runner.plan import Plan
from runner.pool import WorkerPool
from runner.protocol import FitResult
from runner.queue import Handlers, run_queue
from runner.recording import Circumstances, Outcome, Recorder, Subject
from runner.request import Request
from trial_sets.record import EpochPoint, Failure


def start_workers(request: Request) -> WorkerPool:
    """Start worker processes before the plan is made: importing PyTorch takes them seconds.

    Raises
    ------
    RunError
        If the device that was asked for cannot be understood.
    """
    on_cpu = parse_device(request.device).kind in {"auto", "cpu"}
    return WorkerPool(request.jobs or (count_cores() if on_cpu else 1))


def run_plan(plan: Plan, pool: WorkerPool, observe: Observer) -> None:
    """Run the fits of a plan that have no result; every one leaves a record.

    Parameters
    ----------
    plan
        The plan.
    pool
        Its workers; they are ended when the batch is.
    observe
        Is called with every event, from the supervising threads.

    Raises
    ------
    RunError
        If the machine has no such device as was asked for.
    WorkerDied
        If a worker cannot even start.
    """
    machine = pool.describe_machine()
    devices = assign_slots(plan.device, machine, plan.jobs)
    plan.folder.write_run_info(plan.info)
    save_dataset(plan.dataset, plan.folder.data)
    groups = group_fits(plan, devices, machine)
    devices = devices[: len(groups)]
    pool.open(devices)
    recorder = Recorder(plan.folder, plan.dataset, machine.versions)
    bookkeeper = Bookkeeper([planned.fit for planned in plan.to_run], recorder, observe)
    run_queue(groups, pool, bookkeeper.handlers(), len(devices))


@dataclass(slots=True)
class Bookkeeper:
    """Turns what the queue reports of a numbered fit into records and events."""

    fits: list[Fit]
    recorder: Recorder
    observe: Observer
    started: dict[int, datetime] = field(default_factory=dict)

    def handlers(self) -> Handlers:
        """Return what the queue calls."""
        return Handlers(self._start, self._end_epoch, self._file_result, self._file_failure)

    def _start(self, number: int, device: str) -> None:
        self.started[number] = datetime.now(UTC)
        self.observe(FitStarted(self.fits[number], device))

    def _end_epoch(self, number: int, point: EpochPoint) -> None:
        self.observe(EpochEnded(self.fits[number], point))

    def _file_result(self, number: int, result: FitResult, device: str, group_size: int) -> None:
        self._file(number, Outcome.of_result(result), device, group_size)

    def _file_failure(self, number: int, failure: Failure, device: str, group_size: int) -> None:
        self._file(number, Outcome(failure=failure), device, group_size)

    def _file(self, number: int, outcome: Outcome, device: str, group_size: int) -> None:
        fit = self.fits[number]
        under = Circumstances(self.started[number], device, group_size)
        record = self.recorder.file(Subject.of_fit(fit), outcome, under)
        self.observe(FitEnded(fit, record))
