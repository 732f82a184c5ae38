"""What needs no search of its own: fixed, chosen among words, coarser, or left alone."""

import math
from itertools import pairwise

from analysis.frames.scale import round_digits
from analysis.numbers import format_share
from analysis.proposal.rules.move import Move
from analysis.proposal.rules.seen_param import SeenParam

_SHARED = 0.9  # of the top, that is all of it but for an outlier
_RARER = 1.2  # times as frequent in the top as among all
_FEWEST_STEPS = 4  # values of which the steps can be said to be equal


def fix_value(seen: SeenParam) -> Move | None:
    """Fix what all of the top share, and most others do not."""
    lead = seen.lead
    if lead is None or not seen.is_established or seen.table.is_binned:
        return None
    if lead.merged_share < _SHARED or lead.lift < _RARER:
        return None
    value: float | str = lead.label if math.isnan(lead.value) else lead.value
    end = None if isinstance(value, str) else value
    return Move(
        param=seen.param,
        action="fix",
        values=(value,),
        low=end,
        high=end,
        evidence=f"{seen.param}: {format_share(lead.merged_share)} of the top "
        f"{seen.table.n_merged_top} of {seen.table.n_configurations} configurations have "
        f"{lead.label}; fix it there.",
    )


def fix_zero(seen: SeenParam) -> Move | None:
    """Fix at zero a strength of which all of the top have none."""
    if seen.scale is None or not seen.is_established or len(seen.top) or not seen.n_top_at_zero:
        return None
    return Move(
        param=seen.param,
        action="fix",
        values=(0.0,),
        low=0.0,
        high=0.0,
        evidence=f"{seen.param}: all of the top {seen.n_top_at_zero} configurations have 0; fix it "
        "there.",
    )


def choose_word(seen: SeenParam) -> Move | None:
    """Keep the words that reach the top, try those that were declared and never tried."""
    if seen.scale is not None:
        return None
    space = seen.evidence.frame.spaces.get(seen.param)
    tried = set(seen.evidence.frame.rows[seen.param].dropna())
    declared = () if space is None else tuple(map(str, space.choices))
    untried = tuple(choice for choice in declared if choice not in tried)
    reached = tuple(row.label for row in seen.table.rows if row.merged_share > 0)
    known = tuple(word for word in reached if word in tried)  # no "(3 others)"
    if not seen.is_established and not untried:
        return None
    said = f"{seen.param}: {' and '.join(known) or 'no word'} reached the top"
    said += "; go on with what did" if seen.is_established and known else ""
    said += f"; {' and '.join(untried)} never ran" if untried else ""
    return Move(
        param=seen.param,
        action="choose",
        values=(*untried, *(known if seen.is_established else ())),
        low=None,
        high=None,
        evidence=f"{said}.",
        is_established=seen.is_established,
    )


def coarsen_steps(seen: SeenParam) -> Move | None:
    """Double the steps of values that cannot be told apart and lie close to each other.

    Steps are close where no gap between neighbours is wide enough to be filled.
    """
    scale = seen.scale
    if scale is None or seen.is_established or seen.table.is_binned or scale.choices:
        return None
    values = scale.values
    if len(values) < _FEWEST_STEPS or scale.is_log:
        return None
    steps = [high - low for low, high in pairwise(values)]
    if max(steps) - min(steps) > 1e-9 * max(steps):
        return None
    gaps = [scale.fill_gap(low, high) for low, high in pairwise(values)]
    if any(middle is not None for middle in gaps):
        return None
    step = round_digits(2 * steps[0], 12)
    return Move(
        param=seen.param,
        action="coarsen",
        values=(),
        low=values[0],
        high=values[-1],
        step=step,
        evidence=f"{seen.param}: steps of {round_digits(steps[0], 6):g} make no difference that "
        f"shows, {seen.explain_doubt().removesuffix(': a hunch to test').removeprefix('though ')}; "
        f"take steps of {step:g}.",
        is_established=False,
    )


def leave_alone(seen: SeenParam) -> Move | None:
    """Leave alone what does not matter, or of which nothing says where to go."""
    adjusted, scale = seen.table.adjusted, seen.scale
    ends = (None, None) if scale is None else scale.ends
    rope, reach, rest = seen.evidence.rope, float("nan"), "leave it alone"
    if math.isfinite(adjusted.p_value):
        reach = max(abs(float(end)) for end in (*adjusted.lows, *adjusted.highs))
    if seen.is_established:
        said = "its levels differ, and what was tried holds the best of them"
        rest = "leave its range as it is"
    elif rope is not None and reach < rope:
        said = f"no difference of {rope:g} or more is left between its levels"
    else:
        said = seen.explain_doubt().removeprefix("though ").removesuffix(": a hunch to test")
        said += ", and no value stands out"
    return Move(
        param=seen.param,
        action="leave",
        values=(),
        low=ends[0],
        high=ends[1],
        evidence=f"{seen.param}: {said}; {rest}.",
        is_established=seen.is_established,
    )
