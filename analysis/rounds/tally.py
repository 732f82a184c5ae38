"""Of so many predictions, how many survived: by rule, and by what they came from."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.rounds.prediction import STANDINGS, Prediction
from analysis.statistics.comparisons.seed_spread import bound_share


@dataclass(frozen=True, slots=True)
class Tally:
    """A count of predictions of one kind.

    Attributes
    ----------
    name
        Of the kind.
    n, n_survived, n_refuted
        All of them, and those that are settled.
    n_missing
        Those whose trials have not all run.
    """

    name: str
    n: int
    n_survived: int
    n_refuted: int
    n_missing: int

    @property
    def n_open(self) -> int:
        """Those that have run, and are neither confirmed nor refuted."""
        return self.n_run - self.n_survived - self.n_refuted

    @property
    def n_run(self) -> int:
        """Those whose trials have run."""
        return self.n - self.n_missing

    @property
    def share_bounds(self) -> tuple[float, float] | None:
        """The exact 95 % interval of the share of those run that survived; None of none."""
        return bound_share(self.n_survived, self.n_run) if self.n_run else None


def count_outcomes(name: str, predictions: Sequence[Prediction]) -> Tally:
    """Count what some predictions came to."""
    found = [one.outcome for one in predictions]
    counts = (found.count(outcome) for outcome in ("survived", "refuted", "not run"))
    return Tally(name, len(found), *counts)


def tally_standings(predictions: Sequence[Prediction]) -> tuple[Tally, ...]:
    """Count by what predictions came from: hunches, what was established, a person's own."""
    sorted_ = ((kind, [p for p in predictions if p.standing == kind]) for kind in STANDINGS)
    return tuple(count_outcomes(kind, some) for kind, some in sorted_ if some)


def tally_rules(predictions: Sequence[Prediction]) -> tuple[Tally, ...]:
    """Count by the rules that proposed them; a claim that tests several counts once, for all."""
    names = dict.fromkeys(one.rules for one in predictions if one.moves)
    return tuple(
        count_outcomes(name, [p for p in predictions if p.moves and p.rules == name])
        for name in names
    )
