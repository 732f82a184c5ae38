"""What a study asks of its data, and the metric that its claims are about."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from trial_sets.configuration import StrictModel
from trial_sets.errors import suggest
from trial_sets.metric_names import Direction, guess_direction
from trial_sets.texts import ShortLine

Task = Literal["binary", "multiclass", "regression", "none"]
TASKS: tuple[Task, ...] = get_args(Task)

# What is known of each row's share in it, so that a claim can be judged on rows and seeds.
METRICS: Mapping[Task, Mapping[str, Direction]] = {
    "binary": {
        "auc": "maximize",
        "average_precision": "maximize",
        "log_loss": "minimize",
        "brier": "minimize",
        "accuracy": "maximize",
    },
    "multiclass": {
        "macro_f1": "maximize",
        "accuracy": "maximize",
        "macro_auc": "maximize",
        "log_loss": "minimize",
    },
    "regression": {"rmse": "minimize", "mae": "minimize", "mse": "minimize", "r2": "maximize"},
    "none": {},  # a number of any name, which the trainer returns
}
_TITLES = {
    "auc": "AUC",
    "average_precision": "average precision",
    "log_loss": "log loss",
    "brier": "Brier score",
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "macro_auc": "macro AUC",
    "rmse": "RMSE",
    "mae": "MAE",
    "mse": "MSE",
    "r2": "R squared",
}
# Those that lie between 0 and 1, as differences of them do.
SHARES = frozenset({"auc", "average_precision", "accuracy", "macro_f1", "macro_auc", "brier"})

LOSSES = frozenset({"log_loss", "rmse", "mae", "mse"})  # never below 0


class Metric(StrictModel):
    """A metric of the validation rows, and whether more or less of it is better."""

    name: ShortLine = Field(
        description="As records call it without val_: auc, rmse, macro_f1; of a trainer of one's "
        "own also another."
    )
    direction: Annotated[Direction, Field(description="maximize or minimize.")]

    @model_validator(mode="after")
    def _refuse_split(self) -> Self:
        if self.name.startswith("val_"):
            raise ValueError(
                f"name={self.name!r} names its split; expected {self.name.removeprefix('val_')!r}"
            )
        return self

    @property
    def title(self) -> str:
        """What a sentence calls it: ``AUC``, ``RMSE``; a name that is not known as it is."""
        return _TITLES.get(self.name, self.name)

    @property
    def sign(self) -> int:
        """1 where more is better, -1 where less is."""
        return 1 if self.direction == "maximize" else -1

    @property
    def is_auc(self) -> bool:
        """Whether it is the area under the ROC curve of two classes."""
        return self.name == "auc"

    def allows(self, value: float) -> bool:
        """Whether a value is one that it can have, as far as its name is known."""
        if self.name in SHARES:
            return 0.0 <= value <= 1.0
        return value <= 1.0 if self.name == "r2" else self.name not in LOSSES or value >= 0.0

    def find(self, values: Mapping[str, float]) -> float | None:
        """Return its value of the validation rows, by its name with the split or without."""
        return values.get(self.key(), values.get(self.name))

    def key(self, split: str = "val", suffix: str = "") -> str:
        """Return what records call it for a split: ``val_rmse``, ``val_auc_last``."""
        return f"{split}_{self.name}{suffix}"


AUC = Metric(name="auc", direction="maximize")


def settle_metric(task: Task, name: str | None, direction: Direction | None) -> Metric:
    """Return the metric that a study means.

    Parameters
    ----------
    task
        The study's.
    name
        None for the task's usual one.
    direction
        None for what the name says.

    Raises
    ------
    ValueError
        If the task knows no such metric, the metric has another direction, or neither the study
        nor the name says one.
    """
    known = METRICS[task]
    if name is None:
        if not known:
            raise ValueError('task "none" needs a metric: {"name": ..., "direction": ...}')
        name = next(iter(known))
    name = name.removeprefix("val_")
    if known and name not in known:
        raise ValueError(f"metric {name!r} is no metric of task {task}{suggest(name, known)}")
    told = known.get(name) or guess_direction(name)
    if name in known and direction not in {None, told}:
        raise ValueError(f"metric {name}: direction={direction}, expected {told}")
    chosen = direction or told
    if chosen is None:
        raise ValueError(f"metric {name}: say its direction, maximize or minimize")
    return Metric(name=name, direction=chosen)
