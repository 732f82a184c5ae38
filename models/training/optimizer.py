"""One optimizer for every replica of a group, each with its own settings."""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor
from torch.optim import SGD, Adam, AdamW, Optimizer, RMSprop

from models.settings import ReplicaSettings
from models.training.stacked_optimizer import StackedOptimizer


class GroupOptimizer(Protocol):
    """Updates the parameters of a group."""

    def step(self, gradient: Tensor, rate_factor: float) -> None:
        """Update every replica in place, given gradients (K, P), which may be used up."""

    def keep(self, replicas: Sequence[int], parameters: Tensor) -> None:
        """Go on with these replicas alone, whose rows now lie in `parameters`."""


def open_optimizer(parameters: Tensor, replicas: Sequence[ReplicaSettings]) -> GroupOptimizer:
    """Return what updates parameters (K, P): on a CPU each replica by itself, else all at once."""
    if parameters.device.type == "cpu":
        return SeparateOptimizers(parameters, replicas)
    return StackedOptimizer(parameters, replicas)


class SeparateOptimizers:
    """PyTorch's optimizers, one a replica, with its defaults beside a replica's settings.

    They compute what `StackedOptimizer` does, in other roundings. A CPU keeps them for two reasons.
    PyTorch's fused update is a single pass over memory, for Adam in half the time that the same
    arithmetic takes as separate operations (1.0 against 2.0 ms for 1.3 million parameters). And as
    each sees its own row alone, a replica's bits do not depend on its group. On an accelerator they
    would be one launch more for each replica.
    """

    def __init__(self, parameters: Tensor, replicas: Sequence[ReplicaSettings]) -> None:
        self._replicas = list(replicas)
        self._rows = list(parameters.detach())
        self._optimizers = [
            _open_alone(row, replica) for row, replica in zip(self._rows, replicas, strict=True)
        ]

    def step(self, gradient: Tensor, rate_factor: float) -> None:
        """Update every replica in place.

        Parameters
        ----------
        gradient : Tensor, shape (K, P)
            Overwritten where a replica's norm is clipped.
        rate_factor : float
            Factor on every learning rate.
        """
        for replica, row, optimizer, row_gradient in zip(
            self._replicas, self._rows, self._optimizers, gradient, strict=True
        ):
            if replica.gradient_clip is not None:
                _clip(row_gradient, replica.gradient_clip)
            row.grad = row_gradient
            optimizer.param_groups[0]["lr"] = replica.learning_rate * rate_factor
            optimizer.step()

    def keep(self, replicas: Sequence[int], parameters: Tensor) -> None:
        """Go on with these replicas alone, whose rows now lie in `parameters`."""
        self._replicas = [self._replicas[i] for i in replicas]
        self._rows = [self._rows[i] for i in replicas]
        self._optimizers = [self._optimizers[i] for i in replicas]
        for row, moved in zip(self._rows, parameters.detach(), strict=True):
            row.data = moved


def _open_alone(row: Tensor, replica: ReplicaSettings) -> Optimizer:
    """Return one replica's optimizer; its rate is set at every step."""
    decay = replica.weight_decay
    match replica.optimizer:
        case "adam":
            return Adam([row], weight_decay=decay, fused=True)
        case "adamw":
            return AdamW([row], weight_decay=decay, fused=True)
        case "sgd":
            return SGD([row], momentum=replica.momentum, weight_decay=decay, fused=True)
        case "rmsprop":
            return RMSprop([row], momentum=replica.momentum, weight_decay=decay)


def _clip(gradient: Tensor, largest_norm: float) -> None:
    """Scale a gradient to at most this norm, without waiting for the device."""
    norm = torch.linalg.vector_norm(gradient)
    gradient.mul_((largest_norm / (norm + 1e-6)).clamp(max=1))
