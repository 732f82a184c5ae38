"""What a round has gained over the champion before it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.rounds.champion import Champion
from analysis.rounds.conditions import compare_grounds
from analysis.rounds.entrant import Entrant, measure_spread
from analysis.rounds.round import Round
from analysis.runs.score_table import gather_scores
from analysis.statistics.comparisons.challenge import Challenge, challenge_control
from analysis.statistics.comparisons.seed_spread import shift_mean
from analysis.statistics.metrics.metric import MetricEstimate, estimate_scalars
from trial_sets.wording import join_words

_SEED = 20_260_128  # of the draws: the same report every time
_Basis = Literal["own fits", "across rounds"]


@dataclass(frozen=True, slots=True)
class RoundGain:
    """The champion of a round less the champion before it, as a gain: positive is better.

    Attributes
    ----------
    round_number
    basis
        ``own fits``: both ran in this round with the same seeds, and the interval allows for the
        choice among so many. ``across rounds``: other seeds, on the same rows; seeds are then the
        only error, and neither choice is allowed for. None where nothing is compared.
    name, other
        What is compared, as this round and the one before call it.
    n_rivals
        That the interval allows for.
    doubt
        Why nothing is compared, or what keeps it from being conclusive.
    """

    round_number: int
    name: str
    other: str
    basis: _Basis | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    n_rivals: int = 1
    n_seeds: int = 0
    doubt: str = ""


def measure_gain(
    one: Round, champion: Champion, previous: Round, before: Champion, again: Entrant | None
) -> RoundGain:
    """Compare a round's champion with the one before.

    On the round's own fits where that ran again in it, which no luck of the first round has
    chosen; otherwise across the rounds, where both were scored on the same rows and the seeds are
    others.

    Parameters
    ----------
    again
        The champion before, in this round.
    """
    found = RoundGain(one.number, champion.entrant.name, before.entrant.name)
    if again is champion.entrant:
        return _refuse(found, "the same configuration")
    if again is not None:
        return _compare_within(one, found, champion.entrant, again)
    return _compare_across(previous, one, found, before.entrant, champion.entrant)


def _refuse(found: RoundGain, doubt: str) -> RoundGain:
    return RoundGain(found.round_number, found.name, found.other, doubt=doubt)


def _compare_within(one: Round, found: RoundGain, best: Entrant, again: Entrant) -> RoundGain:
    """Compare all of a round with the champion before it, with the same seeds, max-|T|."""
    rivals, fits, seeds, horizon = _stack(one, again)
    if fits is None or best not in rivals:
        return _refuse(found, "the two have not run with the same seeds on the same rows")
    challenge = challenge_control(
        fits.select(list(range(len(rivals)))),
        fits.select(len(rivals)),
        horizon_rows=horizon,
        rope=0.0,
        rng=np.random.default_rng(_SEED),
    )
    place = rivals.index(best)
    return RoundGain(
        round_number=one.number,
        name=best.name,
        other=again.name,
        basis="own fits",
        estimate=challenge.estimates[place],
        low=_end(challenge, challenge.lows[place]),
        high=_end(challenge, challenge.highs[place]),
        n_rivals=len(rivals),
        n_seeds=len(seeds),
        doubt=join_words(list(challenge.limits)),
    )


def _end(challenge: Challenge, end: float) -> float | None:
    """Return an end of an interval; None where there is no error, or it is infinite."""
    return end if np.isfinite(end) and any(challenge.standard_errors) else None


def _stack(
    one: Round, again: Entrant
) -> tuple[list[Entrant], MetricEstimate | None, tuple[int, ...], int | None]:
    """Return rivals, their estimates with the champion before behind them, seeds and horizon.

    Rows are counted where all have predictions of them, otherwise seeds alone.
    """
    by_key = {entrant.key: entrant for entrant in one.entrants}
    if one.run is not None and again.key is not None:
        table = gather_scores(one.run.trained, always=again.key)
        judged = None if table is None else table.estimate_judged(one.run.horizon_rows)
        if table is not None and judged is not None and len(table.keys) > 1:
            keys = [key for key in table.keys if key != again.key and key in by_key]
            places = [table.keys.index(key) for key in (*keys, again.key)]
            rivals = [by_key[key] for key in keys]
            return rivals, judged.select(places), table.seeds, one.run.horizon_rows
    seeds = tuple(sorted(again.scores))
    rivals = [
        entrant
        for entrant in one.entrants
        if entrant is not again and entrant.has_seeds and set(seeds) <= set(entrant.scores)
    ]
    if not rivals or not again.has_seeds:
        return [], None, (), None
    sign = one.frame.sign
    scores = [[sign * entrant.scores[s] for s in seeds] for entrant in (*rivals, again)]
    return rivals, estimate_scalars(scores), seeds, None


def _compare_across(
    previous: Round, one: Round, found: RoundGain, before: Entrant, best: Entrant
) -> RoundGain:
    """Compare the champions of two rounds by their first figures."""
    ground = compare_grounds(previous, one)
    if ground.obstacles:
        return _refuse(found, join_words(list(ground.obstacles)))
    if set(before.scores) & set(best.scores):
        return _refuse(found, "they share seeds, and the champion before did not run in this round")
    sign = one.frame.sign
    first, second = ([sign * v for v in entrant.scores.values()] for entrant in (before, best))
    shift = shift_mean(first, second, measure_spread(previous.entrants, one.entrants))
    is_known = np.isfinite(shift.low)
    return RoundGain(
        round_number=one.number,
        name=best.name,
        other=before.name,
        basis="across rounds",
        estimate=shift.estimate,
        low=shift.low if is_known else None,
        high=shift.high if is_known else None,
        n_seeds=best.n_seeds,
        doubt=join_words(list(ground.changes)),
    )
