"""What the command tells a person or, as JSON, a program of what a batch left."""

from collections.abc import Sequence
from statistics import mean

from runner.batch.baseline_fits import read_baselines
from runner.batch.look_ledger import count_looks
from runner.planning.plan import Plan, PlannedFit
from runner.summaries.plan_summary import by_configuration
from trial_sets.configuration import StrictModel
from trial_sets.errors import InputError


class ResultLine(StrictModel):
    """What came out of one configuration."""

    names: tuple[str, ...]
    kind: str
    seeds: tuple[int, ...]  # complete ones
    val_auc: tuple[float, ...]  # one a complete seed
    mean_val_auc: float | None
    test_auc: tuple[float, ...]  # one a complete seed, when this was a look at the test
    mean_test_auc: float | None
    epochs: tuple[int, ...]  # trained, one a complete seed
    seconds: float
    failures: tuple[str, ...]


class ResultSummary(StrictModel):
    """What a batch left."""

    study: str
    run: str
    folder: str
    complete: int
    failed: int
    lines: tuple[ResultLine, ...]
    baselines: dict[str, float]  # validation AUC
    failed_baselines: dict[str, str]  # why
    test_looks: int | None  # at this test period so far, when this was one


def summarize_results(plan: Plan) -> ResultSummary:
    """Return what the fits of a plan have left on disk."""
    lines = tuple(_result_line(plan, fits) for fits in by_configuration(plan).values())
    complete = sum(len(line.seeds) for line in lines)
    baselines = read_baselines(plan.folder)
    return ResultSummary(
        study=plan.info.study.name,
        run=plan.info.run,
        folder=str(plan.folder.path),
        complete=complete,
        failed=len(plan.fits) - complete,
        lines=lines,
        test_looks=count_looks(plan) if plan.with_test else None,
        baselines={
            record.key: auc
            for record in baselines
            if (auc := record.metrics.get("val_auc")) is not None
        },
        failed_baselines={
            record.key: str(record.failure)
            for record in baselines
            if record.failure is not None and plan.baselines
        },
    )


def _result_line(plan: Plan, fits: Sequence[PlannedFit]) -> ResultLine:
    first = fits[0].fit
    records, unusable = [], []
    for planned in fits:
        try:
            records.append(plan.folder.read_record(planned.fit.name, planned.fit.seed))
        except InputError as error:
            unusable.append(f"its record cannot be used: {error}")
    complete = [r for r in records if r is not None and r.status == "complete"]
    aucs = tuple(a for r in complete if (a := r.metrics["val_auc"]) is not None)
    tested = tuple(a for r in complete if (a := r.metrics.get("test_auc")) is not None)
    failures = [
        str(record.failure)
        for record in records
        if record is not None and record.failure is not None
    ]
    return ResultLine(
        names=first.names,
        kind=first.kind,
        seeds=tuple(record.seed for record in complete),
        val_auc=aucs,
        mean_val_auc=mean(aucs) if aucs else None,
        test_auc=tested,
        mean_test_auc=mean(tested) if tested else None,
        epochs=tuple(len(record.curve) for record in complete),
        seconds=sum(record.seconds for record in complete),
        failures=tuple(dict.fromkeys([*failures, *unusable])),
    )
