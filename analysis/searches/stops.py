"""The rules that ended a search, beside how often chance alone would have met them."""

from dataclasses import dataclass

import numpy as np

from analysis.searches.search import Search, SearchedTrial
from analysis.statistics.effects.regret import chance_of_standing, expect_gain
from trial_sets.records.search_info import SearchStop

GAIN_WINDOW = 50  # ended trials over which a gain is measured
_COMPLETE = frozenset({"complete", "repeated"})  # as Optuna counts them
_ENDED = _COMPLETE | {"pruned", "failed"}


@dataclass(frozen=True, slots=True)
class StopBesideChance:
    """A stop, and what the same results in a random order would have done.

    Attributes
    ----------
    stop : SearchStop
    n
        Trials that the chance is over.
    chance
        That a random order of them has met the rule by the last one, which is looked at after each;
        None of a rule about gains or time.
    place
        At which of them the best came, from 1; None as for `chance`.
    expected_gain
        A trial, of the last ones in a random order, in units of the metric; None of another rule.
    """

    stop: SearchStop
    n: int
    chance: float | None = None
    place: int | None = None
    expected_gain: float | None = None


def weigh_stops(search: Search) -> tuple[StopBesideChance, ...]:
    """Return what chance would give for every stop of a search.

    The trials are those that had ended, by number. That none of m is better than the best before
    them happens in a random order as `chance_of_standing` has it; a gain over the last m is that of
    `expect_gain`.
    """
    return tuple(_weigh(search, stop) for stop in search.info.stops)


def _weigh(search: Search, stop: SearchStop) -> StopBesideChance:
    ended = [trial for trial in search.trials if trial.state in _ENDED][: stop.n_ended]
    kind, limit = _parse(stop.rule)
    if kind == "gain":
        return _weigh_gain(search, ended, stop)
    counted = [t for t in ended if t.state in _COMPLETE] if kind == "same-best" else ended
    gains = [_gain(search, trial) for trial in counted]
    n, m = len(gains), round(limit or 0)
    if kind not in {"same-best", "no-better"} or not 0 < m < n or not np.isfinite(max(gains)):
        return StopBesideChance(stop, n)
    chance = chance_of_standing(gains, m)
    return StopBesideChance(stop, n, chance=chance, place=int(np.argmax(gains)) + 1)


def _weigh_gain(search: Search, ended: list[SearchedTrial], stop: SearchStop) -> StopBesideChance:
    known = [trial for trial in ended if trial.score is not None and trial.state == "complete"]
    last = {trial.number for trial in ended[-GAIN_WINDOW:]}
    window = sum(trial.number in last for trial in known)
    if not 1 <= window < len(known):
        return StopBesideChance(stop, len(known))
    gain = expect_gain([_gain(search, trial) for trial in known], window)
    return StopBesideChance(stop, len(known), expected_gain=gain / min(GAIN_WINDOW, len(ended)))


def _gain(search: Search, trial: SearchedTrial) -> float:
    """Return a trial's score with more being better; of one without its own result the worst."""
    is_scored = trial.state == "complete" and trial.score is not None
    return search.sign * (trial.score or 0.0) if is_scored else -np.inf


def _parse(rule: str) -> tuple[str, float | None]:
    """Return what a rule is called and its number, of `no-better=30`."""
    kind, _, limit = rule.partition("=")
    try:
        return kind, float(limit)
    except ValueError:
        return kind, None
