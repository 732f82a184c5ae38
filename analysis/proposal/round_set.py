"""A set of the next round: trials that answer one question, and what is claimed of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.numbers import format_value
from analysis.proposal.lead import find_lead
from analysis.proposal.round_trial import RoundBase, RoundTrial
from analysis.proposal.rules.move import Move, MoveRule
from trial_sets.tuning.tiers import find_kind, find_tier
from trial_sets.wording import join_words, tame_text

CONTROL = "BASE"
COMBINED, VALIDATED = "F", "V"  # sets that have their letters whatever else there is
_LETTERS = "ABCDEGHIJKLMNOPQRSTU"
_MOST_TRIALS = 6  # of a set
PHASES = (
    "what the baseline has",
    "around the winner",
    "architecture",
    "combine the winners",
    "validate the best",
)
_REASONS: Mapping[MoveRule, str] = {  # of a trial
    "extend": "Beyond the edge that was tested",
    "fill": "In a gap beside the value that stands out",
    "narrow": "In the narrowed range",
    "shift": "In the shifted range",
    "widen": "Beyond the range that was tested",
    "regions": "In a region that stands apart",
    "coarsen": "In coarser steps",
    "fix": "What all of the top have",
    "choose": "Not tried yet, or of the top",
    "leave": "As it is",
}
_AIMS: Mapping[MoveRule, str] = {  # of a set
    "extend": "beyond its edge",
    "fill": "into its gaps",
    "narrow": "a narrower range",
    "shift": "a shifted range",
    "widen": "a wider range",
    "regions": "two regions",
    "coarsen": "coarser steps",
    "fix": "fixed",
    "choose": "other words",
    "leave": "the value that stands out",
}
_BESIDE_A_LEAD = frozenset({"extend", "fill", "leave"})  # moves that come from a value


@dataclass(frozen=True, slots=True)
class RoundSet:
    """One set.

    Attributes
    ----------
    trials
        By name.
    claims
        In the grammar of a set's file, the one to be preferred first.
    evidence
        What the set comes from, a sentence each.
    """

    name: str
    title: str
    phase: str
    trials: Mapping[str, RoundTrial]
    claims: tuple[Mapping[str, Any], ...]
    evidence: tuple[str, ...] = ()


def make_sets(base: RoundBase, moves: Sequence[Move], letters: Iterable[str]) -> list[RoundSet]:
    """Return a set for each hyperparameter with values to try: training first, then architecture.

    Within these the tiers of importance order them, and of equal ones what is established comes
    first. The value that stands out is tried too where the base has another, since it led beside
    others. What ran before, or makes no valid configuration, is left out.
    """
    params = dict.fromkeys(move.param for move in moves)
    ordered = sorted(params, key=lambda name: _rank(name, moves))
    names, sets = iter(letters), list[RoundSet]()
    for param in ordered:
        own = [move for move in moves if move.param == param]
        trials = _list_trials(base, own)
        if trials:
            letter = next(names, None)
            if letter is None:
                break
            said = [move for move in own if move.values or len(own) == 1]
            sets.append(_make_set(base, letter, param, said, trials))
    return sets


def number_phases(sets: Sequence[RoundSet]) -> tuple[RoundSet, ...]:
    """Return the sets with the phases that there are numbered from 1."""
    phases = [name for name in PHASES if any(one.phase == name for one in sets)]
    return tuple(replace(one, phase=f"{phases.index(one.phase) + 1}: {one.phase}") for one in sets)


def list_letters(n_taken: int = 0) -> str:
    """Return the names that sets of a hyperparameter may have."""
    return _LETTERS[n_taken:]


def claim_any(names: Sequence[str], shows: str, then: str, **more: object) -> dict[str, Any]:
    """Return the claim that one trial at least beats the control."""
    who = join_words(list(names), last="or")
    said: dict[str, Any] = {"if": f"{who} beats {CONTROL}", "than": [CONTROL]}
    if len(names) == 1:
        said |= {"better": list(names), "sides": "every"}
    else:
        said |= {"any_of": list(names)}
    return {**said, **more, "shows": shorten_words(shows), "then": shorten_words(then)}


def _claim_move(names: Sequence[str], shows: str, then: str) -> tuple[Mapping[str, Any], ...]:
    """Return the claim on the trials of a hyperparameter, and what to claim less.

    Of a single trial it speaks of all between it and the base, where others may run.
    """
    claim = claim_any(names, shows, then)
    if len(names) > 1:
        return (claim,)
    rest = {key: said for key, said in claim.items() if key not in {"better", "sides"}}
    return (claim, {**rest, "any_of": list(names)})


def shorten_words(text: str) -> str:
    """Return words that fit a claim's cell."""
    line = " ".join(tame_text(text).split())
    return line if len(line) <= 200 else f"{line[:199]}…"


def is_architecture(param: str) -> bool:
    """Say whether a hyperparameter is of the network's size rather than of its training."""
    return find_kind(param) == "capacity"


def _rank(param: str, moves: Sequence[Move]) -> tuple[bool, bool, int]:
    own = [move for move in moves if move.param == param]
    hunch = not any(move.is_established for move in own)
    return is_architecture(param), hunch, find_tier(param) or 9


def _list_trials(base: RoundBase, moves: Sequence[Move]) -> list[RoundTrial]:
    found: list[RoundTrial] = []
    for move in moves:
        for value in move.values:
            trial = base.depart({move.param: value}, _explain(base, move, _REASONS[move.action]))
            if trial is not None and all(trial.values != one.values for one in found):
                found.append(trial)
    found += _try_lead(base, moves)
    kept = found[:_MOST_TRIALS]
    is_number = all(not isinstance(trial.values[moves[0].param], str) for trial in kept)
    return sorted(kept, key=lambda t: float(t.values[moves[0].param])) if is_number else kept


def _try_lead(base: RoundBase, moves: Sequence[Move]) -> list[RoundTrial]:
    """Return the base with the value that stands out, where it has another that is not as good."""
    move = next((move for move in moves if move.action in _BESIDE_A_LEAD), None)
    if move is None or (move.action == "leave" and not move.is_established):
        return []
    value = find_lead(base.evidence, move.param, base.values.get(move.param))
    if value is None:
        return []
    trial = base.depart({move.param: value}, _explain(base, move, "The value that stands out"))
    return [] if trial is None else [trial]


def _explain(base: RoundBase, move: Move, why: str) -> str:
    """Say why a value is tried, and what the base has."""
    now = base.values.get(move.param)
    beside = "" if now is None else f"; the base has {_write(now)}"
    doubt = "" if move.is_established else ", a hunch"
    return f"{why}{doubt}{beside}"


def _make_set(
    base: RoundBase, letter: str, param: str, moves: Sequence[Move], trials: Sequence[RoundTrial]
) -> RoundSet:
    named = {f"{letter}{number}": trial for number, trial in enumerate(trials, 1)}
    values = [_write(trial.values[param]) for trial in trials]
    aims = [_AIMS[move.action] for move in moves]
    now = base.values.get(param)
    rival = CONTROL if now is None else f"the base's {_write(now)}"
    shows = f"{param} of {join_words(values, last='or')} is better than {rival}"
    then = f"Take the best of {param} into the base, and search about it"
    return RoundSet(
        name=letter,
        title=shorten_words(f"{param}: {join_words(list(dict.fromkeys(aims)))}"),
        phase=PHASES[2] if is_architecture(param) else PHASES[1],
        trials=named,
        claims=_claim_move(list(named), shows, then),
        evidence=tuple(move.evidence for move in moves),
    )


def _write(value: float | str) -> str:
    return (
        value if isinstance(value, str) else format_value(value, is_whole=value % 1 == 0, digits=4)
    )
