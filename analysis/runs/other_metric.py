"""A run as it is by another metric of its validation rows than its study's."""

from dataclasses import replace

from analysis.runs.folded_predictions import FoldedPredictions
from analysis.runs.predictions import Predictions
from analysis.runs.run import Run
from analysis.runs.run_fit import RunFit
from trial_sets.errors import InputError, suggest
from trial_sets.metric_names import Direction, guess_direction
from trial_sets.records.record import Record
from trial_sets.task import METRICS, Metric

_LAST = "_last"


def find_metric(run: Run, name: str, direction: Direction | None = None) -> Metric:
    """Return the metric of the validation rows that a person names.

    Parameters
    ----------
    run
        The run.
    name
        As records hold it, ``val_log_loss``, or without its split.
    direction
        None for what the name says.

    Raises
    ------
    InputError
        If neither records nor predictions tell it, its direction is another, or nobody knows it.
    """
    study, short = run.info.study, name.removeprefix("val_")
    if short == study.metric.name:
        told: Direction | None = study.metric.direction
    elif short in METRICS[study.task]:
        told = METRICS[study.task][short]
    else:
        told = guess_direction(short)
        held = {key for record in run.records for key in record.metrics if key.startswith("val_")}
        if f"val_{short}" not in held:
            known = {*METRICS[study.task], *(key.removeprefix("val_") for key in held)}
            ending = suggest(short, sorted(one for one in known if not one.endswith(_LAST)))
            raise InputError(f"--metric {name}: run {run.info.run} has no val_{short}{ending}")
        if direction is not None:
            told = direction
    if told is None:
        raise InputError(f"--metric {name}: say --direction maximize or --direction minimize")
    if direction not in {None, told}:
        raise InputError(f"--metric {name}: --direction {direction}, expected {told}")
    return Metric(name=short, direction=told)


def settle_rope(run: Run, rope: float | None, metric: Metric | None) -> float:
    """Return the ROPE that a run is judged at: the study's unless another is given.

    Raises
    ------
    InputError
        If the study's is in units of another metric.
    """
    if rope is not None:
        return rope
    study = run.info.study
    if metric is not None and metric != study.metric:
        raise InputError(
            f"--metric {metric.name} needs --rope, in units of {metric.title}: the study's, "
            f"{study.rope:g}, is in units of {study.metric.title}"
        )
    return study.rope


def score_by(run: Run, metric: Metric | None) -> Run:
    """Return a run as if its study were about another metric; itself for its own, and for None.

    Predictions are scored by it where it is one of the study's task. Their epochs stay those that
    the study's metric has chosen: nothing chose them by another, so that nothing is cross-fitted,
    and the last epoch has to agree. Any other metric is what records hold, a number a fit.
    """
    if metric is None or metric == run.metric:
        return run
    is_of_rows = metric.name in METRICS[run.info.study.task]
    study = run.info.study.model_copy(update={"metric": metric})
    return replace(
        run,
        info=run.info.model_copy(update={"study": study}),
        fits=tuple(_score_fit(fit, metric, "val", is_of_rows=is_of_rows) for fit in run.fits),
        tests=tuple(_score_fit(fit, metric, "test", is_of_rows=is_of_rows) for fit in run.tests),
    )


def _score_fit(fit: RunFit, metric: Metric, split: str, *, is_of_rows: bool) -> RunFit:
    predictions = _score_predictions(fit.predictions, metric) if is_of_rows else None
    update: dict[str, object] = {"metric": metric.key()}
    if predictions is None:
        update["predictions_sha256"] = None  # of no use: as if there were none
    elif predictions.is_scorable and fit.record.metrics.get(metric.key(split)) is None:
        value = metric.sign * float(predictions.estimate.values)
        update["metrics"] = {**fit.record.metrics, metric.key(split): value}
    record: Record = fit.record.model_copy(update=update)
    folds = tuple(_score_fit(one, metric, split, is_of_rows=is_of_rows) for one in fit.folds)
    return replace(fit, record=record, predictions=predictions, folds=folds)


def _score_predictions(
    found: Predictions | FoldedPredictions | None, metric: Metric
) -> Predictions | FoldedPredictions | None:
    if isinstance(found, FoldedPredictions):
        return replace(found, folds=tuple(_score_one(fold, metric) for fold in found.folds))
    return None if found is None else _score_one(found, metric)


def _score_one(found: Predictions, metric: Metric) -> Predictions:
    return replace(found, metric=metric, by_epoch=None)
