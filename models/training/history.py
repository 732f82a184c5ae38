"""What a fit predicted for the validation rows after each epoch, as far as it is kept."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.epoch_logits import EpochLogits, choose_step, count_most, halve_logits

_Half = tuple[np.float32, NDArray[np.float16]]


class LogitHistory:
    """Collects one fit's log-odds by epoch, so that they come to no more than are kept.

    Parameters
    ----------
    n_epochs : int
        That the fit may take. Where so many would come to too much, every n-th epoch is kept, and
        the selected and the last one: see `choose_step`.
    n_rows : int
    """

    def __init__(self, n_epochs: int, n_rows: int) -> None:
        self._n_epochs = n_epochs
        self._step, self._most = choose_step(n_epochs, n_rows), count_most(n_rows)
        self._regular: dict[int, _Half] = {}
        self._selected: dict[int, _Half] = {}
        self._last: dict[int, _Half] = {}

    def add(self, epoch: int, logits: ArrayLike, *, is_selected: bool) -> None:
        """Take the log-odds (N,) of the next epoch; says whether it is the best so far."""
        self._last = {epoch: halve_logits(logits)}
        if is_selected:
            self._selected = self._last
        if epoch % self._step == 0:
            self._regular |= self._last
        while epoch > self._n_epochs and len(self._regular) > self._most - 2:
            self._regular.popitem()  # it takes more epochs than it was to

    def gather(self) -> EpochLogits | None:
        """Return what is kept; None before the first epoch."""
        kept = sorted({**self._regular, **self._selected, **self._last}.items())
        if not kept:
            return None
        return EpochLogits(
            epochs=np.array([epoch for epoch, _ in kept], dtype=np.int32),
            centers=np.array([center for _, (center, _) in kept], dtype=np.float32),
            halves=np.stack([halves for _, (_, halves) in kept]),
        )
