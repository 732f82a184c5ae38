"""Windows of past days, gathered on the device from one tensor of features.

Axes: `K` replicas, `B` batch, `T` days of the whole series, `L` days a window, `S` days a patch,
`C` features, `N` patches.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.architecture import AnyArchitecture
from models.task import Task

Rows = NDArray[np.int64]

LARGEST_LABEL = 1e30  # predictions are kept in single precision, which ends soon after

_REVIN_EPSILON = 1e-5


@dataclass(frozen=True, slots=True)
class TrainingData:
    """The series a group is trained on, and which of its days are training and validation rows.

    A row is the last day of a window: row t stands for the days t - L + 1 to t and for label t.
    """

    features: NDArray[np.float32]
    """Shape (T, C), scaled as the network shall see them."""
    labels: NDArray[np.number]
    """Shape (T,), at every row that is used 0 or 1, a class from 0 on, or a finite number."""
    train_rows: Rows
    val_rows: Rows
    extra_rows: Mapping[str, Rows] = field(default_factory=dict)
    """Further rows, by name, to be predicted once with the selected weights."""

    def validate(self, architecture: AnyArchitecture, task: Task = "binary") -> None:
        """Check that an architecture can be trained on these data.

        Raises
        ------
        ValueError
            If shapes disagree, rows have no whole window, or labels are not the task's where
            needed.
        """
        if self.features.ndim != 2 or self.features.shape[1] != architecture.n_features:
            shape, n = self.features.shape, architecture.n_features
            raise ValueError(f"features have shape {shape}, expected (days, {n})")
        if self.labels.shape != self.features.shape[:1]:
            n = len(self.features)
            raise ValueError(f"labels have shape {self.labels.shape}, expected ({n},)")
        named = {"train_rows": self.train_rows, "val_rows": self.val_rows, **self.extra_rows}
        for name, rows in named.items():
            self._validate_rows(name, rows, architecture.context)
        for name in ("train_rows", "val_rows"):
            labels = self.labels[named[name]]
            if task == "regression":
                _check_numbers(name, labels)
            else:
                _check_classes(name, labels, 2 if task == "binary" else architecture.outputs)

    def _validate_rows(self, name: str, rows: Rows, context: int) -> None:
        if rows.ndim != 1 or len(rows) == 0:
            raise ValueError(f"{name} has shape {rows.shape}, expected at least one row")
        first, last = int(rows.min()), int(rows.max())
        if first < context - 1 or last >= len(self.features):
            raise ValueError(
                f"{name} spans days {first} to {last}, expected {context - 1} to "
                f"{len(self.features) - 1}: a window needs {context} days"
            )


def _check_classes(name: str, labels: NDArray[np.number], n_classes: int) -> None:
    """Refuse labels unless each class is there, and nothing else."""
    found = np.unique(labels).tolist()
    if found != list(range(n_classes)):
        expected = "both 0 and 1" if n_classes == 2 else f"all of 0 to {n_classes - 1}"
        raise ValueError(f"the labels of {name} are {found}, expected {expected}")


def _check_numbers(name: str, labels: NDArray[np.number]) -> None:
    """Refuse labels that are no numbers, too large for single precision, or all the same."""
    n_bad = int((~(np.abs(labels) <= LARGEST_LABEL)).sum())
    if n_bad:
        raise ValueError(
            f"{n_bad} of {len(labels)} labels of {name} are not finite or beyond "
            f"{LARGEST_LABEL:g}, expected numbers"
        )
    if labels.min() == labels.max():
        raise ValueError(f"the labels of {name} are all {labels[0]:g}, expected different numbers")


class Windows:
    """The features on a device, and the windows in them as patches."""

    def __init__(
        self, features: NDArray[np.float32], architecture: AnyArchitecture, device: torch.device
    ) -> None:
        self._architecture = architecture
        self._features = torch.tensor(features, dtype=torch.float32, device=device)
        a = architecture
        starts = torch.arange(a.n_patches) * a.stride - (a.n_patches - 1) * a.stride - a.patch + 1
        days = starts.unsqueeze(1) + torch.arange(a.patch)
        self._days = days.unsqueeze(1).to(device)  # (N, 1, S), 0 is the row itself
        if architecture.revin:
            windows = self._features.unfold(0, architecture.context, 1)  # (T - L + 1, C, L)
            variance, self._mean = torch.var_mean(windows, 2, correction=0)
            self._scale = torch.rsqrt(variance + _REVIN_EPSILON)

    def gather(self, rows: Tensor) -> Tensor:
        """Return the patches of the windows that end on these rows.

        Each patch holds S days of all features; the last ends on the row itself. With RevIN
        (Kim et al. 2022) a feature's values have its mean over the window's L days taken off
        and are divided by sqrt(variance + 1e-5).

        Parameters
        ----------
        rows : Tensor of int64, shape (K, B)

        Returns
        -------
        Tensor, shape (K, N * B, S * C)
            The first patches of all windows come first.
        """
        days = rows[:, None, :, None] + self._days  # (K, N, B, S)
        patches = self._features.index_select(0, days.flatten()).view(*days.shape, -1)
        if self._architecture.revin:
            windows = rows - (self._architecture.context - 1)
            patches.sub_(self._mean[windows][:, None, :, None])
            patches.mul_(self._scale[windows][:, None, :, None])
        return patches.flatten(3).flatten(1, 2)
