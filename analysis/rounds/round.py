"""A round: some results, what they were predicted to be, and the best of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from analysis.frames.frame import TrialFrame
from analysis.rounds.entrant import Entrant, list_entrants, pick_best
from analysis.runs.run import Run
from analysis.searches.search import Search
from trial_sets.configuration import OptionValue
from trial_sets.origins.origin import Origin, OriginSource
from trial_sets.study import Study


@dataclass(frozen=True, eq=False)
class Round:
    """One of several rounds.

    Attributes
    ----------
    number
        Its place, from 1.
    title
        What its results are called.
    run
        Of our own, or that of a search; None for other tools' results.
    search
        Where the trials are a search's.
    sources
        The results by name, as a proposal would say where it is from.
    fixed
        Settings of a search that no column of the frame holds.
    """

    number: int
    title: str
    frame: TrialFrame
    sources: tuple[OriginSource, ...]
    run: Run | None = None
    search: Search | None = None
    fixed: Mapping[str, OptionValue | None] = field(default_factory=dict)

    @property
    def study(self) -> Study | None:
        """The study of a run of ours."""
        return None if self.run is None else self.run.info.study

    @property
    def origin(self) -> Origin | None:
        """What it was proposed from, where its study says so, and it is the study that ran."""
        return None if self.study is None or self.search is not None else self.study.origin

    @cached_property
    def entrants(self) -> tuple[Entrant, ...]:
        """Its configurations that have a result."""
        return list_entrants(self.frame, self.run)

    @property
    def best(self) -> Entrant | None:
        """The one with the best mean."""
        return pick_best(self.entrants, self.frame.sign)

    @property
    def began(self) -> str | None:
        """When the first of its fits began; ISO 8601, UTC. None of other tools' results."""
        return min(self._list_times(), default=(None, None))[0]

    @property
    def ended(self) -> str | None:
        """When the last of its fits ended."""
        return max((end for _, end in self._list_times()), default=None)

    def goes_on_from(self, other: "Round") -> bool:
        """Return whether it was proposed from another round, alone or with others."""
        origin = self.origin
        return origin is not None and any(
            one.is_of(mine) for one in origin.sources for mine in other.sources
        )

    def _list_times(self) -> list[tuple[str, str]]:
        if self.run is None:
            return []
        marks = (record.provenance for record in self.run.records)
        return [(mark.started, mark.finished) for mark in marks]
