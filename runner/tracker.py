"""How far a batch is, and when it will end."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from runner.events import EpochEnded, Event, FitElsewhere, FitEnded, FitStarted
from runner.fit import Fit


@dataclass(slots=True)
class FitProgress:
    """What is known of one fit."""

    fit: Fit
    cost: float  # of one epoch, in any unit that fits share
    state: Literal["waiting", "elsewhere", "running", "complete", "failed"] = "waiting"
    device: str = ""
    started: float = 0.0  # by the tracker's clock
    epoch: int = 0
    val_auc: float | None = None
    best_auc: float | None = None

    def epochs_left(self, share: float) -> float:
        """Return how many epochs this fit will probably still train, if it needs such a share."""
        if self.state in {"complete", "failed"}:
            return 0.0
        most = self.fit.configuration.epochs
        return max(share * most - self.epoch, 1.0 if self.epoch < most else 0.0)


@dataclass(slots=True)
class Tracker:
    """Collects a batch's events; safe to read from another thread.

    The time left is the work left over the rate so far. Fits that ended early teach how many
    epochs the others will need: until the first has ended, all of them are expected.
    """

    fits: Sequence[Fit]
    epoch_costs: Sequence[float]
    clock: Callable[[], float] = time.monotonic
    rows: dict[Fit, FitProgress] = field(init=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    _started: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        pairs = zip(self.fits, self.epoch_costs, strict=True)
        self.rows = {fit: FitProgress(fit, cost) for fit, cost in pairs}

    def __call__(self, event: Event) -> None:
        """Take in what the queue reports."""
        with self._lock:
            row = self.rows[event.fit]
            match event:
                case FitStarted(device=device):
                    self._started = self._started or self.clock()
                    row.state, row.device, row.epoch = "running", device, 0
                    row.started = self.clock()
                    row.val_auc = row.best_auc = None
                case EpochEnded(point=point):
                    row.epoch, row.val_auc = point.epoch, point.val_auc
                    known = [a for a in (row.best_auc, point.val_auc) if a is not None]
                    row.best_auc = max(known, default=None)
                case FitElsewhere():
                    row.state = "elsewhere"
                case FitEnded(record=record):
                    row.state = record.status
                    if record.status == "complete" and not row.epoch:
                        row.epoch = row.fit.configuration.epochs  # it reported none
                    row.best_auc = record.metrics.get("val_auc", row.best_auc)

    def count(self, state: str) -> int:
        """Return how many fits are in a state."""
        return sum(row.state == state for row in self.rows.values())

    @property
    def ended(self) -> int:
        """How many fits have a record."""
        return self.count("complete") + self.count("failed")

    def elapsed_s(self) -> float:
        """Return the seconds since the first fit began."""
        return 0.0 if self._started is None else self.clock() - self._started

    def left_s(self) -> float | None:
        """Return the estimated seconds until the batch ends, or None before any epoch ended."""
        with self._lock:
            rows = self.rows.values()
            done = sum(row.cost * row.epoch for row in rows)
            if not done:
                return None
            share = self._share_needed()
            left = sum(row.cost * row.epochs_left(share) for row in rows)
            return left * self.elapsed_s() / done

    def fit_left_s(self, fit: Fit) -> float | None:
        """Return the estimated seconds until a running fit ends, or None when it is not known."""
        with self._lock:
            row = self.rows[fit]
            if row.state != "running" or not row.epoch:
                return None
            return row.epochs_left(self._share_needed()) * (self.clock() - row.started) / row.epoch

    def _share_needed(self) -> float:
        """Return the mean share of their epochs that the ended fits have needed."""
        ended = [r for r in self.rows.values() if r.state == "complete" and r.epoch]
        if not ended:
            return 1.0
        return sum(r.epoch / r.fit.configuration.epochs for r in ended) / len(ended)
