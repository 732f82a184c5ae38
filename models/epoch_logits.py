"""The validation scores of every epoch, so that it can be chosen on some rows and scored on others.

Log-odds that are judged by their order, as by an AUC, are kept in half precision; other scores in
single precision. Axes: `E` epochs, `N` rows, `K` classes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

MOST_BYTES = 50_000_000  # of one fit's scores by epoch

_LARGEST = float(np.finfo(np.float16).max)
_LAST_PLACE = 0x7BFF  # of `_LARGEST` among the numbers of half precision, with 0 in place 0
_SIGN = 0x8000
_FARTHEST = float(2**24)  # a center up to here and any half add up exactly in double precision
_MOST_APART = 4096  # different values: among more of them no tie counts


@dataclass(frozen=True, eq=False, slots=True)
class EpochLogits:
    """The validation log-odds of a fit's epochs, each less its center."""

    epochs: NDArray[np.int32]
    """Shape (E,), counted from 1, in order."""
    centers: NDArray[np.float32]
    """Shape (E,); the median over the rows."""
    halves: NDArray[np.float16]
    """Shape (E, N)."""


@dataclass(frozen=True, eq=False, slots=True)
class EpochValues:
    """The validation scores of a fit's epochs: log-odds, logits or values in the label's units."""

    epochs: NDArray[np.int32]
    """Shape (E,), counted from 1, in order."""
    values: NDArray[np.float32]
    """Shape (E, N), or (E, N, K)."""


def halve_logits(logits: ArrayLike) -> tuple[np.float32, NDArray[np.float16]]:
    """Return the median of log-odds, and the log-odds less it in half precision.

    Half precision holds about three digits, and nothing finer than 6e-8, so that rounding alone
    would tie rows: among 40 positive and 40 negative ones a tie moves the AUC by 3e-4. Up to 4,096
    different values are therefore kept apart: one that would be rounded to the same number as the
    value below it becomes the next larger number. The AUC of what is returned is then that of the
    log-odds. With more values a tied pair is one of millions, and they are rounded to the nearest.

    Parameters
    ----------
    logits : array_like, shape (N,)
        Finite, and no larger than single precision holds.

    Returns
    -------
    float32, and array of float16, shape (N,)
    """
    exact = np.asarray(logits, dtype=np.float64)
    center = np.float32(np.clip(np.median(exact), -_FARTHEST, _FARTHEST))
    values, place = np.unique(exact, return_inverse=True)
    halves = np.clip(values - center, -_LARGEST, _LARGEST).astype(np.float16)
    if len(values) <= _MOST_APART:
        halves = _keep_apart(halves)
    return center, halves[place]


def choose_step(n_epochs: int, n_rows: int, bytes_a_row: int = 2) -> int:
    """Return n such that every n-th epoch, the selected and the last one come to `MOST_BYTES`.

    It is the smallest, 1 where all epochs do; where not even three do, none but those two are kept.
    """
    most = count_most(n_rows, bytes_a_row)
    return 1 if n_epochs <= most else n_epochs // (most - 1) + 1


def count_most(n_rows: int, bytes_a_row: int = 2) -> int:
    """Return of how many epochs the scores are kept at most: two always are."""
    return max(2, MOST_BYTES // (bytes_a_row * n_rows))


def _keep_apart(rising: NDArray[np.float16]) -> NDArray[np.float16]:
    """Make rising numbers rise strictly, each by as few places as it takes."""
    bits = rising.view(np.uint16).astype(np.int64)
    places = np.where(bits & _SIGN, -(bits & ~_SIGN), bits)  # in the order of the numbers
    step = np.arange(len(places))
    places = np.maximum.accumulate(places - step) + step
    places = np.minimum(places, _LAST_PLACE - step[::-1])
    bits = np.where(places < 0, -places | _SIGN, places)
    return bits.astype(np.uint16).view(np.float16)
