"""The order in which every replica sees the training rows.

Axes: `K` replicas, `B` batch.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.network.randomness import Stream, open_stream
from models.settings import ReplicaSettings
from models.training.windows import Rows


class BatchOrder:
    """Draws each replica's batches of one epoch, on the CPU: the same on every device.

    All steps have B rows, so that every step is the same program; where rows run out, the last one
    is filled with a row that weighs nothing.
    """

    def __init__(self, rows: Rows, batch_size: int, replicas: Sequence[ReplicaSettings]) -> None:
        self._rows = rows
        self._streams = [open_stream(replica.seed, Stream.BATCH_ORDER) for replica in replicas]
        self._batch = min(batch_size, len(rows))
        self.n_steps = -(-len(rows) // self._batch)

    def weigh_rows(self) -> NDArray[np.float32]:
        """Return the weights (steps, B) that turn a step's sum into the mean over its real rows."""
        real = np.arange(self.n_steps * self._batch).reshape(self.n_steps, -1) < len(self._rows)
        weights: NDArray[np.float32] = (real / real.sum(1, keepdims=True)).astype(np.float32)
        return weights

    def count_rows(self) -> NDArray[np.int64]:
        """Return how many real rows each step has, shape (steps,)."""
        return np.diff(np.minimum(np.arange(self.n_steps + 1) * self._batch, len(self._rows)))

    def draw_epoch(self) -> NDArray[np.int64]:
        """Return a fresh permutation of the rows for every replica, shape (K, steps, B)."""
        order = np.stack([stream.permutation(self._rows) for stream in self._streams])
        missing = self.n_steps * self._batch - len(self._rows)
        filled = np.pad(order, ((0, 0), (0, missing)), mode="edge")
        return filled.reshape(len(order), self.n_steps, self._batch)

    def keep(self, replicas: Sequence[int]) -> None:
        """Go on with these replicas alone."""
        self._streams = [self._streams[i] for i in replicas]
