"""How replicas of one architecture are trained: what each has of its own, and what they share.

Like the architecture, the settings need no PyTorch.
"""

import math
from dataclasses import dataclass
from typing import Literal, get_args

from models.architecture import AnyArchitecture
from models.limits import require, require_choice, require_positive
from models.objective import Loss, check_objective, choose_loss, is_bounded
from models.schedule import RateSchedule, Schedule
from models.task import Task

Optimizer = Literal["adam", "adamw", "sgd", "rmsprop"]
Precision = Literal["fp32", "tf32", "bf16"]  # of the large matrix products
MatmulPath = Literal["default", "onednn"]  # the library of those in single precision, on a CPU

ROWS_A_PASS = 256  # in evaluation, at most


@dataclass(frozen=True, slots=True)
class ReplicaSettings:
    """What may differ between the replicas of a group.

    Raises
    ------
    ValueError
        If a value is outside its range.
    """

    seed: int
    dropout: float
    learning_rate: float
    weight_decay: float
    optimizer: Optimizer = "adam"
    """`adamw` shrinks the weights apart from the gradient, the others add the decay to it (L2)."""
    momentum: float = 0.0
    """Of `sgd` and `rmsprop`; the others have their own."""
    label_smoothing: float = 0.0
    """Targets become y (1 - s) + s / K, with K classes; 2 of a binary label."""
    positive_class_weight: float = 1.0
    """Factor on the loss of positive rows of a binary label."""
    gradient_clip: float | None = None
    """Largest norm of the whole gradient, or None for no limit."""

    def __post_init__(self) -> None:
        require(self.seed >= 0, "seed", self.seed, "at least 0")
        require(0 <= self.dropout < 1, "dropout", self.dropout, "in [0, 1)")
        require_positive("learning_rate", self.learning_rate)
        decay = self.weight_decay
        require(0 <= decay < math.inf, "weight_decay", decay, "finite and at least 0")
        require_choice("optimizer", self.optimizer, get_args(Optimizer))
        require(0 <= self.momentum < 1, "momentum", self.momentum, "in [0, 1)")
        if self.momentum and self.optimizer in {"adam", "adamw"}:
            raise ValueError(
                f"momentum={self.momentum!r} has no effect with optimizer {self.optimizer}: it "
                "goes with sgd, rmsprop"
            )
        require(0 <= self.label_smoothing < 1, "label_smoothing", self.label_smoothing, "in [0, 1)")
        require_positive("positive_class_weight", self.positive_class_weight)
        if self.gradient_clip is not None:
            require_positive("gradient_clip", self.gradient_clip)


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """What all replicas of a group share.

    Raises
    ------
    ValueError
        If a value is outside its range.
    """

    architecture: AnyArchitecture
    batch_size: int
    """Rows a step; in the last step of an epoch only those that are left weigh anything."""
    epochs: int = 50
    patience: int = 10
    """Epochs without improvement after which a replica stops."""
    min_delta: float = 0.001
    """Gain in the metric, in its units, that counts as improvement."""
    schedule: Schedule = "constant"
    step_size: int | None = None
    gamma: float | None = None
    final_factor: float = 0.0
    warmup_fraction: float = 0.0
    """The schedule's fields are those of `RateSchedule`."""
    micro_batches: int = 1
    """Parts that a step's batch is computed in, one after another, to take less memory."""
    precision: Precision = "fp32"
    """Of the large matrix products; all else is in single precision."""
    task: Task = "binary"
    metric: str = "auc"
    """By which the epoch is selected and training stops: one of the task's."""
    loss: Loss | None = None
    """That is trained; None for the task's usual one."""

    def __post_init__(self) -> None:
        for name in ("batch_size", "epochs", "patience", "micro_batches"):
            value = getattr(self, name)
            require(value >= 1, name, value, "at least 1")
        check_objective(self.task, self.metric, self.loss)
        least = self.min_delta
        if is_bounded(self.metric):
            require(0 <= least < 1, "min_delta", least, "in [0, 1)")
        require(0 <= least < math.inf, "min_delta", least, "finite and at least 0")
        require_choice("precision", self.precision, get_args(Precision))
        _ = self.rates  # is checked as it is built
        self._check_outputs()

    def _check_outputs(self) -> None:
        n, is_multiclass = self.architecture.outputs, self.task == "multiclass"
        if n < 3 if is_multiclass else n != 1:
            expected = "at least 3, one a class" if is_multiclass else "1"
            raise ValueError(f"outputs={n} of a network for task {self.task}, expected {expected}")

    @property
    def trained_loss(self) -> Loss:
        """The loss that is trained."""
        return choose_loss(self.task, self.loss)

    @property
    def rates(self) -> RateSchedule:
        """The schedule of the learning rate."""
        return RateSchedule(
            self.schedule, self.step_size, self.gamma, self.final_factor, self.warmup_fraction
        )

    def learning_rate_factor(self, step: int, steps_per_epoch: int) -> float:
        """Return the factor on every replica's learning rate at a step, counted from 0."""
        return self.rates.factor(step, self.epochs * steps_per_epoch, steps_per_epoch)

    def admit(self, replica: ReplicaSettings) -> None:
        """Refuse a replica with settings that have no effect on the task.

        Raises
        ------
        ValueError
            Such as ``label_smoothing=0.1 has no effect on task regression``.
        """
        for name, is_given, tasks in (
            ("label_smoothing", replica.label_smoothing != 0, {"binary", "multiclass"}),
            ("positive_class_weight", replica.positive_class_weight != 1, {"binary"}),
        ):
            if is_given and self.task not in tasks:
                value = getattr(replica, name)
                raise ValueError(f"{name}={value!r} has no effect on task {self.task}")
