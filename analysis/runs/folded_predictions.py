"""What the fits of one trial and seed predicted, one fit a fold: an estimate over all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

from analysis.runs.predictions import HasPlace, Predictions
from analysis.runs.whole import take_whole
from analysis.statistics.metrics.folds import pool_folds
from analysis.statistics.metrics.metric import MetricEstimate


@dataclass(frozen=True, eq=False)
class FoldedPredictions:
    """Predictions of several folds, in place of `Predictions` of one validation period.

    Attributes
    ----------
    folds : tuple of Predictions
        Of consecutive periods, in time order; pairs of rows count inside one of them only.
    """

    folds: tuple[Predictions, ...]

    @property
    def is_scorable(self) -> bool:
        """Whether both classes have the two rows in every fold that an AUC's error needs."""
        return all(fold.is_scorable for fold in self.folds)

    @property
    def n_positive(self) -> int:
        """The positive rows of all folds."""
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
    def auc(self) -> MetricEstimate:
        """The mean AUC of the folds at their selected epochs; raises as that of one does."""
        return pool_folds([fold.auc for fold in self.folds])

    @cached_property
    def last_auc(self) -> MetricEstimate | None:
        """The mean AUC at the last epochs, where all their logits are known."""
        return _pool_whole(fold.last_auc for fold in self.folds)

    def cross_fit(self, horizon_rows: int) -> MetricEstimate | None:
        """Return the mean AUC of epochs chosen on other rows of their fold, as that of one does."""
        return _pool_whole(fold.cross_fit(horizon_rows) for fold in self.folds)

    def measure_level(self, horizon_rows: int) -> float | None:
        """Return the mean level without what the choice of the epochs has added."""
        levels = take_whole(fold.measure_level(horizon_rows) for fold in self.folds)
        return None if levels is None else fmean(levels)

    def covers_same_rows(self, other: HasPlace) -> bool:
        """Whether both speak of the same rows in the same folds, with the same labels and dates."""
        return self.place == other.place


def _pool_whole(estimates: Iterable[MetricEstimate | None]) -> MetricEstimate | None:
    whole = take_whole(estimates)
    return None if whole is None else pool_folds(whole)
