"""The predictions that a fit left: read with care, since a file may be torn or foreign."""

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.runs.archive import read_archive
from analysis.runs.kept_epochs import KeptEpochs, read_kept_epochs
from analysis.statistics.metrics.auc import estimate_auc
from analysis.statistics.metrics.metric import MetricEstimate
from trial_sets.errors import InputError
from trial_sets.opening import MIB, read_bytes

MAX_BYTES = 256 * MIB  # some five million rows
_COLUMNS = {"row": "iu", "date": "M", "label": "iub", "logit": "f"}


@dataclass(frozen=True, eq=False)
class Predictions:
    """What one fit predicted for the rows of one split, in time order.

    Attributes
    ----------
    rows, dates : ndarray, shape (N,)
        Which rows of the data they are.
    labels : ndarray of bool, shape (N,)
    logits : ndarray, shape (N,)
        At the selected epoch.
    last_logits : ndarray, shape (N,), or None
        At the last epoch.
    by_epoch : KeptEpochs or None
        At every epoch that was kept.
    """

    rows: NDArray[np.int64]
    dates: NDArray[np.datetime64]
    labels: NDArray[np.bool_]
    logits: NDArray[np.float64]
    last_logits: NDArray[np.float64] | None = None
    by_epoch: KeptEpochs | None = None

    @property
    def is_scorable(self) -> bool:
        """Whether both classes have the two rows that an AUC's error needs."""
        positives = int(self.labels.sum())
        return min(positives, self.labels.size - positives) >= 2

    @cached_property
    def auc(self) -> MetricEstimate:
        """The AUC at the selected epoch, ``values`` ().

        Raises
        ------
        ValueError
            If a class has fewer than two rows.
        """
        return self._sum_dates(estimate_auc(self.labels, self.logits))

    @cached_property
    def last_auc(self) -> MetricEstimate | None:
        """The AUC at the last epoch, where its logits are known; raises as `auc` does."""
        if self.last_logits is None:
            return None
        return self._sum_dates(estimate_auc(self.labels, self.last_logits))

    @property
    def epochs(self) -> NDArray[np.int64] | None:
        """The epochs that were kept, shape (E,), in order; None where none were."""
        return None if self.by_epoch is None else self.by_epoch.epochs

    @property
    def epoch_logits(self) -> NDArray[np.float64] | None:
        """The log-odds at these epochs, shape (E, N), made anew each time."""
        return None if self.by_epoch is None else self.by_epoch.logits

    def score_epoch(self, epoch: int) -> float | None:
        """Return the AUC at an epoch, where it was kept; raises as `auc` does."""
        if self.by_epoch is None or epoch not in self.by_epoch.epochs:
            return None
        place = int(np.searchsorted(self.by_epoch.epochs, epoch))
        return float(estimate_auc(self.labels, self.by_epoch.halves[place]).values)

    def _sum_dates(self, estimate: MetricEstimate) -> MetricEstimate:
        """Sum the influences of rows of one date, where several have one."""
        changes = np.flatnonzero(self.dates[1:] != self.dates[:-1]) + 1
        if len(changes) == self.dates.size - 1 or np.isnat(self.dates).any():
            return estimate
        return estimate.sum_within(np.concatenate([[0], changes]))

    def covers_same_rows(self, other: "Predictions") -> bool:
        """Whether both speak of the same rows, with the same labels and dates."""
        is_same = np.array_equal(self.rows, other.rows) and np.array_equal(
            self.labels, other.labels
        )
        return is_same and np.array_equal(self.dates, other.dates, equal_nan=True)


def read_predictions(path: Path, sha256: str, *, prefix: str = "") -> Predictions:
    """Read one split's predictions.

    Parameters
    ----------
    path
        ``predictions.npz``; nothing in it is unpickled.
    sha256
        What the record says that the file's SHA-256 is.
    prefix
        ``test_`` for the test period.

    Raises
    ------
    InputError
        When the file is missing, is not the one that the record speaks of, or lacks a column.
    """
    content = read_bytes(path, MAX_BYTES)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise InputError(f"{path} is not the file that record.json speaks of (SHA-256 differs)")
    try:
        arrays = read_archive(content, prefix)
    except ValueError as error:
        raise InputError(f"{path} is not an archive of plain arrays: {error}") from None
    named = {n.removeprefix(prefix): a for n, a in arrays.items()}
    found = _check_columns(named, path)
    if prefix:
        return found
    return replace(found, by_epoch=read_kept_epochs(named, found.rows.size, path))


def _check_columns(arrays: dict[str, NDArray[np.generic]], path: Path) -> Predictions:
    lengths = set()
    for name, kinds in _COLUMNS.items():
        column = arrays.get(name)
        if column is None or column.ndim != 1 or column.dtype.kind not in kinds:
            raise InputError(f"{path} has no usable column {name!r}")
        lengths.add(column.size)
    last = arrays.get("logit_last")
    if len(lengths) != 1 or (last is not None and last.shape != arrays["logit"].shape):
        raise InputError(f"{path} holds columns of different lengths")
    with np.errstate(over="ignore"):  # of more than double precision: it becomes infinite
        logits = np.asarray(arrays["logit"], dtype=np.float64)
    labels = np.asarray(arrays["label"])
    if not np.isfinite(logits).all() or not np.isin(labels, (0, 1)).all():
        raise InputError(f"{path} holds logits that are not finite or labels other than 0 and 1")
    return Predictions(
        rows=np.asarray(arrays["row"], dtype=np.int64),
        dates=np.asarray(arrays["date"]),
        labels=labels.astype(bool),
        logits=logits,
        last_logits=_finite_or_none(last),
    )


def _finite_or_none(logits: NDArray[np.generic] | None) -> NDArray[np.float64] | None:
    if logits is None or logits.dtype.kind != "f":
        return None
    with np.errstate(over="ignore"):
        values = np.asarray(logits, dtype=np.float64)
    return values if np.isfinite(values).all() else None
