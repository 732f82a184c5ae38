"""A champion that ran again in a later round: its first figure, and its second."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.rounds.champion import Champion
from analysis.rounds.conditions import compare_grounds
from analysis.rounds.entrant import Entrant, measure_spread
from analysis.rounds.round import Round
from analysis.statistics.comparisons.seed_spread import MeanShift, shift_mean
from trial_sets.configuration import OptionValue
from trial_sets.wording import join_words

_CLOSE = 1e-9  # of a mean that was written and read again


@dataclass(frozen=True, slots=True, eq=False)
class Rerun:
    """A champion in a later round.

    Attributes
    ----------
    first_round, second_round
    name
        What the later round calls it.
    first, second
        Its mean there and here, of the seeds that are new here.
    n_first, n_second
        Over so many seeds; none of the second where all were run before.
    error
        Standard error of the second by seeds, whose spread is pooled over the round.
    reach
        Half the width of the 95 % interval by it.
    shift
        The second less the first as a gain, positive is better; None where they are not compared.
    doubt
        Why they are not; empty where they are.
    changes
        What is not the same, of the configuration and of the conditions.
    """

    first_round: int
    second_round: int
    name: str
    first: float
    second: float | None
    n_first: int
    n_second: int
    error: float
    reach: float
    shift: MeanShift | None
    doubt: str
    changes: tuple[str, ...]


def find_again(champion: Champion, first: Round, later: Round) -> Entrant | None:
    """Return a champion's configuration in a later round, None where it did not run or is unknown.

    It is told by its key or, where the later round was proposed from the first and departs from
    this very champion, by the control that the proposal made of it.
    """
    key = champion.entrant.key
    for entrant in later.entrants:
        if key is not None and entrant.key == key:
            return entrant
    origin, study = later.origin, later.study
    if origin is None or study is None or not later.goes_on_from(first):
        return None
    known = origin.champion
    is_it = bool(np.isclose(known.score, champion.entrant.mean, rtol=_CLOSE, atol=0.0))
    if not is_it or known.control not in {trial.name for trial in study.controls}:
        return None
    assert known.control is not None
    key = study.find_trial(known.control).configuration.key
    return next((entrant for entrant in later.entrants if entrant.key == key), None)


def follow_up(champion: Champion, first: Round, later: Round, again: Entrant) -> Rerun:
    """Return the first and the second figure of a champion that ran again.

    The second is of the seeds that are new: a fit with the same seed on the same rows is the same
    fit, and would hide how far luck has fallen back.
    """
    before, ground = champion.entrant, compare_grounds(first, later)
    is_same = before.key is not None and before.key == again.key
    is_repeat = is_same and ground.is_comparable and not ground.changes
    new = {s: v for s, v in again.scores.items() if not (is_repeat and s in before.scores)}
    spread = measure_spread(later.entrants)
    changes = (*ground.changes, *_list_changes(before, later, again))
    doubt = _doubt(is_same, ground.obstacles, len(new))
    return Rerun(
        first_round=first.number,
        second_round=later.number,
        name=again.name,
        first=before.mean,
        second=float(np.mean(list(new.values()))) if new else None,
        n_first=before.n_seeds,
        n_second=len(new),
        error=spread.measure_error(len(new)) if new else float("nan"),
        reach=spread.measure_reach(len(new)) if new else float("nan"),
        shift=None if doubt else _measure_shift(before, new, first, later),
        doubt=doubt,
        changes=changes,
    )


def _doubt(is_same: bool, obstacles: tuple[str, ...], n_new: int) -> str:
    """Say why two figures are not subtracted; nothing where they are."""
    if obstacles:
        return join_words(list(obstacles))
    if not is_same:
        return "it is not quite the same configuration"
    return "" if n_new else "no new seed: they are the same fits"


def _measure_shift(
    before: Entrant, new: Mapping[int, float], first: Round, later: Round
) -> MeanShift:
    sign = first.frame.sign
    spread = measure_spread(first.entrants, later.entrants)
    one, other = ([sign * v for v in scores.values()] for scores in (before.scores, new))
    return shift_mean(one, other, spread)


def _list_changes(before: Entrant, later: Round, again: Entrant) -> tuple[str, ...]:
    """Return the hyperparameters that differ; of other tools' by the names that the study has."""
    if before.key is not None and before.key == again.key:
        return ()
    known = before.values
    if before.key is None and later.origin is not None:
        known = later.origin.champion.values
    pairs = {name: (known[name], again.values[name]) for name in known if name in again.values}
    return tuple(
        f"{name} {one}, then {other}"
        for name, (one, other) in pairs.items()
        if str(one) != str(other) and not _is_close(one, other)
    )


def _is_close(one: OptionValue | None, other: OptionValue | None) -> bool:
    numbers = [v for v in (one, other) if isinstance(v, int | float)]
    return len(numbers) == 2 and bool(np.isclose(numbers[0], numbers[1], rtol=_CLOSE, atol=0.0))
