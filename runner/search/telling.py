"""Tells Optuna what becomes of the trials, and judges their epochs; then everyone else is told."""

import copy
import math
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from runner.batch.events import (
    EpochEnded,
    Event,
    FitEnded,
    FitEvent,
    FitStarted,
    Observer,
    SlotLost,
)
from runner.planning.fit import Fit
from runner.search.pruners import is_hopeless
from runner.search.storage import SearchStorage, using
from runner.search.trials import find_best
from runner.storage.outputs import RunFolder
from trial_sets.records.record import EpochPoint
from trial_sets.records.search_info import TRIAL_PREFIX, PrunerName
from trial_sets.task import SHARES, Metric

if TYPE_CHECKING:
    from optuna.pruners import BasePruner


@dataclass(slots=True)
class Teller:
    """Takes in what the fits of a search report; called from several threads."""

    storage: SearchStorage
    folder: RunFolder
    metric: Metric
    pruner_name: PrunerName
    pruner: "BasePruner | None"  # one of Optuna's, if it is one
    observe: Observer
    _curves: dict[int, dict[int, float]] = field(default_factory=dict)  # of this attempt
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, event: Event) -> None:
        """Tell the storage, then whoever watches."""
        if not isinstance(event, SlotLost):
            self._tell(event)
        self.observe(event)

    def _tell(self, event: FitEvent) -> None:
        number = read_number(event.fit)
        with using(self.folder.journal):
            match event:
                case FitStarted():
                    self._curves[number] = {}
                case EpochEnded(point=point):
                    self._report(number, point)
                case FitEnded(record=record):
                    self.storage.tell(number, record)
                    self._curves.pop(number, None)

    def judge(self, number: int, point: EpochPoint) -> bool:
        """Return whether a trial goes on after an epoch.

        One that runs again, since its record was lost, ends where it had ended.
        """
        if self.pruner_name == "none" or not _is_number(point.val_metric):
            return True
        known = self.storage.get_trial(number)
        if known.state.is_finished():
            return known.state.name != "PRUNED" or point.epoch < (known.last_step or 0)
        with self._lock, using(self.folder.journal):  # a pruner of Optuna's is no one's to share
            is_bad = self._is_hopeless(number, point.epoch)
            return not (is_bad if self.pruner_name == "guide" else self._is_pruned(number))

    def _report(self, number: int, point: EpochPoint) -> None:
        value = point.val_metric
        if value is not None and _is_number(value):
            self._curves[number][point.epoch] = value
            self.storage.report(number, point.epoch, value)

    def _is_hopeless(self, number: int, epoch: int) -> bool:
        """Return what the guide says of a trial."""
        if self.pruner_name != "guide":
            return False
        sign, curve = self.metric.sign, self._curves[number]
        best = find_best(self.storage.read_trials(), sign)
        return is_hopeless(
            epoch,
            sign * max(sign * value for value in curve.values()),
            None if best is None else best.score,
            sign,
            is_share=self.metric.name in SHARES,
        )

    def _is_pruned(self, number: int) -> bool:
        """Return what Optuna's pruner says, by what this attempt has shown, not one before it.

        The rungs of Hyperband that an attempt before has passed are not judged a second time.
        """
        assert self.pruner is not None
        trial = copy.copy(self.storage.get_trial(number))
        trial.intermediate_values = dict(self._curves[number])
        return bool(self.pruner.prune(self.storage.study, trial))


def read_number(fit: Fit) -> int:
    """Return the number of a search's trial from its fit."""
    return int(fit.name.removeprefix(TRIAL_PREFIX))


def _is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)
