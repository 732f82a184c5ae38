"""A study's metric has a name, a direction, and a key in records."""

import pytest
from pydantic import ValidationError

from trial_sets.metric_names import guess_direction
from trial_sets.task import AUC, METRICS, SHARES, TASKS, Direction, Metric, Task, settle_metric

CHOICES: list[tuple[Task, str | None, Direction | None, tuple[str, str]]] = [
    ("binary", None, None, ("auc", "maximize")),
    ("multiclass", None, None, ("macro_f1", "maximize")),
    ("regression", None, None, ("rmse", "minimize")),
    ("binary", "log_loss", None, ("log_loss", "minimize")),
    ("binary", "val_brier", "minimize", ("brier", "minimize")),
    ("regression", "r2", None, ("r2", "maximize")),
    ("none", "reward", "maximize", ("reward", "maximize")),
    ("none", "perplexity", "minimize", ("perplexity", "minimize")),
    ("none", "loss", None, ("loss", "minimize")),
]


@pytest.mark.parametrize(("task", "name", "direction", "expected"), CHOICES)
def test_a_metric_is_settled_by_task_and_name(
    task: Task, name: str | None, direction: Direction | None, expected: tuple[str, str]
) -> None:
    metric = settle_metric(task, name, direction)
    assert (metric.name, metric.direction) == expected


@pytest.mark.parametrize(
    ("task", "name", "direction", "message"),
    [
        ("none", None, None, r'task "none" needs a metric: \{"name": \.\.\., "direction"'),
        ("none", "widgets", None, r"metric widgets: say its direction, maximize or minimize"),
        ("regression", "auc", None, r"metric 'auc' is no metric of task regression; valid: mae, "),
        ("regression", "rsme", None, r"metric 'rsme' is no .*; did you mean rmse\?"),
        ("multiclass", "auc", None, r"no metric of task multiclass; did you mean macro_auc\?"),
        ("binary", "auc", "minimize", r"metric auc: direction=minimize, expected maximize"),
    ],
)
def test_a_metric_that_is_none_of_its_task_is_refused(
    task: Task, name: str | None, direction: Direction | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        settle_metric(task, name, direction)


@pytest.mark.parametrize("task", TASKS)
def test_what_a_name_tells_of_its_direction_is_what_its_task_says(task: Task) -> None:
    for name, direction in METRICS[task].items():
        assert guess_direction(name) in {None, direction}


def test_a_metric_names_its_columns_and_its_sign() -> None:
    rmse = Metric(name="rmse", direction="minimize")
    assert (rmse.key(), rmse.key("test"), rmse.key(suffix="_last")) == (
        *("val_rmse", "test_rmse", "val_rmse_last"),
    )
    assert (rmse.sign, rmse.title, rmse.is_auc) == (-1, "RMSE", False)
    assert (AUC.sign, AUC.title, AUC.is_auc) == (1, "AUC", True)
    assert Metric(name="reward", direction="maximize").title == "reward"


def test_every_known_metric_has_a_title_and_those_between_0_and_1_are_known() -> None:
    known = {name for metrics in METRICS.values() for name in metrics}
    assert known >= SHARES
    assert known - SHARES == {"log_loss", "rmse", "mae", "mse", "r2"}
    titles = {Metric(name=name, direction="maximize").title for name in known - {"accuracy"}}
    assert not titles & known


def test_a_metrics_name_says_no_split() -> None:
    with pytest.raises(ValidationError, match=r"name='val_auc' names its split; expected 'auc'"):
        Metric(name="val_auc", direction="maximize")
