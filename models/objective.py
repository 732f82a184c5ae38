"""What is learned, by which loss, and by which metric an epoch is judged.

Needs no PyTorch, so that a plan can check all of it.
"""

from typing import Literal

from models.limits import require_choice
from models.task import Task

Loss = Literal["bce", "mse", "mae", "huber", "cross_entropy"]

LOSSES: dict[Task, tuple[Loss, ...]] = {  # the first is the usual one
    "binary": ("bce",),
    "multiclass": ("cross_entropy",),
    "regression": ("mse", "mae", "huber"),
}
METRICS: dict[Task, tuple[str, ...]] = {  # the first is the usual one
    "binary": ("auc", "average_precision", "log_loss", "brier", "accuracy"),
    "multiclass": ("macro_f1", "accuracy", "macro_auc", "log_loss"),
    "regression": ("rmse", "mae", "mse", "r2"),
}
RANKING = {"auc", "average_precision"}  # of the order of scores alone

_LESS_IS_BETTER = {"log_loss", "brier", "rmse", "mae", "mse"}
_WITHOUT_BOUND = {"log_loss", "rmse", "mae", "mse", "r2"}  # a gain may be any number


def metric_sign(metric: str) -> int:
    """Return 1 if more of a metric is better, and -1 if less is."""
    return -1 if metric in _LESS_IS_BETTER else 1


def is_bounded(metric: str) -> bool:
    """Return whether all values of a metric lie from 0 to 1."""
    return metric not in _WITHOUT_BOUND


def choose_loss(task: Task, loss: Loss | None) -> Loss:
    """Return the loss that is trained: the task's usual one unless another is given."""
    return loss or LOSSES[task][0]


def check_objective(task: Task, metric: str, loss: Loss | None) -> None:
    """Refuse a task that is not known, and a metric or loss that does not go with it.

    Raises
    ------
    ValueError
        Such as ``loss='mse' is not one of bce, the losses of task binary``.
    """
    require_choice("task", task, tuple(LOSSES))
    for name, value, choices in (
        ("metric", metric, METRICS[task]),
        ("loss", choose_loss(task, loss), LOSSES[task]),
    ):
        if value not in choices:
            kinds = "losses" if name == "loss" else "metrics"
            raise ValueError(
                f"{name}={value!r} is not one of {', '.join(choices)}, the {kinds} of task {task}"
            )
