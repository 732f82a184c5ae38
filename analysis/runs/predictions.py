"""The predictions that a fit left: read with care, since a file may be torn or foreign.

Axes: `E` epochs, `N` rows, `K` classes.
"""

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from analysis.runs.archive import read_archive
from analysis.runs.kept_epochs import KeptEpochs, read_kept_epochs
from analysis.runs.prediction_columns import check_columns
from analysis.statistics.metrics.cross_fit import cross_fit_metric
from analysis.statistics.metrics.estimators import estimate_metric, explain_unusable
from analysis.statistics.metrics.metric import MetricEstimate
from analysis.statistics.metrics.selected_level import estimate_selected_level
from trial_sets.errors import InputError
from trial_sets.opening import MIB, read_bytes
from trial_sets.task import AUC, Metric, Task

MAX_BYTES = 256 * MIB  # some five million rows
_BY_ORDER = frozenset({"auc", "average_precision"})  # metrics of nothing but the rows' order
_CLASSES = "classes"  # of both splits alike


class HasPlace(Protocol):
    """What says which rows it speaks of."""

    @property
    def place(self) -> tuple[str, ...]:
        """What tells these rows, labels and dates from others."""


@dataclass(frozen=True, eq=False)
class Predictions:
    """What one fit predicted for the rows of one split, in time order where they have one.

    Estimates are such that more is better: losses have their sign turned.

    Attributes
    ----------
    rows, dates : ndarray, shape (N,)
        Which rows of the data they are; NaT where rows have no time.
    labels : ndarray, shape (N,)
        Whether each is positive; the number of its class; or its number.
    scores : ndarray, shape (N,) or (N, K)
        Log-odds, logits or predicted values, at the selected epoch.
    last_scores : ndarray or None
        At the last epoch.
    by_epoch : KeptEpochs or None
        At every epoch that was kept.
    is_without_choice : bool
        Whether no epoch was chosen, as of a baseline.
    metric : Metric
        That they are scored by.
    groups : ndarray, shape (N,), or None
        Which rows belong together, where rows have no time.
    classes : tuple of str
        The names of K classes; none of two, and of numbers.
    """

    rows: NDArray[np.int64]
    dates: NDArray[np.datetime64]
    labels: NDArray[Any]
    scores: NDArray[np.float64]
    last_scores: NDArray[np.float64] | None = None
    by_epoch: KeptEpochs | None = None
    is_without_choice: bool = False
    metric: Metric = AUC
    groups: NDArray[np.int64] | None = None
    classes: tuple[str, ...] = ()

    @property
    def n_positive(self) -> int:
        """The positive rows, of two classes."""
        return int(self.labels.sum())

    @property
    def n_rows(self) -> int:
        """The rows, N."""
        return int(self.labels.size)

    @cached_property
    def flaw(self) -> str | None:
        """Why the labels do not give the metric and its error; None where they do."""
        n_classes = len(self.classes) or None
        if n_classes == self.n_rows:
            return f"{self.n_rows} rows of as many classes"
        reason = explain_unusable(self.metric.name, self.labels, n_classes)
        if reason is None or not self.metric.is_auc:
            return None if reason is None else f"{self.metric.title} has no error here: {reason}"
        return describe_few(self.n_positive, self.n_rows)

    @property
    def is_scorable(self) -> bool:
        """Whether the labels give the metric and its error."""
        return self.flaw is None

    @cached_property
    def place(self) -> tuple[str, ...]:
        """What tells these rows, labels and dates from others: a digest."""
        parts = [self.rows, self.labels, self.dates.astype("datetime64[ns]")]
        parts += [] if self.groups is None else [self.groups]
        digest = hashlib.sha256(b"".join(part.tobytes() for part in parts))
        digest.update("\n".join(self.classes).encode(errors="replace"))
        return (digest.hexdigest(),)

    @cached_property
    def estimate(self) -> MetricEstimate:
        """The metric at the selected epoch, ``values`` ().

        Raises
        ------
        ValueError
            If the labels do not give it; see `flaw`.
        """
        return self._estimate(self.scores)

    @cached_property
    def last(self) -> MetricEstimate | None:
        """The metric at the last epoch, where its scores are known; raises as `estimate` does."""
        return None if self.last_scores is None else self._estimate(self.last_scores)

    @property
    def epochs(self) -> NDArray[np.int64] | None:
        """The epochs that were kept, shape (E,), in order; None where none were."""
        return None if self.by_epoch is None else self.by_epoch.epochs

    def score_epoch(self, epoch: int) -> float | None:
        """Return the metric at an epoch, as records hold it; raises as `estimate` does.

        None where the epoch was not kept.
        """
        if self.by_epoch is None or epoch not in self.by_epoch.epochs:
            return None
        candidates = self._candidates
        assert candidates is not None
        at = int(np.searchsorted(self.by_epoch.epochs, epoch))
        found = estimate_metric(self.metric.name, self.labels, candidates[at])
        return self.metric.sign * float(found.values)

    def cross_fit(self, horizon_rows: int | None) -> MetricEstimate | None:
        """Return the metric at an epoch that is chosen on other rows than it is scored on.

        None where the scores by epoch are not known, or a half of the rows does not give it.
        """
        if horizon_rows not in self._cross_fits:
            self._cross_fits[horizon_rows] = self._cross_fit(horizon_rows)
        return self._cross_fits[horizon_rows]

    def _cross_fit(self, horizon_rows: int | None) -> MetricEstimate | None:
        if self._candidates is None:
            return None
        return cross_fit_metric(
            self.metric.name,
            self.labels,
            self._candidates,
            horizon_rows=horizon_rows,
            starts=self._date_starts,
            groups=self.groups,
        )

    @cached_property
    def _cross_fits(self) -> dict[int | None, MetricEstimate | None]:
        return {}

    def measure_level(self, horizon_rows: int | None) -> float | None:
        """Return the metric without what the choice of the epoch has added; None if unknown.

        More is better, as of `estimate`.
        """
        if self._candidates is None:
            return None
        level = estimate_selected_level(
            self.metric.name,
            self.labels,
            self._candidates,
            horizon_rows=horizon_rows,
            starts=self._date_starts,
            groups=self.groups,
        )
        return None if level is None else float(level)

    @cached_property
    def _candidates(self) -> NDArray[np.floating] | None:
        """The scores of every epoch that could be chosen, (E, N) or (E, N, K)."""
        if self.is_without_choice:
            return self.scores[None]
        if self.by_epoch is None:
            return None
        by_order = self.metric.name in _BY_ORDER
        return (self.by_epoch if by_order else self.by_epoch.restore()).scores

    @cached_property
    def _date_starts(self) -> NDArray[np.intp] | None:
        """Where each date begins, where several rows have one; None where none is shared."""
        changes = np.flatnonzero(self.dates[1:] != self.dates[:-1]) + 1
        if len(changes) == self.dates.size - 1 or np.isnat(self.dates).any():
            return None
        return np.concatenate([[0], changes])

    def _estimate(self, scores: NDArray[np.float64]) -> MetricEstimate:
        """Estimate the metric, with the influences of rows that belong together summed."""
        found = estimate_metric(self.metric.name, self.labels, scores)
        if self.groups is not None:
            return found.sum_by(self.groups)
        return found if self._date_starts is None else found.sum_within(self._date_starts)

    def covers_same_rows(self, other: "HasPlace") -> bool:
        """Whether both speak of the same rows, with the same labels and dates."""
        return self.place == other.place


def describe_few(n_positive: int, n_rows: int) -> str:
    """Say that an AUC needs more rows of a class."""
    negative = n_rows - n_positive
    return f"{n_positive} positive and {negative} negative rows: an AUC's error needs two of each"


def read_predictions(
    path: Path, sha256: str, *, prefix: str = "", task: Task = "binary", metric: Metric = AUC
) -> Predictions:
    """Read one split's predictions.

    Parameters
    ----------
    path
        ``predictions.npz``; nothing in it is unpickled.
    sha256
        What the record says that the file's SHA-256 is.
    prefix
        ``test_`` for the test period.
    task, metric
        The study's.

    Raises
    ------
    InputError
        When the file is missing, is not the one that the record speaks of, or lacks a column.
    """
    content = read_bytes(path, MAX_BYTES)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise InputError(f"{path} is not the file that record.json speaks of (SHA-256 differs)")
    try:
        arrays = read_archive(content, (prefix, _CLASSES))
    except ValueError as error:
        raise InputError(f"{path} is not an archive of plain arrays: {error}") from None
    named = {n.removeprefix(prefix): a for n, a in arrays.items()}
    columns = check_columns(named, task, path)
    found = Predictions(**vars(columns), metric=metric)
    if prefix:
        return found
    return replace(found, by_epoch=read_kept_epochs(named, found.scores.shape, path))
