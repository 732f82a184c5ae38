"""What a search has come to so far."""

from dataclasses import dataclass

from runner.search.trials import SearchTrial, find_best
from trial_sets.records.search_info import SearchStop


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """The trials of a search, by number, and why it has ended if that was before all had run."""

    trials: tuple[SearchTrial, ...]
    sign: int  # 1 where a larger score is better, -1 where a smaller one is
    stop: SearchStop | None = None  # of the command that has just ended

    @property
    def best(self) -> SearchTrial | None:
        """The best trial of the search's own; copied ones have no record."""
        return find_best([trial for trial in self.trials if trial.counts], self.sign)

    @property
    def default(self) -> SearchTrial | None:
        """The trial of the base, if it was proposed first."""
        return next((trial for trial in self.trials if trial.is_default), None)

    @property
    def foreign(self) -> list[SearchTrial]:
        """The trials that were copied from another search."""
        return [trial for trial in self.trials if trial.foreign is not None]

    @property
    def repeated(self) -> list[SearchTrial]:
        """The trials whose configuration was another's before: they were not trained again."""
        return [trial for trial in self.trials if trial.is_repeat]

    def list_state(self, state: str) -> list[SearchTrial]:
        """Return the search's own trials in a state: complete, pruned, failed, running...

        Those that repeat another one are counted among them.
        """
        return [t for t in self.trials if t.foreign is None and t.state == state]

    def rank(self) -> list[SearchTrial]:
        """Return the search's own complete trials without repeats, the best first."""
        own = [t for t in self.list_state("complete") if not t.is_repeat and t.score is not None]
        return sorted(own, key=self._find_rank)

    def _find_rank(self, trial: SearchTrial) -> tuple[float, int]:
        assert trial.score is not None
        return -self.sign * trial.score, trial.number
