"""What a fit predicted after each epoch, as far as it is kept.

Axes: `E` epochs, `N` rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trial_sets.errors import InputError

_COLUMNS = {"epoch": "iu", "epoch_center": "f", "epoch_logit": "f"}
_HALF_BYTES = 2  # of a number


@dataclass(frozen=True, eq=False)
class KeptEpochs:
    """The log-odds of the epochs that were kept: in half precision, a quarter of the memory.

    Attributes
    ----------
    epochs : ndarray, shape (E,)
        Counted from 1, in order.
    centers : ndarray, shape (E,)
        What was taken off an epoch's log-odds.
    halves : ndarray of float16, shape (E, N)
        The rest. Its order is that of the rows, whatever the values are rounded to.
    """

    epochs: NDArray[np.int64]
    centers: NDArray[np.float64]
    halves: NDArray[np.float16]


def read_kept_epochs(
    arrays: Mapping[str, NDArray[np.generic]], n_rows: int, path: Path
) -> KeptEpochs | None:
    """Return the log-odds by epoch among the arrays of ``predictions.npz``.

    Returns
    -------
    KeptEpochs or None
        None where the file has none of their columns: it is of an earlier version, or its trainer
        reported none.

    Raises
    ------
    InputError
        If a column is missing or of another form, epochs do not grow from 1, or a value is not
        finite.
    """
    if not _COLUMNS.keys() & arrays.keys():
        return None
    for name, kinds in _COLUMNS.items():
        if name not in arrays or arrays[name].dtype.kind not in kinds:
            raise InputError(f"{path} has no usable column {name!r}")
    _check_shapes(arrays, n_rows, path)
    epochs = np.asarray(arrays["epoch"], dtype=np.int64)
    if epochs[0] < 1 or not (epochs[1:] > epochs[:-1]).all():
        raise InputError(f"{path} holds epochs that do not grow, expected 1, 2, ...")
    halves = np.asarray(arrays["epoch_logit"], dtype=np.float16)
    with np.errstate(over="ignore"):  # of more than double precision: it becomes infinite
        centers = np.asarray(arrays["epoch_center"], dtype=np.float64)
    if not np.isfinite(centers).all() or not np.isfinite(halves).all():
        raise InputError(f"{path} holds log-odds by epoch that are not finite")
    return KeptEpochs(epochs, centers, halves)


def _check_shapes(arrays: Mapping[str, NDArray[np.generic]], n_rows: int, path: Path) -> None:
    epoch, centers, logits = (arrays[name] for name in _COLUMNS)
    is_whole = epoch.ndim == 1 and epoch.size > 0 and centers.shape == epoch.shape
    if not is_whole or logits.shape != (epoch.size, n_rows):
        raise InputError(
            f"{path}: the log-odds by epoch have shape {logits.shape}, with {epoch.shape} epochs "
            f"and {centers.shape} centers; expected (E, {n_rows}), (E,) and (E,)"
        )
    if logits.dtype.itemsize != _HALF_BYTES:
        raise InputError(f"{path}: the log-odds by epoch are {logits.dtype}, expected float16")
