"""A search and its trials."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from analysis.runs.run import Run
from analysis.runs.run_fit import RunFit
from trial_sets.records.record import EpochPoint
from trial_sets.records.search_info import SamplerName, SearchInfo, name_trial
from trial_sets.space import SpaceValues

TrialState = Literal[
    "complete",
    "pruned",
    "failed",
    "repeated",  # a configuration that an earlier trial has: not trained again
    "infeasible",  # a point that is no valid configuration: never trained
    "foreign",  # copied from another search
    "running",
    "lost",  # told to the storage, and its record is not there
]
_ADAPTIVE: frozenset[SamplerName] = frozenset({"tpe", "gp", "cmaes", "nsga2", "manual"})


@dataclass(frozen=True, slots=True, eq=False)
class SearchedTrial:
    """One proposal of a search.

    Attributes
    ----------
    number
        That Optuna knows it by, from 0.
    values
        Of the dimensions that are active in it.
    score
        The study's metric, in its own direction; of a repeated one the first's. None without one.
    fit
        What it left; None of one that was not trained, or whose record cannot be used.
    stands_for
        The folder of the fit that has its configuration, of a repeated one the first's.
    is_default
        Whether it is the base, which was proposed before the sampler began.
    reason
        Why it is infeasible or failed, or what a manual search says of its step.
    """

    number: int
    values: SpaceValues
    state: TrialState
    score: float | None = None
    fit: RunFit | None = None
    stands_for: str = ""
    is_default: bool = False
    reason: str = ""

    @property
    def name(self) -> str:
        """As its folder is called."""
        return name_trial(self.number)

    @property
    def curve(self) -> tuple[EpochPoint, ...]:
        """What its fit's epochs came to; empty without a fit."""
        return () if self.fit is None else self.fit.record.curve

    @property
    def seconds(self) -> float:
        """That it trained; 0 of one that did not."""
        return 0.0 if self.fit is None else self.fit.record.seconds

    @property
    def is_own_try(self) -> bool:
        """Whether the sampler chose it and it was scored: the order of such trials is the search's.

        The base came first by decision, a copy from elsewhere, and a repetition is no further try.
        """
        return self.state == "complete" and not self.is_default and self.score is not None

    @property
    def counts(self) -> bool:
        """Whether it is one of the trials that were asked for: no copy, and no invalid point."""
        return self.state not in {"foreign", "infeasible"}


@dataclass(frozen=True, eq=False)
class Search:
    """A search: its fits beside the run's baselines, and its trials by number.

    Attributes
    ----------
    run : Run
        Whose fits are the search's, and the baselines of the run that it lies in.
    trials : tuple of SearchedTrial
    others : tuple of str
        The searches of the same run whose best trial has the same configuration.
    """

    info: SearchInfo
    run: Run
    trials: tuple[SearchedTrial, ...]
    others: tuple[str, ...] = ()

    @property
    def sign(self) -> int:
        """1 where more of the metric is better, -1 where less is."""
        return self.run.metric.sign

    @property
    def is_adaptive(self) -> bool:
        """Whether its sampler goes by what it has seen."""
        return self.info.sampler in _ADAPTIVE

    @cached_property
    def scored(self) -> tuple[SearchedTrial, ...]:
        """The complete trials that were trained here, by number."""
        return tuple(t for t in self.trials if t.state == "complete" and t.score is not None)

    @cached_property
    def tries(self) -> tuple[SearchedTrial, ...]:
        """Those of them that the sampler chose; see `SearchedTrial.is_own_try`."""
        return tuple(trial for trial in self.trials if trial.is_own_try)

    @property
    def best(self) -> SearchedTrial | None:
        """The trial with the best score, the first of equal ones; None where none has one."""
        return max(self.scored, key=lambda t: self.sign * (t.score or 0.0), default=None)

    @property
    def default(self) -> SearchedTrial | None:
        """The base as a trial; None where the search did not begin with it."""
        return next((trial for trial in self.trials if trial.is_default), None)

    def count_states(self, *, counts: bool | None = None) -> dict[TrialState, int]:
        """Return how many trials are in each state, the most frequent first.

        Of all, or of those alone that count, or do not.
        """
        states = [t.state for t in self.trials if counts is None or t.counts == counts]
        return dict(Counter(states).most_common())
