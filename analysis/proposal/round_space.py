"""The space of a search that goes on from here: what the moves make of every range."""

import math
from collections.abc import Sequence

import numpy as np

from analysis.frames.scale import Scale, find_scale
from analysis.frames.values import is_number_column
from analysis.proposal.round_plan import RoundPlan
from analysis.proposal.rules.move import Move
from analysis.proposal.terms import StudyTerms
from trial_sets.configuration import OptionValue
from trial_sets.linting.spacing import SHARES
from trial_sets.space import Dimension, SearchSpace


def shape_space(plan: RoundPlan) -> SearchSpace | None:
    """Return the next search's space, in the study's names; None where nothing varies.

    What is fixed is no dimension. A range that was tested at a few values alone, and is left
    alone, keeps them as choices; others are ranges.
    """
    frame, base = plan.evidence.frame, plan.base
    dimensions: dict[str, Dimension] = {}
    columns = [name for name in frame.varying if name in base.terms.names]
    parents = [one.parent for one in base.conditions.values()]
    for column in sorted(columns, key=lambda name: name not in parents):
        own = [move for move in plan.moves if move.param == column]
        if any(move.action == "fix" for move in own):
            continue
        made = _shape(plan, column, own)
        if made is not None:
            dimensions[base.terms.names[column]] = made
    kept = {n: d for n, d in dimensions.items() if all(p in dimensions for p in d.when)}
    return SearchSpace(dimensions=kept) if kept else None


def _shape(plan: RoundPlan, column: str, moves: Sequence[Move]) -> Dimension | None:
    frame, terms = plan.evidence.frame, plan.base.terms
    when = _find_condition(plan, column)
    if not is_number_column(frame.rows[column]):
        words = _list_words(plan, column, moves)
        typed = [terms.restore(column, word) for word in words]
        if all(isinstance(one, bool) for one in typed):
            return Dimension(type="bool", when=when)
        return Dimension(choices=tuple(typed), when=when) if len(typed) > 1 else None
    scale = find_scale(frame, column)
    assert scale is not None
    if scale.choices:
        values = {*scale.choices, *(v for m in moves for v in m.values if isinstance(v, float))}
        lows, highs = _list_ends(moves)
        kept = [v for v in sorted(values) if min(lows, default=v) <= v <= max(highs, default=v)]
        typed = [terms.restore(column, value) for value in kept]
        return Dimension(choices=tuple(typed), when=when) if len(typed) > 1 else None
    return _shape_number(scale, terms, column, moves, when)


def _shape_number(
    scale: Scale,
    terms: StudyTerms,
    column: str,
    moves: Sequence[Move],
    when: dict[str, tuple[OptionValue, ...]],
) -> Dimension | None:
    lows, highs = _list_ends(moves)
    low, high = min(lows, default=scale.ends[0]), max(highs, default=scale.ends[1])
    is_log = scale.is_log and low > 0
    if scale.is_log and not is_log:  # zero has no place there: the least that was tested has
        positive = [value for value in scale.values if value > 0]
        low, is_log = min(positive), True
    is_whole = column in terms.whole
    if is_whole:
        low, high = float(math.floor(low)), float(math.ceil(high))
    if terms.names[column] in SHARES:
        high = min(high, 0.9)
    if low >= high:
        return None
    if scale.is_power and low > 0:
        powers = [2**n for n in range(math.ceil(math.log2(low)), math.floor(math.log2(high)) + 1)]
        return Dimension(choices=tuple(powers), when=when) if len(powers) > 1 else None
    if is_whole and scale.unit > 1 and low % scale.unit == 0 and scale.space is None:
        is_log = False  # widths keep the steps that heads divide
    return Dimension(
        type="int" if is_whole else "float",
        low=low,
        high=high,
        log=is_log,
        step=None if is_log else _choose_step(scale, moves, low, high, is_whole),
        when=when,
    )


def _choose_step(
    scale: Scale, moves: Sequence[Move], low: float, high: float, is_whole: bool
) -> float | None:
    """Return the step of a range: what a move says, what was declared, or what widths share."""
    said = next((move.step for move in moves if move.step is not None), None)
    if said is None and scale.space is not None:
        said = scale.space.step
    if said is None and is_whole and scale.unit > 1 and not scale.is_power:
        said = float(scale.unit)
    if said is None or (is_whole and (said <= 1 or said % 1)) or high - low < said:
        return None
    return said if is_whole is False or (low % 1 == 0 and np.isfinite(said)) else None


def _list_ends(moves: Sequence[Move]) -> tuple[list[float], list[float]]:
    """Return the lower and the upper ends that moves ask for."""
    wider = [move for move in moves if move.action != "coarsen"] or list(moves)
    lows = [move.low for move in wider if move.low is not None]
    highs = [move.high for move in wider if move.high is not None]
    return lows, highs


def _list_words(plan: RoundPlan, column: str, moves: Sequence[Move]) -> list[str]:
    """Return the words to choose from: those a move names, else all that were tried or declared."""
    said = [str(value) for move in moves for value in move.values]
    space = plan.evidence.frame.spaces.get(column)
    declared = [] if space is None else [str(choice) for choice in space.choices]
    tried = sorted(map(str, plan.evidence.frame.rows[column].dropna().unique()))
    is_narrowed = any(move.action == "choose" and move.is_established for move in moves)
    return list(dict.fromkeys(said if is_narrowed else (*declared, *tried)))


def _find_condition(plan: RoundPlan, column: str) -> dict[str, tuple[OptionValue, ...]]:
    condition = plan.base.conditions.get(column)
    if condition is None:
        return {}
    terms, parent = plan.base.terms, condition.parent
    values = tuple(terms.restore(parent, one) for one in sorted(condition.values, key=str))
    return {terms.names[parent]: values}
