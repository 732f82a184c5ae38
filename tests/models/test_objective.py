from typing import Any, get_args

import pytest

from models.objective import (
    LOSSES,
    METRICS,
    RANKING,
    Loss,
    Task,
    check_objective,
    choose_loss,
    is_bounded,
    metric_sign,
)


def test_every_task_has_a_usual_loss_and_metric() -> None:
    assert set(LOSSES) == set(METRICS) == set(get_args(Task))
    assert [choose_loss(task, None) for task in LOSSES] == ["bce", "cross_entropy", "mse"]
    assert [names[0] for names in METRICS.values()] == ["auc", "macro_f1", "rmse"]
    assert {loss for losses in LOSSES.values() for loss in losses} == set(get_args(Loss))
    assert set(METRICS["binary"]) >= RANKING


def test_losses_and_errors_are_the_better_the_smaller() -> None:
    names = {name for metrics in METRICS.values() for name in metrics}
    minimized = {name for name in names if metric_sign(name) < 0}
    assert minimized == {"log_loss", "brier", "rmse", "mae", "mse"}
    assert {name for name in names if not is_bounded(name)} == minimized - {"brier"} | {"r2"}


@pytest.mark.parametrize(
    ("task", "metric", "loss", "message"),
    [
        ("ranking", "auc", None, "task='ranking' is not one of binary, multiclass, regression"),
        ("binary", "rmse", None, "metric='rmse' is not one of auc, .*, the metrics of task binary"),
        ("regression", "auc", None, "metric='auc' is not one of rmse, mae, mse, r2, the metrics"),
        ("binary", "auc", "mse", "loss='mse' is not one of bce, the losses of task binary"),
        ("multiclass", "accuracy", "bce", "loss='bce' is not one of cross_entropy, the losses"),
        ("regression", "r2", "bce", "loss='bce' is not one of mse, mae, huber, the losses"),
    ],
)
def test_what_does_not_go_with_the_task_is_refused(
    task: Any, metric: str, loss: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        check_objective(task, metric, loss)
