"""What a fit predicted after each epoch, as far as it is kept.

Axes: `E` epochs, `N` rows, `K` classes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trial_sets.errors import InputError

_EPOCH, _CENTER, _LOGIT, _VALUE = "epoch", "epoch_center", "epoch_logit", "epoch_value"
_HALVED = {_EPOCH: "iu", _CENTER: "f", _LOGIT: "f"}
_WHOLE = {_EPOCH: "iu", _VALUE: "f"}
_HALF, _SINGLE = np.dtype(np.float16), np.dtype(np.float32)


@dataclass(frozen=True, eq=False)
class KeptEpochs:
    """The scores of the epochs that were kept.

    Attributes
    ----------
    epochs : ndarray, shape (E,)
        Counted from 1, in order.
    scores : ndarray of float16 or float32, shape (E, N) or (E, N, K)
        In half precision, a quarter of the memory, log-odds less their center: their order is
        that of the rows, whatever the values are rounded to. In single precision the log-odds,
        logits or values themselves.
    centers : ndarray, shape (E,), or None
        What was taken off an epoch's log-odds; None where nothing was.
    """

    epochs: NDArray[np.int64]
    scores: NDArray[np.float16] | NDArray[np.float32]
    centers: NDArray[np.float64] | None = None

    def restore(self) -> "KeptEpochs":
        """Return the log-odds with their centers, for what goes by more than their order."""
        if self.centers is None:
            return self
        whole = self.scores.astype(np.float64) + self.centers[:, None]
        return KeptEpochs(self.epochs, whole.astype(np.float32))


def read_kept_epochs(
    arrays: Mapping[str, NDArray[np.generic]], shape: tuple[int, ...], path: Path
) -> KeptEpochs | None:
    """Return the scores by epoch among the arrays of ``predictions.npz``.

    Parameters
    ----------
    shape
        Of one epoch's scores: (N,) or (N, K).

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
    if not {*_HALVED, *_WHOLE} & arrays.keys():
        return None
    is_whole = _VALUE in arrays
    for name, kinds in (_WHOLE if is_whole else _HALVED).items():
        if name not in arrays or arrays[name].dtype.kind not in kinds:
            raise InputError(f"{path} has no usable column {name!r}")
    found = _read_values(arrays, shape, path) if is_whole else _read_halves(arrays, shape, path)
    if found.epochs[0] < 1 or not (found.epochs[1:] > found.epochs[:-1]).all():
        raise InputError(f"{path} holds epochs that do not grow, expected 1, 2, ...")
    centers = np.zeros(0) if found.centers is None else found.centers
    if not np.isfinite(centers).all() or not np.isfinite(found.scores).all():
        raise InputError(f"{path} holds {_name(shape, is_whole)} by epoch that are not finite")
    return found


def _name(shape: tuple[int, ...], is_whole: bool) -> str:
    """Say in a word what the scores are."""
    if not is_whole:
        return "log-odds"
    return "scores" if len(shape) == 1 else "logits"


def _read_values(
    arrays: Mapping[str, NDArray[np.generic]], shape: tuple[int, ...], path: Path
) -> KeptEpochs:
    epoch, values = arrays[_EPOCH], arrays[_VALUE]
    if epoch.ndim != 1 or epoch.size == 0 or values.shape != (epoch.size, *shape):
        expected = ", ".join(map(str, ("E", *shape)))
        raise InputError(
            f"{path}: the {_name(shape, True)} by epoch have shape {values.shape}, with "
            f"{epoch.shape} epochs; expected ({expected}) and (E,)"
        )
    if values.dtype.itemsize != _SINGLE.itemsize:
        raise InputError(
            f"{path}: the {_name(shape, True)} by epoch are {values.dtype}, expected float32"
        )
    return KeptEpochs(
        np.asarray(epoch, dtype=np.int64), np.asarray(values, dtype=_SINGLE.newbyteorder("="))
    )


def _read_halves(
    arrays: Mapping[str, NDArray[np.generic]], shape: tuple[int, ...], path: Path
) -> KeptEpochs:
    epoch, centers, logits = (arrays[name] for name in _HALVED)
    is_whole = epoch.ndim == 1 and epoch.size > 0 and centers.shape == epoch.shape
    if not is_whole or len(shape) != 1 or logits.shape != (epoch.size, *shape):
        raise InputError(
            f"{path}: the log-odds by epoch have shape {logits.shape}, with {epoch.shape} epochs "
            f"and {centers.shape} centers; expected (E, {shape[0]}), (E,) and (E,)"
        )
    if logits.dtype.itemsize != _HALF.itemsize:
        raise InputError(f"{path}: the log-odds by epoch are {logits.dtype}, expected float16")
    with np.errstate(over="ignore"):  # of more than double precision: it becomes infinite
        wide = np.asarray(centers, dtype=np.float64)
    halves = np.asarray(logits, dtype=np.float16)
    return KeptEpochs(np.asarray(epoch, dtype=np.int64), halves, wide)
