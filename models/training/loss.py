"""The trained loss, one a replica, and its gradient.

Definitions are PyTorch's. Axes: `K` replicas, `B` batch, `C` classes.
"""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from models.objective import Loss
from models.settings import ReplicaSettings

# PyTorch's sigmoid rounds the values that do not fill a processor's vectors otherwise. With rows of
# whole vectors (two of AVX-512's, the most a loop takes at once) no replica has such values.
_VECTOR = 32


class TrainedLoss(Protocol):
    """The loss of each replica of a group."""

    def differentiate(
        self, outputs: Tensor, labels: Tensor, weights: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the losses (K,), sums over rows by weight, and the gradients of the outputs.

        Parameters
        ----------
        outputs : Tensor, shape (K, B), or (K, B, C)
        labels : Tensor, shape (K, B)
        weights : Tensor, shape (B,)
            Of the rows, adding up to 1.
        """

    def keep(self, replicas: Sequence[int]) -> None:
        """Go on with these replicas alone."""


def open_loss(loss: Loss, replicas: Sequence[ReplicaSettings], device: torch.device) -> TrainedLoss:
    """Return how a loss of these replicas is computed."""
    if loss == "bce":
        return StackedLoss(replicas, device)
    if loss == "cross_entropy":
        return StackedCrossEntropy(replicas, device)
    return ErrorLoss(loss)


class StackedLoss:
    """Binary cross-entropy of each replica, with its label smoothing and positive-class weight."""

    def __init__(self, replicas: Sequence[ReplicaSettings], device: torch.device) -> None:
        smoothing = [[replica.label_smoothing] for replica in replicas]
        positive_weight = [[replica.positive_class_weight] for replica in replicas]
        self._smoothing = torch.tensor(smoothing, dtype=torch.float32, device=device)
        self._positive_weight = torch.tensor(positive_weight, dtype=torch.float32, device=device)

    def differentiate(
        self, logits: Tensor, labels: Tensor, weights: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the losses, sum_b w_b (-c y' log p - (1 - y') log(1 - p)), and their gradient.

        With smoothing s, y' = y (1 - s) + s / 2.

        Parameters
        ----------
        logits, labels : Tensor, shape (K, B)
        weights : Tensor, shape (B,)
            Of the rows, adding up to 1.

        Returns
        -------
        Tensor, shape (K,), and Tensor, shape (K, B)
            The losses, and the gradients of the logits: none serves two replicas.
        """
        n_rows = logits.shape[1]
        filling = (0, -n_rows % _VECTOR)
        logits, labels = functional.pad(logits, filling), functional.pad(labels, filling)
        weights = functional.pad(weights, filling)
        targets = labels * (1 - self._smoothing) + self._smoothing / 2
        losses = functional.binary_cross_entropy_with_logits(
            logits, targets, pos_weight=self._positive_weight, reduction="none"
        )
        positive = self._positive_weight * targets
        gradient = (positive + 1 - targets).mul_(torch.sigmoid(logits)).sub_(positive).mul_(weights)
        return (losses * weights).sum(1), gradient[:, :n_rows].contiguous()

    def keep(self, replicas: Sequence[int]) -> None:
        """Go on with these replicas alone."""
        self._smoothing = self._smoothing[list(replicas)]
        self._positive_weight = self._positive_weight[list(replicas)]


class StackedCrossEntropy:
    """Cross-entropy of each replica over C classes, with its label smoothing."""

    def __init__(self, replicas: Sequence[ReplicaSettings], device: torch.device) -> None:
        smoothing = [[replica.label_smoothing] for replica in replicas]
        self._smoothing = torch.tensor(smoothing, dtype=torch.float32, device=device)

    def differentiate(
        self, logits: Tensor, labels: Tensor, weights: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the losses, -sum_b w_b sum_c q_c log p_c, and their gradient w_b (p - q).

        With smoothing s, q_c = (1 - s) [c is the label] + s / C.

        Parameters
        ----------
        logits : Tensor, shape (K, B, C)
        labels : Tensor of int64, shape (K, B)
        weights : Tensor, shape (B,)
            Of the rows, adding up to 1.

        Returns
        -------
        Tensor, shape (K,), and Tensor, shape (K, B, C)
        """
        n_rows, n_classes = logits.shape[1:]
        missing = -n_rows % _VECTOR
        logits = functional.pad(logits, (0, 0, 0, missing))
        labels, weights = (functional.pad(each, (0, missing)) for each in (labels, weights))
        smoothing = self._smoothing.unsqueeze(2).to(logits.dtype)
        targets = (smoothing / n_classes).expand_as(logits).clone()
        targets.scatter_add_(2, labels.unsqueeze(2), (1 - smoothing).expand(*labels.shape, 1))
        log_p = torch.log_softmax(logits, 2)
        losses = -(targets * log_p).sum(2)
        gradient = (log_p.exp() - targets).mul_(weights.unsqueeze(1))
        return (losses * weights).sum(1), gradient[:, :n_rows].contiguous()

    def keep(self, replicas: Sequence[int]) -> None:
        """Go on with these replicas alone."""
        self._smoothing = self._smoothing[list(replicas)]


class ErrorLoss:
    """A loss of the errors e of predicted numbers: the same for every replica.

    `mse` is e^2, `mae` |e|, and `huber` e^2 / 2 up to |e| = 1 and |e| - 1/2 beyond.
    """

    def __init__(self, kind: Loss) -> None:
        self._kind = kind

    def differentiate(
        self, values: Tensor, labels: Tensor, weights: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the losses (K,) and the gradients of the values (K, B)."""
        n_rows = values.shape[1]
        filling = (0, -n_rows % _VECTOR)
        errors = functional.pad(values - labels, filling)
        weights = functional.pad(weights, filling)
        if self._kind == "mse":
            losses, slopes = errors.square(), 2 * errors
        elif self._kind == "mae":
            losses, slopes = errors.abs(), errors.sign()
        else:
            slopes = errors.clamp(-1, 1)
            losses = slopes * (errors - slopes / 2)
        return (losses * weights).sum(1), slopes.mul_(weights)[:, :n_rows].contiguous()

    def keep(self, replicas: Sequence[int]) -> None:
        """Go on with these replicas alone: nothing is theirs alone."""
