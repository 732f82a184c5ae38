"""Beyond an edge, and into a gap: what single values lead the way to."""

import math

from analysis.frames.scale import list_untested
from analysis.proposal.rules.move import Move
from analysis.proposal.rules.seen_param import SeenParam
from analysis.proposal.rules.spacing import keep_apart
from analysis.trends.table import TrendRow
from trial_sets.wording import join_words

_FEWEST_VALUES = 3  # of which one can be said to be an edge


def extend_beyond(seen: SeenParam) -> Move | None:
    """Step beyond the edge that leads: one step, or a factor sqrt(k) on a log scale.

    What the search declared is not left.
    """
    lead, scale = seen.lead, seen.scale
    if lead is None or scale is None or seen.table.is_binned:
        return None
    if len(scale.values) < _FEWEST_VALUES:
        return None
    direction = scale.find_open_end(lead.value)
    beyond = scale.step_beyond(lead.value, direction, math.sqrt(seen.factor))
    if direction == 0 or beyond is None:
        return None
    side = "highest" if beyond > lead.value else "lowest"
    return Move(
        param=seen.param,
        action="extend",
        values=(beyond,),
        low=min(beyond, scale.values[0]),
        high=max(beyond, scale.values[-1]),
        evidence=f"{seen.describe_lead(lead)}; {lead.label} is the {side} tested value; try "
        f"{seen.write(beyond)}{_warn(seen, lead, 1.0)}.",
        is_established=seen.is_established,
        is_distinguishable=_can_tell(seen, lead, 1.0),
    )


def fill_gap(seen: SeenParam) -> Move | None:
    """Fill the wide gaps beside the leading value, midway on its scale.

    No value is proposed that could not be told from its neighbours.
    """
    lead, scale = seen.lead, seen.scale
    if lead is None or scale is None or seen.table.is_binned:
        return None
    gaps = list_untested(scale, lead.value)
    values = keep_apart(seen.param, scale, (middle for *_, middle in gaps), scale.values)
    if not values:
        return None
    shown = join_words([seen.write(value) for value in values])
    ends = [(low, high) for low, high, middle in gaps if middle in values]
    between = " and ".join(
        f"between {seen.write(low)} and {seen.write(high)}" for low, high in ends
    )
    return Move(
        param=seen.param,
        action="fill",
        values=values,
        low=ends[0][0],
        high=ends[-1][1],
        evidence=f"{seen.describe_lead(lead)}; nothing was tried {between}; try {shown}"
        f"{_warn(seen, lead, 0.5)}.",
        is_established=seen.is_established,
        is_distinguishable=_can_tell(seen, lead, 0.5),
    )


def _find_difference(seen: SeenParam, lead: TrendRow) -> float:
    """Return the adjusted difference between the leader and its nearest tested neighbours."""
    rows = seen.table.rows
    place = rows.index(lead)
    beside = rows[max(0, place - 1) : place] + rows[place + 1 : place + 2]
    differences = [abs(lead.effect - row.effect) for row in beside]
    return max((d for d in differences if math.isfinite(d)), default=math.nan)


def _can_tell(seen: SeenParam, lead: TrendRow, share: float) -> bool | None:
    """Say whether a share of the difference to the neighbours could be detected."""
    difference = share * _find_difference(seen, lead)
    if seen.detectable is None or not math.isfinite(difference):
        return None
    return difference >= seen.detectable


def _warn(seen: SeenParam, lead: TrendRow, share: float) -> str:
    if seen.detectable is None or _can_tell(seen, lead, share) is not False:
        return ""
    expected = seen.evidence.write_difference(share * _find_difference(seen, lead))
    return (
        f", although a difference of about {expected} is less than the "
        f"{seen.evidence.write_difference(seen.detectable)} that could be detected"
    )
