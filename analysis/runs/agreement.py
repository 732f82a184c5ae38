"""Whether what a fit's record says can be, and is what its predictions come to."""

from analysis.runs.predictions import Predictions
from trial_sets.errors import InputError
from trial_sets.records.record import Record
from trial_sets.study import Study
from trial_sets.task import METRICS, SHARES, Metric

_ROUNDING = 1e-4  # of a share, or relative to a loss: predictions are kept in single precision


def refuse_impossible(record: Record, where: str, study: Study) -> None:
    """Refuse a record that holds what its metric cannot be: nothing computed it.

    Raises
    ------
    InputError
        If it was scored by another metric than its study's, or a value is none of its metric.
    """
    expected = study.metric.key()
    if record.status != "failed" and record.metric != expected:
        raise InputError(f"{where}: its metric is {record.metric}, and the run's {expected}")
    for name, direction in METRICS[study.task].items():
        metric = Metric(name=name, direction=direction)
        keys = (metric.key(), metric.key(suffix="_last"), metric.key("test"), metric.key("train"))
        for key in keys:
            value = record.metrics.get(key)
            if value is not None and not metric.allows(value):
                raise InputError(f"{where}: {key}={value:g} is no {metric.title}")


def compare_score(record: Record, predictions: Predictions, split: str) -> str | None:
    """Say where a record's score is not that of its predictions, as far as they tell."""
    metric = predictions.metric
    said = record.metrics.get(metric.key(split))
    if said is None or not predictions.is_scorable:
        return None
    told = metric.sign * float(predictions.estimate.values)
    if _is_same(metric, said, told):
        return None
    shown = f"{metric.key(split)}={_write(metric, said)}"
    return f"the record says {shown}, and its predictions come to {_write(metric, told)}"


def doubt_epochs(record: Record, predictions: Predictions) -> str | None:
    """Say why the scores by epoch do not show how the epoch was chosen, if they do not."""
    metric, epoch, said = predictions.metric, record.selected_epoch, record.score
    if predictions.by_epoch is None or not predictions.is_scorable or said is None:
        return None
    told = None if epoch is None else predictions.score_epoch(epoch)
    if told is None:
        return "the selected epoch is not among them"
    if _is_same(metric, said, told):
        return None
    shown = f"{metric.key()}={_write(metric, said)}"
    return f"the record says {shown}, and those of epoch {epoch} come to {_write(metric, told)}"


def _is_same(metric: Metric, said: float, told: float) -> bool:
    scale = 1.0 if metric.name in SHARES else max(abs(said), abs(told))
    if metric.name == "r2":  # what is left of 1, by which it is a loss
        scale = max(1.0, abs(1 - told))
    return abs(said - told) <= _ROUNDING * scale


def _write(metric: Metric, value: float) -> str:
    return f"{value:.4f}" if metric.name in SHARES else f"{value:.6g}"
