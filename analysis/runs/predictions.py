"""The predictions that a fit left: read with care, since a file may be torn or foreign."""

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analysis.runs.archive import read_archive
from analysis.runs.kept_epochs import KeptEpochs, read_kept_epochs
from analysis.statistics.metrics.auc import estimate_auc
from analysis.statistics.metrics.cross_fit import cross_fit_auc
from analysis.statistics.metrics.metric import MetricEstimate
from analysis.statistics.metrics.selected_auc import estimate_selected_auc
from trial_sets.errors import InputError
from trial_sets.opening import MIB, read_bytes

MAX_BYTES = 256 * MIB  # some five million rows
_COLUMNS = {"row": "iu", "date": "M", "label": "iub", "logit": "f"}


class HasPlace(Protocol):
    """What says which rows it speaks of."""

    @property
    def place(self) -> tuple[str, ...]:
        """What tells these rows, labels and dates from others."""


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
    is_without_choice : bool
        Whether no epoch was chosen, as of a baseline.
    """

    rows: NDArray[np.int64]
    dates: NDArray[np.datetime64]
    labels: NDArray[np.bool_]
    logits: NDArray[np.float64]
    last_logits: NDArray[np.float64] | None = None
    by_epoch: KeptEpochs | None = None
    is_without_choice: bool = False

    @property
    def n_positive(self) -> int:
        """The positive rows."""
        return int(self.labels.sum())

    @property
    def n_rows(self) -> int:
        """The rows, N."""
        return int(self.labels.size)

    @property
    def is_scorable(self) -> bool:
        """Whether both classes have the two rows that an AUC's error needs."""
        return min(self.n_positive, self.n_rows - self.n_positive) >= 2

    @cached_property
    def place(self) -> tuple[str, ...]:
        """What tells these rows, labels and dates from others: a digest."""
        parts = (self.rows, self.labels, self.dates.astype("datetime64[ns]"))
        return (hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest(),)

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

    def score_epoch(self, epoch: int) -> float | None:
        """Return the AUC at an epoch, where it was kept; raises as `auc` does."""
        if self.by_epoch is None or epoch not in self.by_epoch.epochs:
            return None
        place = int(np.searchsorted(self.by_epoch.epochs, epoch))
        return float(estimate_auc(self.labels, self.by_epoch.halves[place]).values)

    def cross_fit(self, horizon_rows: int) -> MetricEstimate | None:
        """Return the AUC of an epoch that is chosen on other rows than it is scored on.

        None where the scores by epoch are not known, or a half of the rows lacks a class.
        """
        if horizon_rows not in self._cross_fits:
            scores = self._list_candidates()
            self._cross_fits[horizon_rows] = (
                None
                if scores is None
                else cross_fit_auc(
                    self.labels, scores, horizon_rows=horizon_rows, starts=self._date_starts
                )
            )
        return self._cross_fits[horizon_rows]

    @cached_property
    def _cross_fits(self) -> dict[int, MetricEstimate | None]:
        return {}

    def measure_level(self, horizon_rows: int) -> float | None:
        """Return the AUC without what the choice of the epoch has added; None where unknown."""
        scores = self._list_candidates()
        if scores is None:
            return None
        level = estimate_selected_auc(
            self.labels, scores, horizon_rows=horizon_rows, starts=self._date_starts
        )
        return None if level is None else float(level)

    def _list_candidates(self) -> NDArray[np.floating] | None:
        """Return the scores of every epoch that could be chosen, shape (E, N)."""
        if self.is_without_choice:
            return self.logits[None]
        return None if self.by_epoch is None else self.by_epoch.halves

    @cached_property
    def _date_starts(self) -> NDArray[np.intp] | None:
        """Where each date begins, where several rows have one; None where none is shared."""
        changes = np.flatnonzero(self.dates[1:] != self.dates[:-1]) + 1
        if len(changes) == self.dates.size - 1 or np.isnat(self.dates).any():
            return None
        return np.concatenate([[0], changes])

    def _sum_dates(self, estimate: MetricEstimate) -> MetricEstimate:
        """Sum the influences of rows of one date, where several have one."""
        starts = self._date_starts
        return estimate if starts is None else estimate.sum_within(starts)

    def covers_same_rows(self, other: "HasPlace") -> bool:
        """Whether both speak of the same rows, with the same labels and dates."""
        return self.place == other.place


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
