"""What the command tells a person or, as JSON, a program of what a batch left."""

from collections.abc import Iterable, Sequence
from statistics import mean
from typing import Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from runner.batch.baseline_fits import read_baselines
from runner.batch.look_ledger import count_looks
from runner.planning.plan import Plan, PlannedFit
from runner.summaries.plan_summary import by_configuration
from trial_sets.configuration import StrictModel
from trial_sets.errors import InputError
from trial_sets.records.record import Record
from trial_sets.task import Metric


class ResultLine(StrictModel):
    """What came out of one configuration; JSON calls the scores by their metric: `mean_val_auc`."""

    metric: Metric = Field(exclude=True)
    names: tuple[str, ...]
    kind: str
    seeds: tuple[int, ...]  # those complete on every fold
    val: tuple[float, ...]  # one a complete seed, the mean over its folds
    val_by_fold: dict[int, float]  # the mean over complete seeds; none without folds
    mean_val: float | None
    test: tuple[float, ...]  # one a complete seed, when this was a look at the test
    mean_test: float | None
    epochs: tuple[int, ...]  # trained, one a fit of a complete seed
    seconds: float
    failures: tuple[str, ...]
    complete: int = Field(exclude=True)  # fits

    @model_serializer(mode="wrap")
    def _name_scores(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        said: dict[str, Any] = handler(self)
        val, test = self.metric.key("val"), self.metric.key("test")
        names = {
            **{"val": val, "val_by_fold": f"{val}_by_fold", "mean_val": f"mean_{val}"},
            **{"test": test, "mean_test": f"mean_{test}"},
        }
        return {names.get(name, name): value for name, value in said.items()}


class ResultSummary(StrictModel):
    """What a batch left."""

    study: str
    run: str
    folder: str
    metric: Metric
    rope: float = Field(default=0.0, exclude=True)  # by which so many digits are shown
    complete: int
    failed: int
    lines: tuple[ResultLine, ...]
    baselines: dict[str, float]  # the metric on the validation rows, the mean over all folds
    test_baselines: dict[str, float] = Field(default_factory=dict)  # on the test rows of a look
    failed_baselines: dict[str, str]  # why
    test_looks: int | None  # at this test period so far, when this was one


def summarize_results(plan: Plan) -> ResultSummary:
    """Return what the fits of a plan have left on disk."""
    lines = tuple(_result_line(plan, fits) for fits in by_configuration(plan).values())
    complete = sum(line.complete for line in lines)
    baselines = read_baselines(plan)
    n_folds = 1 if plan.with_test else len(plan.info.data.fold_numbers)
    tested = {r.key: r.metrics.get(plan.info.study.metric.key("test")) for r in baselines}
    scores: dict[str, list[float]] = {}
    for record in baselines:
        score = record.score
        scores.setdefault(record.key, []).extend([] if score is None else [score])
    return ResultSummary(
        study=plan.info.study.name,
        run=plan.info.run,
        folder=str(plan.folder.path),
        metric=plan.info.study.metric,
        rope=plan.info.study.rope,
        complete=complete,
        failed=len(plan.fits) - complete,
        lines=lines,
        test_looks=count_looks(plan) if plan.with_test else None,
        baselines={name: mean(found) for name, found in scores.items() if len(found) == n_folds},
        test_baselines={n: v for n, v in tested.items() if v is not None},
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
            records.append(plan.folder.read_record(*planned.fit.id))
        except InputError as error:
            unusable.append(f"its record cannot be used: {error}")
    complete = [r for r in records if r is not None and r.status == "complete"]
    n_folds = len({planned.fit.fold for planned in fits})
    of_seed: dict[int, list[Record]] = {planned.fit.seed: [] for planned in fits}
    for record in complete:
        of_seed[record.seed].append(record)
    by_seed = {seed: found for seed, found in of_seed.items() if len(found) == n_folds}
    whole = [record for found in by_seed.values() for record in found]
    folds = sorted({record.fold for record in whole if record.fold is not None})
    metric = plan.info.study.metric
    scores, tested = (_list_means(by_seed.values(), metric.key(split)) for split in ("val", "test"))
    failures = [
        str(record.failure)
        for record in records
        if record is not None and record.failure is not None
    ]
    return ResultLine(
        metric=metric,
        names=first.names,
        kind=first.kind,
        seeds=tuple(by_seed),
        val=scores,
        val_by_fold={
            fold: mean(_list_means([[r] for r in whole if r.fold == fold], metric.key()))
            for fold in folds
        },
        mean_val=mean(scores) if scores else None,
        test=tested,
        mean_test=mean(tested) if tested else None,
        epochs=tuple(len(record.curve) for record in whole),
        seconds=sum(record.seconds for record in complete),
        failures=tuple(dict.fromkeys([*failures, *unusable])),
        complete=len(complete),
    )


def _list_means(groups: Iterable[Sequence[Record]], name: str) -> tuple[float, ...]:
    """Return the mean of a metric in each group of records that has it."""
    values = [[v for r in group if (v := r.metrics.get(name)) is not None] for group in groups]
    return tuple(mean(found) for found in values if found)
