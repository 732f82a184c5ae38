"""Which rules apply to which hyperparameter, and what they come to."""

from collections.abc import Callable

from analysis.findings.evidence import Evidence
from analysis.proposal.rules.edges import extend_beyond, fill_gap
from analysis.proposal.rules.lines import climb_line
from analysis.proposal.rules.move import Move
from analysis.proposal.rules.ranges import (
    close_range,
    keep_regions,
    narrow_range,
    shift_range,
    widen_range,
)
from analysis.proposal.rules.rest import (
    choose_word,
    coarsen_steps,
    fix_value,
    fix_zero,
    leave_alone,
)
from analysis.proposal.rules.seen_param import SeenParam
from analysis.proposal.signal import Signal

SeenRule = Callable[[SeenParam], Move | None]
DEFAULT_FACTOR = 10.0
# Of a range, where no single value leads on: the first that holds.
_RANGE_RULES: tuple[SeenRule, ...] = (shift_range, narrow_range, close_range, widen_range)


def propose_moves(
    evidence: Evidence,
    signal: Signal,
    *,
    factor: float = DEFAULT_FACTOR,
    detectable: float | None = None,
) -> tuple[Move, ...]:
    """Propose what to do with each hyperparameter that varied; nothing where all is noise.

    Where levels say nothing, as of the few trials of a round of sets, the best is followed along a
    line of trials that are otherwise equal.

    Parameters
    ----------
    factor
        k of the rules: a range narrows to centre/sqrt(k) .. centre*sqrt(k) and extends by sqrt(k).
    detectable
        The smallest difference that the next batch could detect.

    Raises
    ------
    ValueError
        When the factor is not above 1.
    """
    if factor <= 1:
        raise ValueError(f"factor={factor}: expected a number above 1")
    if not signal.is_shown:
        return ()
    seen = {
        table.param: SeenParam.of(evidence, table, factor=factor, detectable=detectable)
        for table in evidence.ranked_tables
    }
    moves = list[Move]()
    for table in evidence.tables:
        found = move_param(seen[table.param]) if table.param in seen else ()
        if all(move.action == "leave" for move in found):
            climbed = climb_line(evidence, table.param, factor)
            found = found if climbed is None else (climbed,)
        moves += found
    return tuple(moves)


def move_param(seen: SeenParam) -> tuple[Move, ...]:
    """Return the moves of one hyperparameter, in the order in which the rules are asked.

    Two regions go before all; then single values that lead beyond an edge or beside a gap; then
    what all of the top share; then the range. Of what is not established, steps become coarser
    and a range that the top spans wider, and what is left is a hunch or left alone.
    """
    rest = leave_alone(seen)
    alone = () if rest is None else (rest,)
    if seen.scale is None:
        return _apply(seen, fix_value)[:1] or _apply(seen, choose_word) or alone
    if seen.is_established:
        return (
            _apply(seen, fix_zero)
            or _apply(seen, keep_regions)
            or _apply(seen, extend_beyond, fill_gap)
            or _apply(seen, fix_value)
            or _apply(seen, *_RANGE_RULES)[:1]
            or alone
        )
    coarser = coarsen_steps(seen)
    if coarser is not None:
        wider = widen_range(seen, coarser.step)
        return (coarser,) if wider is None else (coarser, wider)
    is_sampled = seen.table.is_binned
    hunches = _apply(seen, widen_range) if is_sampled else _apply(seen, extend_beyond, fill_gap)
    return hunches or alone


def _apply(seen: SeenParam, *rules: SeenRule) -> tuple[Move, ...]:
    return tuple(move for rule in rules if (move := rule(seen)) is not None)
