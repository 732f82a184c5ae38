"""One optimizer for every replica of a group, each with its own settings."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.optim import SGD, Adam, AdamW, Optimizer, RMSprop

from models.settings import ReplicaSettings


class StackedOptimizer:
    """PyTorch's optimizers over parameters (K, P), with its defaults beside a replica's settings.

    Adam (Kingma and Ba 2015), AdamW (Loshchilov and Hutter 2019), gradient descent with momentum
    (Sutskever et al. 2013, without Nesterov's form or dampening), and RMSprop (Hinton 2012, with
    alpha 0.99 and the mean not taken off).

    A replica's row is the one parameter of its optimizer, PyTorch's fused one where there is one: a
    single pass over memory, for Adam in a third of the time that the same arithmetic takes as
    separate operations.
    """

    def __init__(self, parameters: Tensor, replicas: Sequence[ReplicaSettings]) -> None:
        self._replicas = list(replicas)
        self._rows = list(parameters.detach())
        self._optimizers = [
            _open_optimizer(row, replica) for row, replica in zip(self._rows, replicas, strict=True)
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


def _open_optimizer(row: Tensor, replica: ReplicaSettings) -> Optimizer:
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
