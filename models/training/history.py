"""What a fit predicted for the validation rows after each epoch, as far as it is kept."""

from collections.abc import Iterator
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.epoch_logits import EpochLogits, EpochValues, choose_step, count_most, halve_logits

Kept = TypeVar("Kept")
_Half = tuple[np.float32, NDArray[np.float16]]


class EpochHistory(Generic[Kept]):
    """Chooses the epochs whose scores are kept, so that they come to no more than may be.

    Parameters
    ----------
    n_epochs : int
        That the fit may take. Where so many would come to too much, every n-th epoch is kept, and
        the selected and the last one: see `choose_step`.
    n_rows : int
    bytes_a_row : int
        Of one epoch.
    """

    def __init__(self, n_epochs: int, n_rows: int, bytes_a_row: int) -> None:
        self._n_epochs = n_epochs
        self._step = choose_step(n_epochs, n_rows, bytes_a_row)
        self._most = count_most(n_rows, bytes_a_row)
        self._regular: dict[int, Kept] = {}
        self._selected: dict[int, Kept] = {}
        self._last: dict[int, Kept] = {}

    def add(self, epoch: int, scores: Kept, *, is_selected: bool) -> None:
        """Take the scores of the next epoch; says whether it is the best so far."""
        self._last = {epoch: scores}
        if is_selected:
            self._selected = self._last
        if epoch % self._step == 0:
            self._regular |= self._last
        while epoch > self._n_epochs and len(self._regular) > self._most - 2:
            self._regular.popitem()  # it takes more epochs than it was to

    def list_kept(self) -> Iterator[tuple[int, Kept]]:
        """Yield the epochs that are kept, in order, and their scores."""
        kept = {**self._regular, **self._selected, **self._last}
        yield from ((epoch, kept[epoch]) for epoch in sorted(kept))


class LogitHistory:
    """Collects one fit's log-odds by epoch, in half precision.

    Parameters
    ----------
    n_epochs : int
        That the fit may take.
    n_rows : int
    """

    def __init__(self, n_epochs: int, n_rows: int) -> None:
        self._history = EpochHistory[_Half](n_epochs, n_rows, 2)

    def add(self, epoch: int, logits: ArrayLike, *, is_selected: bool) -> None:
        """Take the log-odds (N,) of the next epoch; says whether it is the best so far."""
        self._history.add(epoch, halve_logits(logits), is_selected=is_selected)

    def gather(self) -> EpochLogits | None:
        """Return what is kept; None before the first epoch."""
        kept = list(self._history.list_kept())
        if not kept:
            return None
        return EpochLogits(
            epochs=np.array([epoch for epoch, _ in kept], dtype=np.int32),
            centers=np.array([center for _, (center, _) in kept], dtype=np.float32),
            halves=np.stack([halves for _, (_, halves) in kept]),
        )


class ValueHistory:
    """Collects one fit's scores by epoch, in single precision.

    Parameters
    ----------
    n_epochs : int
        That the fit may take.
    n_rows : int
    n_outputs : int
        Scores a row: one, or one a class.
    """

    def __init__(self, n_epochs: int, n_rows: int, n_outputs: int = 1) -> None:
        self._history = EpochHistory[NDArray[np.float32]](n_epochs, n_rows, 4 * n_outputs)

    def add(self, epoch: int, scores: ArrayLike, *, is_selected: bool) -> None:
        """Take the scores (N,) or (N, K) of the next epoch; says whether it is the best so far."""
        values = np.array(scores, dtype=np.float32)
        self._history.add(epoch, values, is_selected=is_selected)

    def gather(self) -> EpochValues | None:
        """Return what is kept; None before the first epoch."""
        kept = list(self._history.list_kept())
        if not kept:
            return None
        return EpochValues(
            epochs=np.array([epoch for epoch, _ in kept], dtype=np.int32),
            values=np.stack([values for _, values in kept]),
        )
