"""What the command tells a person or, as JSON, a program before anything runs: the plan."""

import contextlib
from collections.abc import Iterator, Sequence

from runner.planning.plan import Plan, PlannedFit
from runner.storage.machine import read_machine
from runner.summaries.claim_summary import ClaimStatus, FixedClaims, summarize_claims
from runner.summaries.look_costs import LookCost
from runner.summaries.study_summary import describe_findings
from trial_sets.configuration import AnyConfiguration, StrictModel
from trial_sets.errors import InputError
from trial_sets.records.layout import is_run, list_runs
from trial_sets.records.run_info import (
    FoldSummary,
    SplitSummary,
    describe_validation,
    read_run_info,
)
from trial_sets.task import Metric, Task


class FitLine(StrictModel):
    """One configuration of a plan, with all the seeds asked for."""

    names: tuple[str, ...]
    kind: str
    configuration: AnyConfiguration
    n_parameters: int | None
    seeds_to_run: tuple[int, ...]  # on some fold at least
    seeds_finished: tuple[int, ...]
    reasons: tuple[str, ...]  # why its fits run or do not
    seconds: float | None  # of one worker for what is missing, without early stopping

    @property
    def n_seeds(self) -> int:
        """How many seeds are asked of it."""
        return len(self.seeds_to_run) + len(self.seeds_finished)


class PlanSummary(StrictModel):
    """What would run, on which rows, for how long."""

    study: str
    run: str
    folder: str
    data: str
    tier: str
    features: int
    context: int
    reading: str  # what a person's file was understood to be
    notices: tuple[str, ...]
    splits: dict[str, SplitSummary]  # of folds: the last one's training, all validation
    task: Task
    metric: Metric
    is_ordered: bool  # whether rows follow each other in time
    folds: tuple[FoldSummary, ...]  # none where there is one validation period
    seeds: tuple[int, ...]
    trial_names: int
    trial_configurations: int
    control_configurations: int
    fits_to_run: int
    fits_finished: int
    fits_failed: int  # that will not run again by themselves
    lines: tuple[FitLine, ...]
    workers: int
    claims: tuple[ClaimStatus, ...]
    findings: tuple[str, ...]  # of the linter, on the whole study
    machine: str  # that the last batch ran on
    precision: str
    speed: str
    seconds: float | None  # of the whole batch on that many workers
    looks: tuple[LookCost, ...] = ()  # of a batch that is run until its claims are decided


def summarize_plan(plan: Plan) -> PlanSummary:
    """Return what ``--dry-run`` shows."""
    lines = tuple(_fit_line(plan, fits) for fits in by_configuration(plan).values())
    machine = read_machine(plan.outputs)
    data, workers = plan.info.data, plan.count_workers()
    seconds = plan.estimate_s(plan.to_run)
    controls = {trial.name for trial in plan.info.study.controls}
    kept = [planned for planned in plan.fits if planned.action == "keep"]
    n_failed = sum(p.record is not None and p.record.status == "failed" for p in kept)
    return PlanSummary(
        study=plan.info.study.name,
        run=plan.info.run,
        folder=str(plan.folder.path),
        data=data.name,
        tier=data.tier,
        features=data.features,
        context=data.context,
        reading=data.reading,
        notices=(*plan.info.study.notices, *data.notices, *_list_other_folds(plan)),
        splits={str(name): split for name, split in data.splits.items()},
        task=plan.info.study.task,
        metric=plan.info.study.metric,
        is_ordered=plan.info.study.is_ordered,
        folds=data.folds,
        seeds=tuple(dict.fromkeys(planned.fit.seed for planned in plan.fits)),
        trial_names=sum(n not in controls for line in lines for n in line.names),
        trial_configurations=sum(line.kind == "trial" for line in lines),
        control_configurations=sum(line.kind == "control" for line in lines),
        fits_to_run=len(plan.to_run),
        fits_finished=len(kept) - n_failed,
        fits_failed=n_failed,
        lines=lines,
        workers=workers,
        claims=_summarize_claims(plan),
        findings=describe_findings(plan.info.study),
        machine=machine.describe() if machine else "not probed yet",
        precision=plan.info.precision,
        speed=plan.speed.describe(custom=plan.is_custom),
        seconds=None if seconds is None else seconds / workers,
    )


def summarize_fixed(plan: Plan) -> FixedClaims:
    """Return what ``--fix-claims`` shows."""
    return FixedClaims(
        study=plan.info.study.name,
        ledger=str(plan.outputs.claims),
        claims=_summarize_claims(plan),
    )


def _summarize_claims(plan: Plan) -> tuple[ClaimStatus, ...]:
    info = plan.info
    return summarize_claims(info.study, plan.outputs, describe_validation(info.data), info.run)


def by_configuration(plan: Plan) -> dict[str, list[PlannedFit]]:
    """Return a plan's fits, the seeds of one configuration together, in study order."""
    lines: dict[str, list[PlannedFit]] = {}
    for planned in plan.fits:
        lines.setdefault(planned.fit.key, []).append(planned)
    keys = dict.fromkeys(trial.configuration.key for trial in plan.info.study.trials())
    return {key: lines[key] for key in keys if key in lines}


def _list_other_folds(plan: Plan) -> Iterator[str]:
    """Yield which runs on the same data are of no use to a new one, since their folds differ."""
    if is_run(plan.folder.path):
        return
    for run in list_runs(plan.folder.path.parent):
        with contextlib.suppress(InputError):
            info = read_run_info(run.run_json) if is_run(run.path) and run.has_fits() else None
            if info is None or info.data.fingerprint != plan.info.data.fingerprint:
                continue
            if info.study.folds != plan.info.study.folds:
                here, there = plan.info.study.folds, info.study.folds
                yield (
                    f"folds {here}: no fit of {run.path.name}, with folds {there}, serves this "
                    "run; more seeds can be added to either"
                )


def _fit_line(plan: Plan, fits: Sequence[PlannedFit]) -> FitLine:
    first = fits[0]
    missing = [planned for planned in fits if planned.action == "run"]
    unfinished = dict.fromkeys(planned.fit.seed for planned in missing)
    seeds = dict.fromkeys(planned.fit.seed for planned in fits)
    return FitLine(
        names=first.fit.names,
        kind=first.fit.kind,
        configuration=first.fit.configuration,
        n_parameters=first.n_parameters,
        seeds_to_run=tuple(unfinished),
        seeds_finished=tuple(seed for seed in seeds if seed not in unfinished),
        reasons=tuple(dict.fromkeys(planned.reason for planned in fits)),
        seconds=plan.estimate_s(missing),
    )
