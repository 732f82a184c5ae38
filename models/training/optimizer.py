"""One optimizer for every replica of a group, each with its own settings."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import torch
from torch import Tensor
from torch.optim.adam import adam
from torch.optim.rmsprop import rmsprop
from torch.optim.sgd import sgd

from models.settings import ReplicaSettings
from models.training.stacked_optimizer import ALPHA, BETA_1, BETA_2, EPSILON, StackedOptimizer


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
    """PyTorch's updates, one a replica, with its defaults beside a replica's settings.

    They compute what `StackedOptimizer` does, in other roundings. A CPU keeps them for two reasons.
    PyTorch's fused update is a single pass over memory, for Adam in half the time that the same
    arithmetic takes as separate operations (1.0 against 2.0 ms for 1.3 million parameters). And as
    each sees its own row alone, a replica's bits do not depend on its group. On an accelerator they
    would be one launch more for each replica.

    The functions behind PyTorch's optimizers are called, and not the classes: those import its
    compiler, which nothing here uses, with 800 modules.
    """

    def __init__(self, parameters: Tensor, replicas: Sequence[ReplicaSettings]) -> None:
        self._replicas = list(replicas)
        self._rows = list(parameters.detach())
        self._updates = [
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
        for replica, row, update, row_gradient in zip(
            self._replicas, self._rows, self._updates, gradient, strict=True
        ):
            if replica.gradient_clip is not None:
                _clip(row_gradient, replica.gradient_clip)
            update([row], [row_gradient], lr=replica.learning_rate * rate_factor)

    def keep(self, replicas: Sequence[int], parameters: Tensor) -> None:
        """Go on with these replicas alone, whose rows now lie in `parameters`."""
        self._replicas = [self._replicas[i] for i in replicas]
        self._rows = list(parameters.detach())
        self._updates = [self._updates[i] for i in replicas]


def _open_alone(row: Tensor, replica: ReplicaSettings) -> Callable[..., None]:
    """Return one replica's update, with what it remembers; its rate is given at every step."""
    decay, momentum = replica.weight_decay, replica.momentum
    match replica.optimizer:
        case "adam" | "adamw" as kind:
            return partial(
                adam,
                exp_avgs=[torch.zeros_like(row)],
                exp_avg_sqs=[torch.zeros_like(row)],
                max_exp_avg_sqs=[],
                state_steps=[torch.zeros((), device=row.device)],
                decoupled_weight_decay=kind == "adamw",
                amsgrad=False,
                beta1=BETA_1,
                beta2=BETA_2,
                eps=EPSILON,
                fused=True,
                weight_decay=decay,
                maximize=False,
            )
        case "sgd":
            return partial(
                sgd,
                momentum_buffer_list=[None] if momentum else [],
                momentum=momentum,
                dampening=0.0,
                nesterov=False,
                fused=True,
                weight_decay=decay,
                maximize=False,
            )
        case "rmsprop":
            return partial(
                rmsprop,
                square_avgs=[torch.zeros_like(row)],
                grad_avgs=[],
                momentum_buffer_list=[torch.zeros_like(row)] if momentum else [],
                state_steps=[torch.zeros(())],
                alpha=ALPHA,
                eps=EPSILON,
                momentum=momentum,
                centered=False,
                foreach=False,
                weight_decay=decay,
                maximize=False,
            )


def _clip(gradient: Tensor, largest_norm: float) -> None:
    """Scale a gradient to at most this norm, without waiting for the device."""
    norm = torch.linalg.vector_norm(gradient)
    gradient.mul_((largest_norm / (norm + 1e-6)).clamp(max=1))
