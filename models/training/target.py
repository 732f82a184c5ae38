"""What the network learns of the labels, and the way back to their units.

Classes are learned as they are. A number is learned in deviations from the training rows' mean,
so that learning rate and initial weights suit it whatever its units.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.objective import Loss
from models.task import Task
from models.training.results import Scores
from models.training.windows import Rows


@dataclass(frozen=True, slots=True)
class Target:
    """The labels as the network is to learn them.

    Parameters
    ----------
    task : str
    mean, deviation : float
        Of the training rows' labels, the deviation that of all of them (divided by n); 0 and 1
        unless they are numbers.
    """

    task: Task
    mean: float = 0.0
    deviation: float = 1.0

    @classmethod
    def of(cls, task: Task, labels: NDArray[np.number], train_rows: Rows) -> "Target":
        """Return the target of labels (T,)."""
        if task != "regression":
            return cls(task)
        known = np.asarray(labels[train_rows], np.float64)
        return cls(task, float(known.mean()), float(known.std()))

    def encode(self, labels: NDArray[np.number], device: torch.device) -> Tensor:
        """Return labels (T,) as the loss takes them: numbers, or classes as int64."""
        if self.task == "multiclass":
            return torch.tensor(labels, dtype=torch.int64, device=device)
        if self.task == "regression":
            labels = (np.asarray(labels, np.float64) - self.mean) / self.deviation
        return torch.tensor(labels, dtype=torch.float32, device=device)

    def restore(self, outputs: NDArray[np.float32]) -> Scores:
        """Return a network's outputs as scores: logits as they are, values in label units."""
        if self.task != "regression":
            return outputs
        return outputs.astype(np.float64) * self.deviation + self.mean

    def restore_losses(self, losses: NDArray[np.float64], kind: Loss) -> NDArray[np.float64]:
        """Return trained losses in the label's units, or their square."""
        if self.task != "regression":
            return losses
        return losses * (self.deviation if kind == "mae" else self.deviation**2)
