"""What training reports: one line an epoch, and one result a replica."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.epoch_logits import EpochLogits, EpochValues
from models.settings import ReplicaSettings

StopReason = Literal["patience", "epochs", "diverged", "pruned"]
Logits = NDArray[np.float32]
Scores = NDArray[np.floating]
"""Log-odds (n,) of a binary label, logits (n, K) of classes, values (n,) in the label's units."""


@dataclass(frozen=True, slots=True)
class EpochScores:
    """One epoch of one replica's curve."""

    epoch: int
    """Counted from 1."""
    train_loss: float
    """Mean of the trained loss over the epoch's steps, with dropout, smoothing and class weight,
    in the units of `val_loss`."""
    val_loss: float
    """Plain loss of the validation rows: cross-entropy in nats, an error in the label's units."""
    val_metric: float
    """By which the epoch is selected."""
    seconds: float
    """Wall time of the epoch, which all replicas of the group share."""


@dataclass(frozen=True, slots=True)
class EpochReport:
    """News of one epoch, as training goes on."""

    replica: int
    """Position in the sequence of replicas that was asked for."""
    scores: EpochScores


@dataclass(frozen=True, slots=True)
class Selection:
    """What a replica predicts with the weights of its selected epoch, dropout off."""

    epoch: int
    """The first epoch of the best validation metric."""
    val_logits: Scores
    train_logits: Scores
    extra_logits: Mapping[str, Scores]


@dataclass(frozen=True, slots=True)
class ReplicaResult:
    """What one replica left."""

    replica: int
    """Position in the sequence of replicas that was asked for."""
    settings: ReplicaSettings
    curve: tuple[EpochScores, ...]
    """The epochs that ended with finite numbers."""
    stop_reason: StopReason
    failure: str | None
    """What was not finite and when, if the replica diverged."""
    selection: Selection | None
    """None if the replica diverged."""
    last_val_logits: Scores | None
    """Of the last epoch; None if the replica diverged."""
    epoch_logits: EpochLogits | None
    """Of the validation rows, by epoch, where a ranking is judged; None if it diverged."""
    epoch_values: EpochValues | None
    """The same in single precision, where another metric is judged."""
    seconds: float
    """Wall time from the start of the group to this result."""
    peak_memory_bytes: int
    """The process's (CPU) or the device's highest use so far."""
    n_parameters: int
