"""How far a search is, and when it will end: its trials are known only as they begin."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from runner.batch.events import Event, FitEnded, FitEvent, FitRepeated
from runner.batch.tracker import BestTrial, FitProgress, Tracker
from runner.planning.fit import Fit
from trial_sets.configuration import AnyConfiguration, OptionValue
from trial_sets.space import SearchSpace


@dataclass(frozen=True, slots=True)
class TrialsElsewhere:
    """What is known of the trials of a search that this runner does not run."""

    ended: Counter[str]  # all of them that have ended, by state, those of before included
    begun: int  # by other runners since this one began
    running: int  # of those


@dataclass(slots=True)
class SearchTracker(Tracker):
    """Collects a search's events; safe to read from another thread.

    The work that a trial to come will be is the mean of those that have ended, so that failed,
    pruned and early stopped ones teach what it takes; before any has ended, that of those that
    run, with all their epochs. Of the trials to come other runners take the share that they have
    taken so far.
    """

    noun: ClassVar[str] = "trials"
    space: SearchSpace | None = None  # whose values are shown of the best
    most: int | None = None  # trials of the whole search, those of before included
    seconds: float | None = None  # after which no further trial begins, if that is said
    cost: Callable[[AnyConfiguration], float] = lambda _: 1.0  # of an epoch, in any shared unit
    before: Counter[str] = field(default_factory=Counter)  # trials that had ended, by state
    best: BestTrial | None = None  # of those, and then of all
    begun_elsewhere: int = 0
    running_elsewhere: int = 0

    def __call__(self, event: Event) -> None:
        """Take in what the search reports; a repeated trial ends at once, and no fit is run."""
        if isinstance(event, FitRepeated):
            with self._lock:
                self.before["repeated"] += 1
            return
        Tracker.__call__(self, event)  # super() knows no class with slots

    def see(self, trials: TrialsElsewhere) -> None:
        """Take in how far the other runners of the search are."""
        with self._lock:
            self.before = Counter(trials.ended)
            self.begun_elsewhere, self.running_elsewhere = trials.begun, trials.running

    @property
    def ended(self) -> int:
        """How many trials of the search have ended, those of before included."""
        return self.before.total() + self._totals.n_ended

    @property
    def total(self) -> int | None:
        """How many trials there will be; None where time alone ends the search."""
        return self.most

    def left_s(self) -> float | None:
        """Return the estimated seconds until the search ends, or None where nothing tells."""
        elapsed = self.elapsed_s()
        until = None if self.seconds is None else max(self.seconds - elapsed, 0.0)
        work = self._find_work_s(elapsed)
        known = [seconds for seconds in (until, work) if seconds is not None]
        return min(known, default=None)

    def _find_work_s(self, elapsed: float) -> float | None:
        if self.most is None:
            return None
        with self._lock:
            totals, done = self._totals, self._totals.work_done()
            if not done:
                return None
            begun = totals.n_ended + len(totals.begun)
            known = self.ended + len(totals.begun) + self.running_elsewhere
            share = begun / (begun + self.begun_elsewhere) if begun else 1.0
            to_come = max(self.most - known, 0) * share * self._expect_work()
            return (totals.work_left() + to_come) * elapsed / done

    def _expect_work(self) -> float:
        """Return the work of a trial that has not begun."""
        if self._totals.n_ended and self._totals.work_ended:
            return self._totals.work_ended / self._totals.n_ended
        running = self._totals.begun.values()
        return sum(row.cost * row.most for row in running) / max(len(running), 1)

    @property
    def best_trial(self) -> BestTrial | None:
        """The best trial of the search so far."""
        return self.best

    def describe_ended(self) -> tuple[str, ...]:
        """Say how many trials were pruned or failed."""
        counts = {name: self.before[name] + self.count(name) for name in ("pruned", "failed")}
        return tuple(f"{count:,} {name}" for name, count in counts.items() if count)

    def _find_row(self, fit: Fit) -> FitProgress:
        if fit not in self.rows:
            row = FitProgress(fit, self.cost(fit.configuration), number=len(self.rows))
            self._totals.count(row, 1)
            self.rows[fit] = row
        return self.rows[fit]

    def _update(self, row: FitProgress, event: FitEvent) -> None:
        Tracker._update(self, row, event)  # super() knows no class with slots
        if isinstance(event, FitEnded) and event.record.status == "complete":
            self._compare(row.fit, event.record.score)

    def _compare(self, fit: Fit, score: float | None) -> None:
        sign = self.metric.sign
        if score is None or (self.best and sign * score <= sign * self.best.score):
            return
        self.best = BestTrial(fit.name, score, self._list_values(fit.configuration))

    def _list_values(self, configuration: AnyConfiguration) -> dict[str, OptionValue]:
        if self.space is None:
            return {}
        known = {name: configuration.settings.get(name) for name in self.space.dimensions}
        said = {name: value for name, value in known.items() if value is not None}
        return {name: said[name] for name in self.space.list_active(said) if name in said}
