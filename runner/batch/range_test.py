"""The range test of the learning rate, through a worker, and the file that it leaves."""

import contextlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from models.data.dataset import save_dataset
from models.rate_range import HIGHEST_RATE, LOWEST_RATE, smooth_losses, suggest_rates
from runner.batch.ran import Ran
from runner.batch.retry import plan_retry
from runner.errors import BatchStopped, RunError, WorkerDied
from runner.faults.policies import POLICIES
from runner.planning.plan import BatchPolicy, Plan
from runner.planning.run_data import RunData
from runner.storage.durable import write_whole, writing
from runner.storage.machine import Machine
from runner.storage.outputs import RunFolder
from runner.workers.pool import Slot, WorkerPool
from runner.workers.protocol import Job, JobError, RangeTest, RangeTested, Ready, quote_path
from trial_sets.configuration import AnyConfiguration
from trial_sets.errors import InputError
from trial_sets.records.layout import is_run
from trial_sets.records.range_test import RangeTestRecord, SuggestedRates, read_range_test
from trial_sets.records.record import Failure
from trial_sets.records.run_info import RunInfo
from trial_sets.space import Dimension

TESTED_RATES = Dimension(type="float", low=LOWEST_RATE, high=HIGHEST_RATE, log=True)


@dataclass(frozen=True, slots=True)
class RangeTestPlan:
    """What is tested, where it is filed, and what is done about failures."""

    folder: RunFolder  # of the run, or of a section of it
    info: RunInfo
    data: RunData
    configuration: AnyConfiguration
    seed: int
    policy: BatchPolicy
    fold: int | None = None  # on whose rows, in a run with folds

    @classmethod
    def of(cls, plan: Plan, configuration: AnyConfiguration, seed: int) -> Self:
        """Return the range test of a configuration on the data of a plan, the last fold's."""
        folds = plan.info.data.fold_numbers
        parts = plan.folder, plan.info, plan.data, configuration, seed, plan.policy
        return cls(*parts, fold=folds[-1] if folds else None)


def find_learning_rates(plan: RangeTestPlan, pool: WorkerPool, ready: Ready) -> RangeTestRecord:
    """Have a worker test the range of learning rates, and file what it shows.

    A test that was filed before is read: what a worker computes on a processor is the same again.

    Parameters
    ----------
    plan
        What is tested.
    pool
        Of workers whose slots are open, as `settle_devices` and `WorkerPool.open` leave them.
    ready
        What the workers see of the machine.

    Raises
    ------
    InputError
        If a trainer of one's own trains, the data are not those of the plan any more, or the file
        lies behind a symbolic link.
    BatchStopped
        If the training failed, as often as it was tried, or the file cannot be written.
    """
    if not pool.is_own or plan.info.study.needs_own_trainer:
        raise RunError(
            "the range test of the learning rate is one of the built-in networks: a trainer of "
            "one's own sets its rates itself"
        )
    path = plan.folder.range_test(plan.configuration.key, plan.seed, plan.fold)
    plan.folder.refuse_links(path)
    with contextlib.suppress(InputError):  # what cannot be read is tested again
        if path.exists():
            return read_range_test(path)
    _write_data(plan)
    record = _test(plan, pool, ready)
    with writing(path):
        write_whole(path, record)
    return record


def _write_data(plan: RangeTestPlan) -> None:
    """Write the data for the workers, and run.json unless the run has one, for whoever looks."""
    plan.data.refuse_change()
    if not is_run(plan.folder.path):
        plan.folder.write_run_info(plan.info)
    path = plan.folder.data(plan.fold)
    with writing(path):
        save_dataset(plan.data.find_dataset(plan.fold).without_test_labels(), path)


def _test(plan: RangeTestPlan, pool: WorkerPool, ready: Ready) -> RangeTestRecord:
    """Test until there is a curve, or it has failed for good."""
    job, attempt = _order(plan), 1
    while True:
        with pool.slot() as slot:
            started, clock = datetime.now(UTC), time.perf_counter()
            job, far = job.model_copy(update={"device": slot.device}), slot.far
            found = _ask(slot, job, plan.policy)
            seconds = time.perf_counter() - clock
        if isinstance(found, RangeTested):
            rates, smoothed = smooth_losses(found.rates, found.losses)
            ran = Ran(job.device, micro_batches=job.micro_batches, attempts=attempt, far=far)
            return RangeTestRecord(
                run=plan.info.run,
                configuration=plan.configuration,
                key=plan.configuration.key,
                seed=plan.seed,
                fold=plan.fold,
                rates=found.rates,
                losses=found.losses,
                smoothed_rates=tuple(rates.tolist()),
                smoothed_losses=tuple(smoothed.tolist()),
                suggestion=_suggest(found),
                seconds=seconds,
                provenance=ran.trace(started, ready.versions, _describe_machine(ready)),
            )
        retry = plan_retry(found.kind, job, attempt, plan.policy.retries)
        if retry is None:
            raise BatchStopped(f"the range test of the learning rate failed: {found}")
        job, attempt = retry.job, attempt + 1


def _describe_machine(ready: Ready) -> Machine:
    torch = ready.versions["torch"]
    return Machine(processor=ready.processor, torch=torch, matmul=ready.matmul, gflops={})


def _suggest(found: RangeTested) -> SuggestedRates | None:
    """Return the rates that the losses speak for, if they do for any."""
    rates = suggest_rates(found.rates, found.losses)
    if rates is None:
        return None
    return SuggestedRates(low=rates.low, high=rates.high, steepest=rates.steepest)


def _order(plan: RangeTestPlan) -> Job:
    study = plan.info.study
    return Job(
        configurations=(plan.configuration,),
        seeds=(plan.seed,),
        data=quote_path(str(plan.folder.data(plan.fold).resolve())),
        metric=study.metric.name,
        direction=study.metric.direction,
        precision=plan.info.precision,
        device="",
    )


def _ask(slot: Slot, job: Job, policy: BatchPolicy) -> RangeTested | Failure:
    """Have the slot's worker test once; what has failed leaves the slot fit for the next."""
    try:
        answer = slot.worker.test_range(RangeTest(job=job), policy.limits)
    except WorkerDied as death:
        failure = Failure.of(death.kind, str(death), death.last_words)
    else:
        if isinstance(answer, JobError):
            failure = Failure.of(answer.kind, answer.message, answer.traceback)
        elif answer.losses:
            return answer
        else:
            failure = Failure.of("diverged", "the loss of the first step was not finite")
    if POLICIES[failure.kind].fresh_worker:
        slot.replace_worker()
        if failure.kind == "device_lost":
            slot.retire_if_lost()
    return failure
