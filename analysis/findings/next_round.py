"""The next round: which values of each hyperparameter to try, and on what evidence.

A second round is wider where the leading value is at the edge or beside a gap, narrower where good
trials cluster, and as wide as before where they spread. Where no value leads, because the levels
cannot be told apart at equal other hyperparameters, none is followed and no range narrowed.
"""

import math
from dataclasses import dataclass
from typing import Literal

from analysis.findings.evidence import Evidence
from analysis.findings.next_range import RangeAction, bound_range
from analysis.frames.scale import Scale, find_scale, format_on_scale, list_untested
from analysis.numbers import format_share
from analysis.trends.table import TrendRow, TrendTable
from trial_sets.wording import join_words

Action = Literal["extend", "fill"] | RangeAction

_DEFAULT_FACTOR = 10.0


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do with one hyperparameter.

    Attributes
    ----------
    values
        Values to try (extend and fill).
    low, high
        The range to search.
    is_distinguishable
        Whether a step to these values could be told from noise; None where the smallest detectable
        difference is not known or no difference has been seen.
    evidence
        Why, in one sentence with figures.
    """

    param: str
    action: Action
    values: tuple[float, ...]
    low: float
    high: float
    is_distinguishable: bool | None
    evidence: str


def propose_round(
    evidence: Evidence, *, factor: float = _DEFAULT_FACTOR, detectable: float | None = None
) -> tuple[NextStep, ...]:
    """Propose what to do with each numeric hyperparameter that varied.

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
    steps: list[NextStep] = []
    for table in evidence.ranked_tables:
        scale = find_scale(evidence.frame, table.param)
        if scale is None:
            continue
        found = _extend(evidence, table, scale, factor, detectable)
        found += _fill(evidence, table, scale, detectable)
        steps += found or [_bound(evidence, table, scale, factor)]
    return tuple(steps)


def _extend(
    evidence: Evidence, table: TrendTable, scale: Scale, factor: float, detectable: float | None
) -> list[NextStep]:
    """Step beyond the edge that leads: one step, or a factor sqrt(k) on a log scale."""
    lead = table.lead
    if lead is None or table.is_binned or len(scale.values) < 3:
        return []
    direction = scale.find_open_end(lead.value)
    beyond = scale.step_beyond(lead.value, direction, math.sqrt(factor))
    if direction == 0 or beyond is None:
        return []
    side = "highest" if beyond > lead.value else "lowest"
    return [
        NextStep(
            param=table.param,
            action="extend",
            values=(beyond,),
            low=min(beyond, scale.values[0]),
            high=max(beyond, scale.values[-1]),
            is_distinguishable=_can_tell(table, lead, detectable, share=1.0),
            evidence=f"{_describe_lead(evidence, table, lead)} and is the {side} tested value; "
            f"try {format_on_scale(scale, beyond)}{_warn(evidence, table, lead, detectable, 1.0)}.",
        )
    ]


def _fill(
    evidence: Evidence, table: TrendTable, scale: Scale, detectable: float | None
) -> list[NextStep]:
    """Fill the wide gaps beside the leading value."""
    lead = table.lead
    if lead is None or table.is_binned or not (gaps := list_untested(scale, lead.value)):
        return []
    values = tuple(middle for _, _, middle in gaps)
    shown = join_words([format_on_scale(scale, value) for value in values])
    return [
        NextStep(
            param=table.param,
            action="fill",
            values=values,
            low=gaps[0][0],
            high=gaps[-1][1],
            is_distinguishable=_can_tell(table, lead, detectable, share=0.5),
            evidence=f"{_describe_lead(evidence, table, lead)} and has an untested gap beside it; "
            f"try {shown}{_warn(evidence, table, lead, detectable, 0.5)}.",
        )
    ]


def _bound(evidence: Evidence, table: TrendTable, scale: Scale, factor: float) -> NextStep:
    found = bound_range(evidence, table, scale, factor)
    return NextStep(
        param=table.param,
        action=found.action,
        values=(),
        low=found.low,
        high=found.high,
        is_distinguishable=None,
        evidence=f"{table.param}: {found.sentence}.",
    )


def _describe_lead(evidence: Evidence, table: TrendTable, lead: TrendRow) -> str:
    return (
        f"{table.param}: {lead.label} leads ({format_share(lead.merged_share)} of the top "
        f"{table.n_merged_top} of {table.n_configurations} configurations, mean "
        f"{evidence.write(lead.merged_mean)})"
    )


def _find_difference(table: TrendTable, lead: TrendRow) -> float:
    """Return the adjusted difference between the leader and its nearest tested neighbours."""
    place = table.rows.index(lead)
    beside = table.rows[max(0, place - 1) : place] + table.rows[place + 1 : place + 2]
    differences = [abs(lead.effect - row.effect) for row in beside]
    return max((d for d in differences if math.isfinite(d)), default=math.nan)


def _can_tell(
    table: TrendTable, lead: TrendRow, detectable: float | None, share: float
) -> bool | None:
    """Say whether a share of the difference to the neighbours could be detected."""
    difference = share * _find_difference(table, lead)
    if detectable is None or not math.isfinite(difference):
        return None
    return difference >= detectable


def _warn(
    evidence: Evidence, table: TrendTable, lead: TrendRow, detectable: float | None, share: float
) -> str:
    if detectable is None or _can_tell(table, lead, detectable, share) is not False:
        return ""
    expected = evidence.write_difference(share * _find_difference(table, lead))
    return (
        f", although a difference of about {expected} is less than the "
        f"{evidence.write_difference(detectable)} that could be detected"
    )
