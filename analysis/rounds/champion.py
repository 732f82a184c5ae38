"""The best of a round: its mean, what it is worth, and whether it was the best before."""

from dataclasses import dataclass

from analysis.rounds.entrant import Entrant, measure_spread
from analysis.rounds.round import Round
from analysis.searches.lead import weigh_lead
from analysis.verdicts.candidate import weigh_candidate


@dataclass(frozen=True, slots=True, eq=False)
class Champion:
    """The configuration with the best mean of a round.

    Attributes
    ----------
    round_number
    entrant
        With its scores by seed.
    n_configurations
        That it is the best of.
    error
        Standard error of its mean by seeds alone, whose spread is pooled over the round; NaN where
        no configuration has two.
    reach
        Half the width of the 95 % interval by it.
    adjusted
        What the mean is worth, less what the choice of the best has added, as
        `analysis.statistics.comparisons.maximum` has it; None where it cannot be told.
    doubt
        Why it cannot; empty where it can.
    n_members, n_compared
        Of so many configurations on the same rows and seeds, so many cannot be told from the best;
        None where that is not known.
    is_same
        Whether the round before had the same champion; None in the first round, and where
        configurations of the two cannot be matched.
    """

    round_number: int
    entrant: Entrant
    n_configurations: int
    error: float
    reach: float
    adjusted: float | None
    doubt: str
    n_members: int | None
    n_compared: int | None
    is_same: bool | None


@dataclass(frozen=True, slots=True)
class _Worth:
    adjusted: float | None = None
    doubt: str = ""
    n_members: int | None = None
    n_compared: int | None = None


def find_champion(one: Round, before: "Champion | None", again: Entrant | None) -> Champion | None:
    """Return a round's champion; None where nothing with hyperparameters finished.

    Parameters
    ----------
    before
        The champion of the round before; None in the first.
    again
        That champion's configuration in this round, where it ran.
    """
    best = one.best
    if best is None:
        return None
    spread, worth = measure_spread(one.entrants), _weigh(one, best)
    return Champion(
        round_number=one.number,
        entrant=best,
        n_configurations=len(one.entrants),
        error=spread.measure_error(best.n_seeds),
        reach=spread.measure_reach(best.n_seeds),
        adjusted=worth.adjusted,
        doubt=worth.doubt,
        n_members=worth.n_members,
        n_compared=worth.n_compared,
        is_same=_is_same(best, before, again),
    )


def _is_same(best: Entrant, before: Champion | None, again: Entrant | None) -> bool | None:
    if before is None:
        return None
    if again is not None:
        return again is best
    is_told = best.key is not None and before.entrant.key is not None
    return best.key == before.entrant.key if is_told else None


def _weigh(one: Round, best: Entrant) -> _Worth:
    """Return what the choice of the best of so many has added, as far as predictions tell."""
    if one.run is None:
        return _Worth(doubt="other tools' results have no predictions to tell it by")
    if one.search is not None:
        lead = weigh_lead(one.search)
        found = None if lead is None else lead.adjusted
        return _Worth(found, "" if found is not None else _UNTOLD)
    candidate = weigh_candidate(one.run)
    names = {entrant.name for entrant in one.entrants} & set(candidate.names)
    if candidate.maximum is None or not names:
        return _Worth(doubt=_UNTOLD)
    members, n = candidate.confidence_set, len(candidate.names)
    n_members = None if members is None else len(members.members)
    if candidate.best_name != best.name:
        doubt = f"of those with the same seeds {candidate.best_name} is the best"
        return _Worth(None, doubt, n_members, n)
    doubt = "" if candidate.adjusted_score is not None else _UNTOLD
    return _Worth(candidate.adjusted_score, doubt, n_members, n)


_UNTOLD = "predictions of enough rows would tell it"
