"""The trials of a search, as its storage tells of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from runner.search.unit_cube import tidy_value
from trial_sets.records.search_info import name_trial
from trial_sets.space import SearchSpace, SpaceValues

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

TrialState = Literal["running", "complete", "pruned", "failed", "infeasible"]
_STATES: dict[str, TrialState] = {
    "RUNNING": "running",
    "WAITING": "running",
    "COMPLETE": "complete",
    "PRUNED": "pruned",
    "FAIL": "failed",
}
ANOTHER = "another program, which has written to the search's own journal"


@dataclass(frozen=True, slots=True)
class SearchTrial:
    """One point that a search has proposed, and what came of it.

    Attributes
    ----------
    number : int
        By which the storage knows it.
    values : dict
        Of the dimensions that are active in it.
    score : float or None
        The study's metric; of a pruned trial that of its last epoch.
    fit : str
        The name of the folder with the record; of a repeated configuration another trial's.
    """

    number: int
    values: SpaceValues
    state: TrialState
    score: float | None = None
    fit: str = ""
    is_default: bool = False
    foreign: str | None = None  # where a trial that is not the search's own came from
    reason: str | None = None  # of the manual protocol
    infeasible: str | None = None
    failure: str | None = None

    @property
    def name(self) -> str:
        """Its own name, whether or not it was trained."""
        return name_trial(self.number)

    @property
    def is_repeat(self) -> bool:
        """Whether its configuration was another trial's before."""
        return self.fit != self.name and self.foreign is None and self.infeasible is None

    @property
    def counts(self) -> bool:
        """Whether it is one of the trials that were asked for."""
        return self.foreign is None and self.infeasible is None

    @property
    def has_ended(self) -> bool:
        """Whether it is told."""
        return self.state != "running"


@dataclass(slots=True)
class History:
    """The trials of a search in the order of their numbers; those that have ended are read once."""

    space: SearchSpace
    _ended: list[SearchTrial] = field(default_factory=list)  # before the first that runs

    def update(self, trials: Sequence["FrozenTrial"]) -> list[SearchTrial]:
        """Return all trials as they stand."""
        ended = self._ended
        others = [read_trial(trial, self.space) for trial in trials[len(ended) :]]
        n_more = next((n for n, t in enumerate(others) if not t.has_ended), len(others))
        self._ended = [*ended, *others[:n_more]]
        return [*ended, *others]


def read_trial(trial: "FrozenTrial", space: SearchSpace) -> SearchTrial:
    """Return what Optuna knows of a trial; one that names no fit is of another program."""
    said = trial.user_attrs
    known = space.dimensions
    values = {
        name: tidy_value(known[name], trial.params[name]) for name in known if name in trial.params
    }
    infeasible = said.get("infeasible")
    state = _STATES[trial.state.name]
    has_score = state in {"complete", "pruned"} and trial.values
    return SearchTrial(
        number=trial.number,
        values=values,
        state="infeasible" if infeasible and state == "failed" else state,
        score=trial.values[0] if has_score and trial.values else None,
        fit=str(said.get("fit", name_trial(trial.number))),
        is_default=said.get("default") is True,
        foreign=_text(said.get("foreign")) or (None if "fit" in said else ANOTHER),
        reason=_text(said.get("reason")),
        infeasible=_text(infeasible),
        failure=_text(said.get("failure")),
    )


def find_best(trials: Iterable[SearchTrial], sign: int) -> SearchTrial | None:
    """Return the complete trial with the best score, the first of equal ones.

    Parameters
    ----------
    trials
        In order.
    sign
        1 where a larger score is better, -1 where a smaller one is.
    """
    best: SearchTrial | None = None
    for trial in trials:
        if trial.state == "complete" and trial.score is not None:
            is_better = best is None or best.score is None or sign * (trial.score - best.score) > 0
            best = trial if is_better else best
    return best


def _text(said: object) -> str | None:
    return said if isinstance(said, str) and said else None
