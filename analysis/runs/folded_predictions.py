"""What the fits of one trial and seed predicted, one fit a fold: an estimate over all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

import numpy as np

from analysis.runs.predictions import HasPlace, Predictions, describe_few
from analysis.runs.whole import take_whole
from analysis.statistics.metrics.folds import pool_folds
from analysis.statistics.metrics.metric import MetricEstimate
from trial_sets.task import Metric


@dataclass(frozen=True, eq=False)
class FoldedPredictions:
    """Predictions of several folds, in place of `Predictions` of one validation period.

    Attributes
    ----------
    folds : tuple of Predictions
        Of consecutive periods, in time order, or of parts of rows without time; pairs of rows
        count inside one of them only.
    test_to_train : float or None
        Of rows without time, whose folds train on each other's validation rows: a fold's
        validation rows over its training rows.
    """

    folds: tuple[Predictions, ...]
    test_to_train: float | None = None

    @property
    def flaw(self) -> str | None:
        """Why the folds do not give the metric and its error; None where they do."""
        if self._shares_rows:
            return "some rows validate in several folds"
        flaws = [fold.flaw for fold in self.folds if fold.flaw is not None]
        if flaws and self.metric.is_auc:
            return describe_few(self.n_positive, self.n_rows)
        return flaws[0] if flaws else None

    @cached_property
    def _shares_rows(self) -> bool:
        """Whether a row validates in several folds: it would count as if it were several."""
        return len(np.unique(np.concatenate([fold.rows for fold in self.folds]))) < self.n_rows

    @property
    def is_scorable(self) -> bool:
        """Whether the labels give the metric and its error in every fold."""
        return self.flaw is None

    @property
    def metric(self) -> Metric:
        """That they are scored by."""
        return self.folds[0].metric

    @property
    def n_positive(self) -> int:
        """The positive rows of all folds, of two classes."""
        return sum(fold.n_positive for fold in self.folds)

    @property
    def n_rows(self) -> int:
        """The rows of all folds."""
        return sum(fold.n_rows for fold in self.folds)

    @cached_property
    def place(self) -> tuple[str, ...]:
        """What tells these rows, labels and dates from others."""
        return tuple(digest for fold in self.folds for digest in fold.place)

    @cached_property
    def estimate(self) -> MetricEstimate:
        """The mean metric of the folds at their selected epochs; raises as that of one does."""
        return self._pool([fold.estimate for fold in self.folds])

    @cached_property
    def last(self) -> MetricEstimate | None:
        """The mean metric at the last epochs, where all their scores are known."""
        return self._pool_whole(fold.last for fold in self.folds)

    def cross_fit(self, horizon_rows: int | None) -> MetricEstimate | None:
        """Return the mean metric of epochs chosen on other rows of their fold."""
        return self._pool_whole(fold.cross_fit(horizon_rows) for fold in self.folds)

    def measure_level(self, horizon_rows: int | None) -> float | None:
        """Return the mean level without what the choice of the epochs has added."""
        levels = take_whole(fold.measure_level(horizon_rows) for fold in self.folds)
        return None if levels is None else fmean(levels)

    def covers_same_rows(self, other: HasPlace) -> bool:
        """Whether both speak of the same rows in the same folds, with the same labels and dates."""
        return self.place == other.place

    def _pool_whole(self, estimates: Iterable[MetricEstimate | None]) -> MetricEstimate | None:
        whole = take_whole(estimates)
        return None if whole is None else self._pool(whole)

    def _pool(self, estimates: Sequence[MetricEstimate]) -> MetricEstimate:
        return pool_folds(estimates, test_to_train=self.test_to_train)
