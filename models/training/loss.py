"""The trained loss, one a replica, and its gradient.

Axes: `K` replicas, `B` batch.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from models.settings import ReplicaSettings

# PyTorch's sigmoid rounds the values that do not fill a processor's vectors otherwise. With rows of
# whole vectors (two of AVX-512's, the most a loop takes at once) no replica has such values.
_VECTOR = 32


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
