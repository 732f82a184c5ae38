"""How replicas of one architecture are trained: what each has of its own, and what they share.

Like the architecture, the settings need no PyTorch.
"""

import math
from dataclasses import dataclass
from typing import Literal, get_args

from models.architecture import Architecture

Optimizer = Literal["adam", "adamw"]
Schedule = Literal["constant", "cosine"]
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
    """`adam` adds the decay to the gradient (L2), `adamw` shrinks the weights apart from it."""
    label_smoothing: float = 0.0
    """Targets become y (1 - s) + s / 2."""
    positive_class_weight: float = 1.0
    """Factor on the loss of positive rows."""
    gradient_clip: float | None = None
    """Largest norm of the whole gradient, or None for no limit."""

    def __post_init__(self) -> None:
        _require(self.seed >= 0, "seed", self.seed, "at least 0")
        _require(0 <= self.dropout < 1, "dropout", self.dropout, "in [0, 1)")
        _require_positive("learning_rate", self.learning_rate)
        decay = self.weight_decay
        _require(0 <= decay < math.inf, "weight_decay", decay, "finite and at least 0")
        _require_choice("optimizer", self.optimizer, get_args(Optimizer))
        _require(
            0 <= self.label_smoothing < 1, "label_smoothing", self.label_smoothing, "in [0, 1)"
        )
        _require_positive("positive_class_weight", self.positive_class_weight)
        if self.gradient_clip is not None:
            _require_positive("gradient_clip", self.gradient_clip)


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """What all replicas of a group share.

    Raises
    ------
    ValueError
        If a value is outside its range.
    """

    architecture: Architecture
    batch_size: int
    """Rows a step; in the last step of an epoch only those that are left weigh anything."""
    epochs: int = 50
    patience: int = 10
    """Epochs without improvement after which a replica stops."""
    min_delta: float = 0.001
    """Gain in validation AUC that counts as improvement."""
    schedule: Schedule = "constant"
    warmup_fraction: float = 0.0
    """Share of all steps over which the learning rate rises linearly."""
    micro_batches: int = 1
    """Parts that a step's batch is computed in, one after another, to take less memory."""
    precision: Precision = "fp32"
    """Of the large matrix products; all else is in single precision."""

    def __post_init__(self) -> None:
        for name in ("batch_size", "epochs", "patience", "micro_batches"):
            value = getattr(self, name)
            _require(value >= 1, name, value, "at least 1")
        _require(0 <= self.min_delta < 1, "min_delta", self.min_delta, "in [0, 1)")
        _require_choice("schedule", self.schedule, get_args(Schedule))
        _require_choice("precision", self.precision, get_args(Precision))
        _require(
            0 <= self.warmup_fraction < 1, "warmup_fraction", self.warmup_fraction, "in [0, 1)"
        )

    def learning_rate_factor(self, step: int, steps_per_epoch: int) -> float:
        """Return the factor on every replica's learning rate at a step, counted from 0.

        The factor rises linearly to 1 over the warm-up, then stays there or follows half a cosine
        down to 0 at the end of the last epoch (Loshchilov and Hutter 2017, without restarts).
        """
        total = self.epochs * steps_per_epoch
        warmup = round(self.warmup_fraction * total)
        if step < warmup:
            return (step + 1) / warmup
        if self.schedule == "constant":
            return 1.0
        return (1 + math.cos(math.pi * (step - warmup) / (total - warmup))) / 2


def _require(condition: bool, name: str, value: object, expected: str) -> None:
    if not condition:
        raise ValueError(f"{name}={value!r} is not {expected}")


def _require_positive(name: str, value: float) -> None:
    _require(0 < value < math.inf, name, value, "finite and above 0")


def _require_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    _require(value in choices, name, value, f"one of {', '.join(choices)}")
