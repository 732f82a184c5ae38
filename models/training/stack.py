"""The replicas of a group on their device: parameters, optimizer, randomness, data.

Axes: `K` replicas, `B` batch, `P` parameters.

On a CPU with one thread, a replica's bits do not depend on its group: its draws come from its own
streams, its products and sums run over its own rows, and they round alike in every place of the
stack as long as the places are aligned, which widths in multiples of 4 ensure. On an accelerator
the same group gives the same bits.

Nothing here asks for PyTorch's own gradients. In inference mode, in which there are none, every
operation costs less.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.network.building import TrainedNetwork, build_network
from models.network.parameters import initialize_parameters
from models.network.randomness import open_masks
from models.settings import GroupSettings, ReplicaSettings
from models.training.batches import BatchOrder
from models.training.loss import open_loss
from models.training.optimizer import open_optimizer
from models.training.prediction import predict_rows
from models.training.results import Scores
from models.training.target import Target
from models.training.windows import Rows, TrainingData, Windows


class ReplicaStack:
    """K replicas that take every step together; whatever differs between them has K rows."""

    @torch.inference_mode()
    def __init__(
        self,
        group: GroupSettings,
        replicas: Sequence[ReplicaSettings],
        data: TrainingData,
        device: torch.device,
    ) -> None:
        self._group, self._device, self._n_steps_done = group, device, 0
        self._windows = Windows(data.features, group.architecture, device)
        self.target = Target.of(group.task, data.labels, data.train_rows)
        self._labels = self.target.encode(data.labels, device)
        drawn = [initialize_parameters(group.architecture, replica.seed) for replica in replicas]
        self._parameters = torch.stack(drawn).to(device)  # (K, P)
        self._selected = self._parameters.clone()
        self._build_networks()
        self._optimizer = open_optimizer(self._parameters, replicas)
        self._masks = open_masks(replicas, device)
        self._loss = open_loss(group.trained_loss, replicas, device)
        self._order = BatchOrder(data.train_rows, group.batch_size, replicas)
        self._row_weights = torch.from_numpy(self._order.weigh_rows()).to(device)  # (steps, B)

    @property
    def n_steps(self) -> int:
        """Steps an epoch."""
        return self._order.n_steps

    @torch.inference_mode()
    def train_epoch(self) -> NDArray[np.float64]:
        """Take one epoch of steps and return each replica's mean loss (K,).

        Nothing in the loop waits for the device.
        """
        steps = range(self._n_steps_done, self._n_steps_done + self.n_steps)
        factors = [self._group.learning_rate_factor(step, self.n_steps) for step in steps]
        self._n_steps_done = steps.stop
        losses = list(self._take_epoch(factors))
        by_step = torch.stack(losses).cpu().numpy().astype(np.float64)  # (steps, K)
        means = np.average(by_step, axis=0, weights=self._order.count_rows())
        return self.target.restore_losses(means, self._group.trained_loss)

    @torch.inference_mode()
    def take_steps(self, factors: Sequence[float]) -> Iterator[Tensor]:
        """Take a step at each factor on the learning rates, in as many epochs as they fill.

        Returns
        -------
        iterator of Tensor, shape (K,)
            The losses of each step.
        """
        for start in range(0, len(factors), self.n_steps):
            yield from self._take_epoch(factors[start : start + self.n_steps])

    def _take_epoch(self, factors: Sequence[float]) -> Iterator[Tensor]:
        """Yield the losses (K,) of an epoch's steps, or of its first if there are fewer factors."""
        rows = torch.from_numpy(self._order.draw_epoch()).to(self._device)  # (K, steps, B)
        for i, (factor, weights) in enumerate(zip(factors, self._row_weights, strict=False)):
            yield self._take_step(rows[:, i], weights, factor)

    @torch.inference_mode()
    def predict(self, rows: Rows) -> Scores:
        """Return the scores (K, n) or (K, n, O) of these rows with the weights as they are now."""
        outputs = predict_rows(self._evaluation, self._windows, rows, self._device)
        return self.target.restore(outputs)

    @torch.inference_mode()
    def predict_selected(self, replica: int, rows: Rows) -> Scores:
        """Return one replica's scores (n,) or (n, O) of these rows with its selected weights."""
        selected = self._selected[replica : replica + 1]
        network = self._build_network(selected, training=False)
        outputs = predict_rows(network, self._windows, rows, self._device)
        scores: Scores = self.target.restore(outputs)[0]
        return scores

    @torch.inference_mode()
    def select(self, replica: int) -> None:
        """Remember a replica's weights as they are now."""
        self._selected[replica] = self._parameters[replica]

    @torch.inference_mode()
    def keep(self, replicas: Sequence[int]) -> None:
        """Go on with these replicas alone."""
        self._parameters = self._parameters[list(replicas)]
        self._build_networks()
        self._selected = self._selected[list(replicas)]
        self._optimizer.keep(replicas, self._parameters)
        self._loss.keep(replicas)
        self._order.keep(replicas)
        if self._masks is not None:
            self._masks.keep(replicas)

    def _build_networks(self) -> None:
        self._network = self._build_network(self._parameters, training=True)
        self._evaluation = self._build_network(self._parameters, training=False)

    def _build_network(self, parameters: Tensor, *, training: bool) -> TrainedNetwork:
        group = self._group
        return build_network(
            group.architecture, parameters, training=training, precision=group.precision
        )

    def _take_step(self, rows: Tensor, weights: Tensor, factor: float) -> Tensor:
        """Train on rows (K, B) at a factor on the learning rates and return the losses (K,)."""
        n_parts = self._group.micro_batches
        parts = zip(rows.chunk(n_parts, 1), weights.chunk(n_parts), strict=True)
        losses, gradient = self._differentiate(*next(parts))
        if n_parts > 1:
            gradient = gradient.clone()  # the next is written where it lies
        for part in parts:  # a row's weight is that in the whole batch, so that sums are enough
            more_losses, more_gradient = self._differentiate(*part)
            losses, gradient = losses + more_losses, gradient.add_(more_gradient)
        self._optimizer.step(gradient, factor)
        return losses

    def _differentiate(self, rows: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
        """Return the losses (K,) of rows (K, B) and their gradient (K, P)."""
        logits = self._network.forward(self._windows.gather(rows), self._masks)
        losses, grad = self._loss.differentiate(logits, self._labels[rows], weights)
        return losses, self._network.backward(grad)
