"""How far a batch is, and when it will end."""

import threading
import time
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import ClassVar, Literal

from runner.batch.events import (
    EpochEnded,
    Event,
    FitElsewhere,
    FitEnded,
    FitEvent,
    FitStarted,
    SlotLost,
)
from runner.planning.fit import Fit
from trial_sets.configuration import OptionValue
from trial_sets.task import AUC, Metric

ENDED = frozenset({"complete", "failed", "pruned"})  # states


@dataclass(slots=True)
class FitProgress:
    """What is known of one fit."""

    fit: Fit
    cost: float  # of one epoch, in any unit that fits share
    state: Literal["waiting", "elsewhere", "running", "complete", "failed", "pruned"] = "waiting"
    device: str = ""
    started: float = 0.0  # by the tracker's clock
    epoch: int = 0
    val_metric: float | None = None  # the study's, of the last epoch
    best: float | None = None  # of its epochs
    number: int = 0  # in the order of the batch

    @property
    def most(self) -> int:
        """The epochs that it trains at most; where they are not known one, the whole fit."""
        return self.fit.configuration.epochs or 1

    @property
    def trained(self) -> int:
        """How many of those it has trained."""
        if self.fit.configuration.epochs:
            return self.epoch
        return int(self.state in {"complete", "pruned"})

    def epochs_left(self, share: float) -> float:
        """Return how many epochs this fit will probably still train, if it needs such a share."""
        if self.state in ENDED:
            return 0.0
        return _epochs_left(self.most, self.trained, share)


def _epochs_left(most: int, epoch: int, share: float) -> float:
    return max(share * most - epoch, 1.0 if epoch < most else 0.0)


@dataclass(frozen=True, slots=True)
class BestTrial:
    """The trial of the best score so far."""

    name: str
    score: float
    values: Mapping[str, OptionValue]  # that tell it from the others


@dataclass(slots=True)
class Totals:
    """Sums over a batch's fits, kept up with each event: a look at a large batch costs no more."""

    waiting: Counter[tuple[int, float]] = field(default_factory=Counter)  # by epochs and their cost
    by_state: Counter[str] = field(default_factory=Counter)
    groups: defaultdict[str, OrderedDict[int, FitProgress]] = field(
        default_factory=lambda: defaultdict(OrderedDict)  # by number, in the order of their coming
    )
    n_ended: int = 0
    work_ended: float = 0.0
    n_taught: int = 0  # fits with a result, which teach what share of its epochs a fit needs
    shares: float = 0.0  # that they needed, in sum

    def count(self, row: FitProgress, sign: int) -> None:
        """Add a fit as it stands (1), or take away what it was before (-1)."""
        group = self.groups["ended" if row.state in ENDED else row.state]
        if sign > 0:
            group[row.number] = row
        else:
            del group[row.number]
        self.by_state[row.state] += sign
        if row.state in ENDED:
            self.n_ended += sign
            self.work_ended += sign * row.cost * row.trained
            if row.state != "failed" and row.trained:
                self.n_taught += sign
                self.shares += sign * row.trained / row.most
        elif row.state != "running":
            self.waiting[row.most, row.cost] += sign

    @property
    def begun(self) -> Mapping[int, FitProgress]:
        """The fits that run, by number."""
        return self.groups["running"]

    def work_done(self) -> float:
        """Return the cost of the epochs that were trained."""
        return self.work_ended + sum(row.cost * row.trained for row in self.begun.values())

    def work_left(self) -> float:
        """Return the cost of the epochs that will probably still be trained."""
        share = self.share_needed()
        waiting = sum(
            n * cost * _epochs_left(most, 0, share) for (most, cost), n in self.waiting.items()
        )
        return waiting + sum(row.cost * row.epochs_left(share) for row in self.begun.values())

    def share_needed(self) -> float:
        """Return the mean share of their epochs that fits with a result have needed."""
        return self.shares / self.n_taught if self.n_taught else 1.0


@dataclass(slots=True)
class Tracker:
    """Collects a batch's events; safe to read from another thread.

    The time left is the work left over the rate so far. Fits that ended early teach how many
    epochs the others will need: until the first has ended, all of them are expected.
    """

    noun: ClassVar[str] = "fits"
    fits: Sequence[Fit]
    epoch_costs: Sequence[float]
    clock: Callable[[], float] = time.monotonic
    metric: Metric = AUC  # the study's
    rope: float = 0.0  # by which so many digits are shown
    rows: dict[Fit, FitProgress] = field(init=False)
    _totals: Totals = field(init=False, default_factory=Totals)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    _started: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        pairs = zip(self.fits, self.epoch_costs, strict=True)
        self.rows = {
            fit: FitProgress(fit, cost, number=number) for number, (fit, cost) in enumerate(pairs)
        }
        for row in self.rows.values():
            self._totals.count(row, 1)

    def __call__(self, event: Event) -> None:
        """Take in what the queue reports."""
        if isinstance(event, SlotLost):
            return
        with self._lock:
            row = self._find_row(event.fit)
            self._totals.count(row, -1)
            self._update(row, event)
            self._totals.count(row, 1)

    def _find_row(self, fit: Fit) -> FitProgress:
        return self.rows[fit]

    def _update(self, row: FitProgress, event: FitEvent) -> None:
        match event:
            case FitStarted(device=device):
                self._started = self._started or self.clock()
                row.state, row.device, row.epoch = "running", device, 0
                row.started = self.clock()
                row.val_metric = row.best = None
            case EpochEnded(point=point):
                row.epoch, row.val_metric = point.epoch, point.val_metric
                known = [a for a in (row.best, point.val_metric) if a is not None]
                row.best = max(known, key=lambda value: self.metric.sign * value, default=None)
            case FitElsewhere():
                row.state = "elsewhere"
            case FitEnded(record=record):
                row.state = record.status
                if record.status == "complete" and not row.epoch:
                    row.epoch = row.fit.configuration.epochs or 0  # it reported none
                row.best = row.best if record.score is None else record.score

    def count(self, state: str) -> int:
        """Return how many fits are in a state."""
        return self._totals.by_state[state]

    def list_rows(self, most: int) -> list[FitProgress]:
        """Return what runs, the last fits that ended and the next that wait, in batch order.

        Parameters
        ----------
        most
            Fits of each other state.
        """
        with self._lock:
            groups = self._totals.groups
            ended = islice(reversed(groups["ended"].values()), most)
            others = (islice(groups[state].values(), most) for state in ("waiting", "elsewhere"))
            shown = [*self._totals.begun.values(), *ended, *chain(*others)]
        return sorted(shown, key=lambda row: row.number)

    @property
    def ended(self) -> int:
        """How many fits have a record."""
        return self._totals.n_ended

    @property
    def total(self) -> int | None:
        """How many fits there will be; None where nobody knows."""
        return len(self.rows)

    @property
    def best_trial(self) -> BestTrial | None:
        """The best trial so far, where that is of interest."""
        return None

    def describe_ended(self) -> tuple[str, ...]:
        """Say how the fits that have ended did so, where that is of interest."""
        return ()

    def elapsed_s(self) -> float:
        """Return the seconds since the first fit began."""
        return 0.0 if self._started is None else self.clock() - self._started

    def left_s(self) -> float | None:
        """Return the estimated seconds until the batch ends, or None before any epoch ended."""
        with self._lock:
            done = self._totals.work_done()
            return self._totals.work_left() * self.elapsed_s() / done if done else None

    def fit_left_s(self, fit: Fit) -> float | None:
        """Return the estimated seconds until a running fit ends, or None when it is not known."""
        with self._lock:
            row = self.rows[fit]
            if row.state != "running" or not row.trained:
                return None
            share = self._totals.share_needed()
            return row.epochs_left(share) * (self.clock() - row.started) / row.trained
