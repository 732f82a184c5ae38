"""What a fit predicted for the validation rows after each epoch, as far as it is kept.

The same as `models.training.history` keeps, in the same bits, without our packages.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

MOST_BYTES = 50_000_000  # of one fit's scores by epoch
_LARGEST = float(np.finfo(np.float16).max)
_LAST_PLACE = 0x7BFF  # of `_LARGEST` among the numbers of half precision, with 0 in place 0
_SIGN = 0x8000
_FARTHEST = float(2**24)  # a center up to here and any half add up exactly in double precision
_MOST_APART = 4096  # different values: among more of them no tie counts


class ScoreHistory:
    """Collects one fit's scores by epoch, so that they come to no more than are kept.

    Parameters
    ----------
    n_epochs
        That the fit may take, None where nobody knows. Where so many would come to too much, every
        n-th is kept, and the selected and the last one.
    n_values
        Numbers an epoch: rows, or rows times classes.
    in_halves
        Whether log-odds are kept in half precision, for their order alone; else scores are kept in
        single precision.
    """

    def __init__(self, n_epochs: int | None, n_values: int, *, in_halves: bool) -> None:
        self._most = max(2, MOST_BYTES // ((2 if in_halves else 4) * max(1, n_values)))
        self._n_epochs = self._most if n_epochs is None else n_epochs
        few = self._n_epochs <= self._most
        self._step = 1 if few else self._n_epochs // (self._most - 1) + 1
        self._in_halves = in_halves
        self._regular: dict[int, Any] = {}
        self._selected: dict[int, Any] = {}
        self._last: dict[int, Any] = {}

    def add(self, epoch: int, scores: Any, *, is_selected: bool) -> None:  # noqa: ANN401
        """Take the scores of the next epoch; says whether it is the best so far."""
        kept = halve(scores) if self._in_halves else (0.0, scores.astype(np.float32))
        self._last = {epoch: kept}
        if is_selected:
            self._selected = self._last
        if epoch % self._step == 0:
            self._regular.update(self._last)
        while epoch > self._n_epochs and len(self._regular) > self._most - 2:
            self._regular.popitem()  # it takes more epochs than it was to

    def gather(self) -> dict[str, dict[str, str]]:
        """Return what is kept, as it is sent; nothing before the first epoch."""
        kept = sorted({**self._regular, **self._selected, **self._last}.items())
        if not kept:
            return {}
        epochs = _encode([epoch for epoch, _ in kept], "<i4")
        arrays = np.stack([array for _, (_, array) in kept])
        if not self._in_halves:
            return {"epoch_values": {"epochs": epochs, "values": _encode(arrays, "<f4")}}
        centers = _encode([center for _, (center, _) in kept], "<f4")
        sent = {"epochs": epochs, "centers": centers, "halves": _encode(arrays, "<f2")}
        return {"epoch_logits": sent}


def halve(logits: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """Return the median of log-odds (N,), and the log-odds less it in half precision.

    Up to 4,096 different values are kept apart, as `models.epoch_logits.halve_logits` says.
    """
    center = np.float32(np.clip(np.median(logits), -_FARTHEST, _FARTHEST))
    values, place = np.unique(logits, return_inverse=True)
    halves = np.clip(values - center, -_LARGEST, _LARGEST).astype(np.float16)
    if len(values) <= _MOST_APART:
        halves = _keep_apart(halves)
    return center, halves[place]


def _keep_apart(rising: Any) -> Any:  # noqa: ANN401
    """Make rising numbers rise strictly, each by as few places as it takes."""
    bits = rising.view(np.uint16).astype(np.int64)
    places = np.where(bits & _SIGN, -(bits & ~_SIGN), bits)  # in the order of the numbers
    step = np.arange(len(places))
    places = np.maximum.accumulate(places - step) + step
    places = np.minimum(places, _LAST_PLACE - step[::-1])
    bits = np.where(places < 0, -places | _SIGN, places)
    return bits.astype(np.uint16).view(np.float16)


def _encode(array: Any, kind: str) -> str:  # noqa: ANN401
    return base64.b64encode(np.asarray(array).astype(kind).tobytes()).decode("ascii")
