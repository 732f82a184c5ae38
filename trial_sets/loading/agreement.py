"""Whether what a study says of its task, its label and its rows goes together."""

from collections.abc import Iterator

from trial_sets.configuration import NetworkConfiguration
from trial_sets.errors import InputError
from trial_sets.files import StudyFile
from trial_sets.task import SHARES, Metric, Task

_OF_TWO_CLASSES = ("threshold", "direction")


def check_agreement(content: StudyFile, where: str) -> None:
    """Refuse a study whose label is none of its task, or is computed from rows without time.

    Raises
    ------
    InputError
        With the first thing that does not go with another.
    """
    for fault in _find_faults(content):
        raise InputError(f"{where}: {fault}")


def check_min_delta(configuration: NetworkConfiguration, metric: Metric, where: str) -> None:
    """Refuse a least gain that no gain of the metric can reach.

    Raises
    ------
    InputError
        If the metric lies between 0 and 1, and the gain does not.
    """
    if metric.name in SHARES and configuration.min_delta >= 1:
        raise InputError(
            f"{where}: min_delta={configuration.min_delta:g}, expected a gain in {metric.title} "
            "less than 1"
        )


def needs_min_delta(task: Task, metric: Metric) -> bool:
    """Tell whether a network's least gain has to be declared: its default is one of AUC."""
    return task != "none" and not metric.is_auc


def _find_faults(content: StudyFile) -> Iterator[str]:
    task, label, split = content.task, content.label, content.split
    said = [name for name in _OF_TWO_CLASSES if name in label.model_fields_set]
    if label.target is not None and task not in {"regression", "none"}:
        yield f"label: target={label.target} is a number, and task is {task}; expected regression"
    if label.is_move and said and task in {"multiclass", "regression"}:
        expected = "column" if task == "multiclass" else "column or target"
        yield f"label: {said[0]} tells two classes apart, and task is {task}; expected {expected}"
    if split is None:
        return
    if split.kind == "stratified" and task == "regression":
        yield (
            "split: kind=stratified keeps the shares of classes, of which task regression has "
            "none; expected random"
        )
    if not split.is_ordered and (label.target is not None or (label.is_move and said)):
        yield (
            f"label: {'target' if label.target is not None else said[0]} looks at the rows that "
            f"follow, and split kind={split.kind} is of rows without time; expected dates or "
            "fractions"
        )
