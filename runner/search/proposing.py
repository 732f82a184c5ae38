"""Which trial runs next: one that was left unfinished, else a new one.

Whoever proposes holds the search for itself: of several runners one counts, asks the sampler and
claims the fit, and the others wait. So no number is given twice, and no configuration is trained
twice.
"""

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from runner.batch.events import FitRepeated, Observer
from runner.batch.filing import Filing
from runner.batch.grouping import make_job
from runner.batch.queue import Group
from runner.batch.search_tracker import TrialsElsewhere
from runner.errors import BatchStopped
from runner.planning.fit import Fit
from runner.planning.plan import PlannedFit, size_up
from runner.search.planning import SearchPlan
from runner.search.sampling.point import Point, PointSampler
from runner.search.sampling.protocol import ManualProtocol
from runner.search.sampling.sampler import count_first
from runner.search.stopping import find_end, make_stop
from runner.search.storage import SearchStorage, using
from runner.search.suggesting import suggest_values
from runner.search.trials import SearchTrial
from runner.storage.claims import Claims
from trial_sets.configuration import AnyConfiguration
from trial_sets.errors import InputError
from trial_sets.records.record import Record
from trial_sets.records.search_info import SearchInfo, SearchStop, name_trial
from trial_sets.space import SpaceValues

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler

MOST_REFUSED = 1_000  # points in a row that are no configuration
_WAIT_S = 0.02  # between two looks at who holds the search


@dataclass(slots=True)
class Proposer:
    """Proposes the trials of a search, one when there is room for one.

    Attributes
    ----------
    planned : dict
        The fits that it has proposed, by the numbers of their trials.
    lost : set of int
        Trials that have ended and run again all the same, since their record is gone.
    stop : SearchStop or None
        Why it proposes no more, where that is before all trials have run.
    """

    plan: SearchPlan
    info: SearchInfo
    storage: SearchStorage
    points: PointSampler | None  # one of ours; else Optuna's
    sampler: "BaseSampler"
    claims: Claims
    filing: Filing
    observe: Observer
    lost: set[int] = field(default_factory=set)
    ends_at: float | None = None  # by the monotonic clock
    see: Callable[[TrialsElsewhere], None] = lambda _: None  # is called before every proposal
    clock: Callable[[], float] = time.monotonic
    planned: dict[int, PlannedFit] = field(default_factory=dict)
    stop: SearchStop | None = None
    _keys: dict[str, int] = field(default_factory=dict)  # the first trial of each configuration
    _n_indexed: int = 0
    _n_before: int | None = None  # trials that were there when this runner began

    def feed(self) -> Iterator[Group]:
        """Yield one trial after another, each when it is asked for."""
        while (group := self.ask()) is not None:
            yield group

    def ask(self) -> Group | None:
        """Return the next trial; None when there is none to begin, at least for now.

        All that was filed is told before.

        Raises
        ------
        BatchStopped
            If the storage cannot be written, or nothing but points that are no configuration is
            proposed.
        """
        self.filing.flush()
        with using(self.plan.folder.journal), holding(self.claims, self.plan):
            trials = self.storage.read_trials()
            self._tell_elsewhere(trials)
            for trial in [*(t for t in trials if t.number in self.lost), *self._list_left(trials)]:
                self.lost.discard(trial.number)
                group = self._take_over(trial)
                if group is not None:
                    return group
            return self._propose()

    def _tell_elsewhere(self, trials: Sequence[SearchTrial]) -> None:
        """Tell what other runners have come to."""
        if self._n_before is None:
            self._n_before = len(trials)
        others = [t for t in trials if t.counts and t.number not in self.planned]
        begun = [t for t in others if t.number >= self._n_before and not t.is_repeat]
        self.see(
            TrialsElsewhere(
                ended=Counter(str(t.state) for t in others if t.has_ended),
                begun=len(begun),
                running=sum(not t.has_ended for t in begun),
            )
        )

    def has_others(self) -> bool:
        """Return whether trials run elsewhere; those whose record has come are told."""
        with using(self.plan.folder.journal), holding(self.claims, self.plan):
            trials = self._list_left(self.storage.read_trials())
            return any(not (trial.is_repeat and self._settle_repeat(trial)) for trial in trials)

    def _list_left(self, trials: Sequence[SearchTrial]) -> list[SearchTrial]:
        """Return the search's own trials that have not ended, and are not under way here."""
        return [
            trial
            for trial in trials
            if trial.state == "running" and trial.counts and trial.number not in self.planned
        ]

    def _take_over(self, trial: SearchTrial) -> Group | None:
        """Return a trial of a runner that has ended; None if it lives, or there is none to run."""
        if trial.is_repeat:
            self._settle_repeat(trial)
            return None
        if self.claims.take(self._place(trial.name)) is not None:
            return None
        return self._begin(trial.number, self._complete(trial.number))

    def _propose(self) -> Group | None:
        """Return a new trial; None when there is no other."""
        n_refused = n_repeated = 0
        while n_refused < MOST_REFUSED and n_repeated < MOST_REFUSED:
            trials = self.storage.read_trials()
            if self._is_over(trials):
                return None
            values = self._create(len(trials), trials)
            if values is None:
                self._note_end(trials)
                return None
            group = self._begin(len(trials), values)
            if group is not None:
                return group
            last = self.storage.read_trials()[len(trials)]
            n_refused = 0 if last.infeasible is None else n_refused + 1
            n_repeated = n_repeated + 1 if last.is_repeat else 0
        if n_refused < MOST_REFUSED:
            self.stop = make_stop(
                f"repeats={MOST_REFUSED}",
                sum(trial.counts and trial.has_ended for trial in trials),
                f"{MOST_REFUSED:,} points in a row had been tried before",
            )
            return None
        raise BatchStopped(
            f"{MOST_REFUSED:,} points in a row were no configuration that can be trained; the "
            f"last: {last.infeasible}"
        )

    def _note_end(self, trials: Sequence[SearchTrial]) -> None:
        """Note why the manual protocol goes no further; a grid's end needs no word."""
        if isinstance(self.points, ManualProtocol) and self.points.end is not None:
            n_ended = sum(trial.counts and trial.has_ended for trial in trials)
            self.stop = make_stop("manual", n_ended, self.points.end)

    def _is_over(self, trials: Sequence[SearchTrial]) -> bool:
        """Return whether no other trial is to be proposed."""
        n_own, most = sum(trial.counts for trial in trials), self.plan.n_trials
        if most is not None and n_own >= most:
            return True
        self.stop = find_end(self.plan.asked.stops, trials, self.plan.sign)
        if self.stop is None and self.ends_at is not None and self.clock() >= self.ends_at:
            hours = f"{self.plan.asked.hours:g}"
            n_ended = sum(trial.counts and trial.has_ended for trial in trials)
            self.stop = make_stop(f"hours={hours}", n_ended, f"{hours} hours have passed")
        return self.stop is not None

    def _create(self, number: int, trials: Sequence[SearchTrial]) -> SpaceValues | None:
        """Add a trial to the storage; return its values, or None if the sampler has no other."""
        point = self._choose(number, trials)
        if self.points is None and point is None:
            self.storage.create_trial(number, {}, {})
            return suggest_values(self.storage, number, self.sampler)
        if point is None:
            return None
        said: dict[str, object] = {} if point.reason is None else {"reason": point.reason}
        if point.values == self.info.default:
            said["default"] = True
        self.storage.create_trial(number, point.values, said)
        return point.values

    def _choose(self, number: int, trials: Sequence[SearchTrial]) -> Point | None:
        """Return the base first, then what a sampler of ours proposes."""
        first = self.info.n_foreign
        if number == first and count_first(self.info) > first and self.info.default is not None:
            return Point(self.info.default)
        return None if self.points is None else self.points.propose(number, trials)

    def _complete(self, number: int) -> SpaceValues:
        """Return the values of a trial that is there; those that it lacks are proposed."""
        trials = self.storage.read_trials()
        point = self._choose(number, trials[:number])
        known = trials[number].values
        if point is not None and not known:
            self.storage.add_values(number, point.values)
            return point.values
        return (
            known if self.points is not None else suggest_values(self.storage, number, self.sampler)
        )

    def _begin(self, number: int, values: SpaceValues) -> Group | None:
        """Return a trial's fit as a job; None where it needs none, or can have none."""
        configuration = self._configure(number, values)
        if configuration is None:
            return None
        self._index(number)
        first = self._keys.setdefault(configuration.key, number)
        if first != number:
            self.storage.set_attribute(number, "fit", name_trial(first))
            self._settle_repeat(self.storage.read_trials()[number])
            return None
        if self.claims.take(self._place(name_trial(number))) is not None:
            return None  # of a runner that has just come back to life
        fit = Fit(
            (name_trial(number),), "trial", configuration, configuration.key, self.info.fit_seed
        )
        info = self.plan.run.info
        size = size_up(fit, info, custom=self.plan.run.is_custom)
        self.planned[number] = PlannedFit(fit, "run", "proposed", None, *size)
        is_judged = self.info.pruner != "none"
        return Group((number,), make_job(self.plan.trials, [fit], judged=is_judged))

    def _configure(self, number: int, values: SpaceValues) -> AnyConfiguration | None:
        """Return the configuration of a trial; None where its values are none, which is noted."""
        try:
            configuration = self.plan.searched.complete(values)
        except InputError as error:
            self.storage.refuse(number, str(error))
            return None
        fault = self.plan.find_fault(configuration)
        if fault is not None:
            self.storage.refuse(number, fault)
            return None
        return configuration

    def _index(self, end: int) -> None:
        """Note the configurations of the trials before a number."""
        trials = self.storage.read_trials()
        for trial in trials[self._n_indexed : end]:
            if trial.counts and not trial.is_repeat:
                with contextlib.suppress(InputError):
                    key = self.plan.searched.complete(trial.values).key
                    self._keys.setdefault(key, trial.number)
        self._n_indexed = max(self._n_indexed, end)

    def _settle_repeat(self, trial: SearchTrial) -> bool:
        """Tell a repeated configuration's trial what the first has shown; return if it is known."""
        record = self._read(trial.fit)
        if record is None:
            return False
        self.storage.tell(trial.number, record)
        assert record.configuration is not None
        fit = Fit(record.names, "trial", record.configuration, record.key, record.seed)
        self.observe(FitRepeated(fit, trial.name, record))
        return True

    def _read(self, name: str) -> Record | None:
        try:
            return self.plan.folder.read_record(name, self.info.fit_seed)
        except InputError:
            return None

    def _place(self, name: str) -> Path:
        return self.plan.folder.fit(name, self.info.fit_seed)


@contextlib.contextmanager
def holding(claims: Claims, plan: SearchPlan) -> Iterator[None]:
    """Hold a search for this runner alone; wait as long as another one that lives holds it."""
    path = plan.folder.journal
    path.parent.mkdir(parents=True, exist_ok=True)
    while claims.take(path) is not None:
        time.sleep(_WAIT_S)
    try:
        yield
    finally:
        claims.release(path)
