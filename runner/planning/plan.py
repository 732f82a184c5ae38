"""From what a person asks for to the fits that will run, all checked before any is trained."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Literal, NamedTuple

from runner.errors import RunError
from runner.faults.breaker import OnFailure
from runner.faults.limits import Limits
from runner.faults.policies import POLICIES
from runner.launching.prefix import parse_prefixes
from runner.planning.device_choice import DeviceChoice, count_cores, parse_device
from runner.planning.estimate import Speed, ask, epoch_flops, find_speed, measure_speed
from runner.planning.filed_fits import read_filed
from runner.planning.fit import Fit, gather_fits, select_trials
from runner.planning.own_trainer import find_owner, find_trainer
from runner.planning.record_reader import Found
from runner.planning.request import Request
from runner.planning.requested_study import load_declared_study, load_requested_study
from runner.planning.run_data import RunData
from runner.planning.run_identity import describe_run
from runner.planning.trainer_watch import OwnTrainer, TrainerWatch
from runner.storage.filed_fit import FiledFit
from runner.storage.outputs import RunFolder
from runner.translation import Question, architecture_of, find_fault
from trial_sets.records.layout import Outputs, list_runs
from trial_sets.records.record import Record
from trial_sets.records.run_info import RunInfo
from trial_sets.study import Study, Trial

MOST_TIMED = 1_000  # records of other fits that tell how fast fits are


@dataclass(frozen=True, slots=True)
class PlannedFit:
    """A fit, whether it will run, and why."""

    fit: Fit
    action: Literal["run", "keep"]
    reason: str
    record: FiledFit | None  # what is on disk already
    n_parameters: int | None  # unknown for a trainer of one's own
    epoch_flops: float

    @property
    def flops(self) -> float:
        """The floating-point operations of all its epochs, without early stopping."""
        return self.epoch_flops * (self.fit.configuration.epochs or 1)

    def has_seen(self, record: Record) -> bool:
        """Return whether a record is the one that was there when the plan was made."""
        return self.record is not None and self.record == FiledFit.of(record)


class Size(NamedTuple):
    """How much work a fit is."""

    n_parameters: int | None  # unknown for a trainer of one's own
    epoch_flops: float


@dataclass(frozen=True, slots=True)
class BatchPolicy:
    """What is done about failures while the batch runs."""

    retries: int
    limits: Limits
    on_failure: OnFailure

    @classmethod
    def of_request(cls, request: Request) -> "BatchPolicy":
        """Return what a request asks for."""
        limits = Limits(request.timeout_s, request.hang_s)
        return cls(request.retries, limits, request.on_failure)


@dataclass(frozen=True)
class Plan:
    """Everything that is settled before the first fit starts."""

    info: RunInfo
    declared: Study  # as its files say, without what the run overrides
    folder: RunFolder
    data: RunData
    device: DeviceChoice
    jobs: int | None
    trainer: OwnTrainer | None
    watch: TrainerWatch | None  # of the trainer's code
    with_test: bool
    baselines: bool
    policy: BatchPolicy
    fits: tuple[PlannedFit, ...]
    speed: Speed

    @property
    def outputs(self) -> Outputs:
        """The output folder itself, above all studies and runs."""
        return self.folder.outputs

    @cached_property
    def to_run(self) -> list[PlannedFit]:
        """The fits that have no result yet."""
        return [planned for planned in self.fits if planned.action == "run"]

    def count_slots(self) -> int:
        """Return how many workers there may probably be; devices are not yet known."""
        default = len(self.device.indices) or 1 if self.device.kind in {"cuda", "mps"} else None
        return self.jobs or default or count_cores()

    def count_workers(self) -> int:
        """Return how many workers the fits will probably share."""
        return max(1, min(self.count_slots(), len(self.to_run)))

    @property
    def is_custom(self) -> bool:
        """Whether a trainer of one's own trains, whose work cannot be counted."""
        return self.trainer is not None or self.info.study.needs_own_trainer

    def estimate_s(self, fits: Sequence[PlannedFit]) -> float | None:
        """Return the seconds that one worker needs for some fits, without early stopping.

        None when nothing is known of a trainer of one's own.
        """
        if self.is_custom:
            return self.speed.fit_s * len(fits) if self.speed.measured_on else None
        return sum(planned.flops for planned in fits) / self.speed.flops


def is_first_batch(request: Request) -> bool:
    """Return whether no run of the study has a record, so that something is sure to run.

    Raises
    ------
    InputError
        If there is no such study, or it is not valid.
    """
    runs = list_runs(Outputs(request.output).study(load_requested_study(request).name))
    return not any(run.has_fits() or run.of_test().has_fits() for run in runs)


def make_plan(request: Request) -> Plan:
    """Settle what will run and what is there already.

    Raises
    ------
    InputError, DataError, RunError
        If anything that was asked for cannot be done; one sentence each.
    """
    device = parse_device(request.device)
    parse_prefixes(request.launch)
    study = load_requested_study(request)
    trainer = find_trainer(request, study)
    if request.evaluate_test is not None and study.task == "none":
        raise RunError(
            f"--evaluate-test: study {study.name} has task none, of which no rows are known"
        )
    trials, seeds = choose_trials(study, request), choose_first_seeds(study, request)
    setting = settle_setting(request, study, trainer)
    info = setting.info
    if request.evaluate_test is not None and info.data.splits and "test" not in info.data.splits:
        raise RunError(f"--evaluate-test: the split of study {study.name} has no test rows")
    is_custom = trainer is not None or study.needs_own_trainer
    if not is_custom:
        _refuse_unlearnable(trials, info)
    run = setting.folder
    folder = run.of_test() if request.evaluate_test else run
    folds = info.data.fold_numbers
    chosen = gather_fits(study, trials, seeds, folds[-1:] if request.evaluate_test else folds)
    alike = {(fit.key, fit.fold): fit for fit in chosen}
    sizes = {place: size_up(f, info, custom=is_custom) for place, f in alike.items()}
    filed = read_filed(folder, [fit.id for fit in chosen])
    fits = tuple(
        _plan_fit(fit, found, sizes[fit.key, fit.fold], request)
        for fit, found in zip(chosen, filed, strict=True)
    )
    return Plan(
        info=info,
        declared=load_declared_study(request) if info.overrides else study,
        folder=folder,
        data=setting.data,
        device=device,
        jobs=request.jobs or len(request.launch) or None,
        trainer=trainer,
        watch=setting.watch,
        with_test=request.evaluate_test is not None,
        policy=BatchPolicy.of_request(request),
        baselines=request.baselines,
        fits=fits,
        speed=_measure_speed(fits, run, info),
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """What the fits of a run have in common, and where they lie."""

    data: RunData
    watch: TrainerWatch | None
    info: RunInfo
    folder: RunFolder


def settle_setting(request: Request, study: Study, trainer: OwnTrainer | None) -> Setting:
    """Prepare the data that is asked for, and name the run.

    Raises
    ------
    InputError, DataError, RunError
        If anything that was asked for cannot be done.
    """
    runs = Outputs(request.output).study(study.name)
    data = RunData(study, request.data, runs, find_owner(request, study, trainer))
    watch = None if trainer is None else TrainerWatch(trainer)
    info = describe_run(study, data, request, trainer, watch.digest if watch else None)
    folder = RunFolder(runs / info.run)
    folder.refuse_place()
    return Setting(data, watch, info, folder)


def _refuse_unlearnable(trials: Sequence[Trial], info: RunInfo) -> None:
    """Refuse trials of which the network cannot learn what the study asks."""
    study, data = info.study, info.data
    assert study.task != "none", "it needs a trainer of its own"
    n_classes = len(data.splits["train"].classes)
    question = Question(data.features, study.task, study.metric.name, n_classes)
    for trial in trials:
        fault = find_fault(trial.configuration, question, is_ordered=study.is_ordered)
        if fault:
            raise RunError(f"trial {trial.name}: {fault}")


def _measure_speed(fits: Sequence[PlannedFit], run: RunFolder, info: RunInfo) -> Speed:
    """Return the speed that the results tell which were read for a plan, else others of its run."""
    finished = [
        (planned.epoch_flops * max(record.n_epochs, 1), record.seconds)
        for planned in fits
        if (record := planned.record) is not None and record.status == "complete"
    ]
    if finished:
        return find_speed([one for one in finished if one[1] > 0])
    return measure_speed(islice(run.records(), MOST_TIMED), info.data)


def choose_trials(study: Study, request: Request) -> list[Trial]:
    """Return the trials that were asked for; a trial to be tested brings its control along.

    Raises
    ------
    InputError, RunError
        If there are no such sets or trials, or none was asked for.
    """
    if request.evaluate_test is not None:
        if request.sets or request.trials:
            raise RunError("--evaluate-test names its trial: leave out --set and --trial")
        trial = study.find_trial(request.evaluate_test)
        control = study.control_of(trial)
        return [trial] if control is None or control == trial else [trial, control]
    if request.sets_file and not request.sets and not request.trials:
        return select_trials(study, ["all"], [], controls=request.controls)
    if not request.sets and not request.trials:
        names = ", ".join(trial_set.name for trial_set in study.sets)
        raise RunError(f"say what to run: --set with one of {names} or all, or --trial with a name")
    return select_trials(study, request.sets, request.trials, controls=request.controls)


def choose_first_seeds(study: Study, request: Request) -> tuple[int, ...]:
    """Return the first seeds of the study: one by default, all of them for the test.

    Raises
    ------
    RunError
        If it declares fewer.
    """
    declared = len(study.seeds)
    wanted = request.seeds or (declared if request.evaluate_test else 1)
    if wanted > declared:
        raise RunError(f"--seeds {wanted}: study {study.name} declares {declared} seeds")
    return study.seeds[:wanted]


def size_up(fit: Fit, info: RunInfo, *, custom: bool) -> Size:
    """Return how much work the fits of one configuration on one fold are."""
    flops = epoch_flops(fit.configuration, info.data, fit.fold)
    if custom:
        return Size(None, flops)
    return Size(architecture_of(fit.configuration, ask(info.data)).count_parameters(), flops)


def _plan_fit(fit: Fit, found: Found, size: Size, request: Request) -> PlannedFit:
    """Decide whether a fit runs."""
    action: Literal["run", "keep"] = "run"
    record, reason = None, "new"
    if isinstance(found, str):
        reason = f"its record cannot be used: {found}"
    elif found is not None:
        record = found
        if record.key != fit.key:
            record, reason = None, "its record is of another configuration, which is kept aside"
        elif record.failure is not None:
            reason = f"failed before: {record.failure.message}"
            if not (POLICIES[record.failure.kind].rerun or request.rerun_failed or request.force):
                action = "keep"
        elif record.status == "pruned":
            reason = "a search has pruned it: it is trained to its end"
        elif request.force:
            reason = "finished, but --force"
        else:
            action, reason = "keep", "finished"
    return PlannedFit(fit, action, reason, record, *size)
