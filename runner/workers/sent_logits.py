"""Scores by epoch as text for a message, and back: a worker's word is checked, not trusted."""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.epoch_logits import MOST_BYTES, EpochLogits, EpochValues, count_most
from trial_sets.configuration import StrictModel

_TYPES = {"epochs": "<i4", "centers": "<f4", "halves": "<f2"}  # little-endian on every machine


class SentLogits(StrictModel):
    """The fields of `EpochLogits`, their bytes in base64: a third more than they are."""

    epochs: str
    centers: str
    halves: str

    @classmethod
    def of(cls, logits: EpochLogits) -> "SentLogits":
        """Return log-odds as they are sent."""
        return cls(**{name: _encode(getattr(logits, name), kind) for name, kind in _TYPES.items()})

    def receive(self, n_rows: int, n_epochs: int, selected_epoch: int | None) -> EpochLogits:
        """Return what was sent.

        Parameters
        ----------
        n_rows : int
            Validation rows there are.
        n_epochs : int
            Epochs that the fit says it took.
        selected_epoch : int or None
            What it says of that.

        Raises
        ------
        ValueError
            If that is not the finite log-odds of these rows for some of these epochs, the selected
            one among them, or is more than is kept.
        """
        epochs, centers, halves = (_decode(getattr(self, n), n, k) for n, k in _TYPES.items())
        _check_epochs(epochs, n_epochs, selected_epoch)
        found = (len(centers), len(halves))
        if found != (len(epochs), len(epochs) * n_rows):
            raise ValueError(
                f"log-odds by epoch: {found[0]} centers and {found[1]} log-odds of {len(epochs)} "
                f"epochs, expected {len(epochs)} and {len(epochs) * n_rows}"
            )
        if len(epochs) > (most := count_most(n_rows)):
            raise ValueError(f"log-odds by epoch: {len(epochs)} epochs, expected at most {most}")
        if not (np.isfinite(centers).all() and np.isfinite(halves).all()):
            raise ValueError("log-odds by epoch: some are not finite")
        return EpochLogits(epochs, centers, halves.reshape(len(epochs), n_rows))


class SentValues(StrictModel):
    """The fields of `EpochValues`, their bytes in base64."""

    epochs: str
    values: str

    @classmethod
    def of_values(cls, kept: EpochValues) -> "SentValues":
        """Return values as they are sent."""
        return cls(epochs=_encode(kept.epochs, "<i4"), values=_encode(kept.values, "<f4"))

    def receive(
        self, n_rows: int, outputs: int, n_epochs: int, selected_epoch: int | None
    ) -> EpochValues:
        """Return what was sent.

        Parameters
        ----------
        n_rows, outputs : int
            Validation rows there are, and numbers a row: 1, or the classes.
        n_epochs : int
            Epochs that the fit says it took.
        selected_epoch : int or None
            What it says of that.

        Raises
        ------
        ValueError
            If that is not finite scores of these rows for some of these epochs, the selected one
            among them, or is more than is kept.
        """
        epochs = _decode(self.epochs, "epochs", "<i4")
        values = _decode(self.values, "values", "<f4")
        _check_epochs(epochs, n_epochs, selected_epoch)
        size = n_rows * outputs
        if len(values) != len(epochs) * size:
            raise ValueError(
                f"scores by epoch: {len(values)} numbers of {len(epochs)} epochs, expected "
                f"{len(epochs) * size}"
            )
        if len(epochs) > (most := max(2, MOST_BYTES // (4 * max(1, size)))):
            raise ValueError(f"scores by epoch: {len(epochs)} epochs, expected at most {most}")
        if not np.isfinite(values).all():
            raise ValueError("scores by epoch: some are not finite")
        shape = (len(epochs), n_rows) if outputs == 1 else (len(epochs), n_rows, outputs)
        return EpochValues(epochs, values.reshape(shape))


def _check_epochs(epochs: NDArray[np.int32], n_epochs: int, selected_epoch: int | None) -> None:
    is_growing = len(epochs) > 0 and epochs[0] >= 1 and bool((epochs[1:] > epochs[:-1]).all())
    if not is_growing or epochs[-1] > n_epochs:
        raise ValueError(f"log-odds by epoch: the epochs do not grow from 1 to at most {n_epochs}")
    if selected_epoch not in epochs:
        raise ValueError(f"log-odds by epoch: the selected epoch {selected_epoch} is missing")


def _encode(array: NDArray[Any], kind: str) -> str:
    return base64.b64encode(array.astype(kind).tobytes()).decode("ascii")


def _decode(text: str, name: str, kind: str) -> NDArray[Any]:
    try:
        content = base64.b64decode(text, validate=True)
        return np.frombuffer(content, dtype=kind).astype(np.dtype(kind).newbyteorder("="))
    except ValueError as error:
        raise ValueError(f"log-odds by epoch: {name} are no array in base64: {error}") from None
