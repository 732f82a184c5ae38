"""The next round: which values of each hyperparameter to try, and on what evidence.

A second round is wider where the best value is at the edge or beside a gap, narrower where good
trials cluster, and as wide as before where they spread.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.findings.evidence import Evidence
from analysis.frames.copies import mark_top
from analysis.frames.scale import Scale, find_scale, format_on_scale, list_untested, round_digits
from analysis.numbers import format_difference, format_metric, format_share
from analysis.top import choose_top
from analysis.trends.table import TrendTable
from trial_sets.wording import join_words

Action = Literal["extend", "fill", "narrow", "keep", "widen"]

_CLUSTER_SHARE = 1 / 3
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
        found = [*_extend(table, scale, factor, detectable), *_fill(table, scale, detectable)]
        steps += found or [_bound(evidence, table, scale, factor)]
    return tuple(steps)


def _extend(
    table: TrendTable, scale: Scale, factor: float, detectable: float | None
) -> list[NextStep]:
    """Step beyond the edge that leads: one step, or a factor sqrt(k) on a log scale."""
    if table.is_binned or len(scale.values) < 3:
        return []
    direction = scale.find_open_end(table.leader.value)
    beyond = scale.step_beyond(table.leader.value, direction, math.sqrt(factor))
    if direction == 0 or beyond is None:
        return []
    side = "highest" if beyond > table.leader.value else "lowest"
    return [
        NextStep(
            param=table.param,
            action="extend",
            values=(beyond,),
            low=min(beyond, scale.values[0]),
            high=max(beyond, scale.values[-1]),
            is_distinguishable=_can_tell(table, detectable, share=1.0),
            evidence=f"{table.param}: {_describe_leader(table)} and is the {side} tested value; "
            f"try {format_on_scale(scale, beyond)}{_warn(table, detectable, 1.0)}.",
        )
    ]


def _fill(table: TrendTable, scale: Scale, detectable: float | None) -> list[NextStep]:
    """Fill the wide gaps beside the leading value."""
    gaps = [] if table.is_binned else list_untested(scale, table.leader.value)
    if not gaps:
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
            is_distinguishable=_can_tell(table, detectable, share=0.5),
            evidence=f"{table.param}: {_describe_leader(table)} and has an untested gap beside it; "
            f"try {shown}{_warn(table, detectable, 0.5)}.",
        )
    ]


def _bound(evidence: Evidence, table: TrendTable, scale: Scale, factor: float) -> NextStep:
    """Narrow the range around a cluster of good trials; otherwise keep it, or widen it."""
    column = evidence.merged[table.param].to_numpy(dtype="float64")
    is_placed = np.isfinite(column) & ((column > 0) | (not scale.is_log))
    places = np.array([scale.to_position(value) for value in column[is_placed]])
    gains = evidence.frame.sign * evidence.merged["metric"].to_numpy(dtype="float64")[is_placed]
    top = places[mark_top(gains, choose_top(len(gains), len(gains)))]
    spread, spread_of_all = (_measure_spread(part, places) for part in (top, places))
    kind = "log range" if scale.is_log else "range"
    seen = (
        f"{table.param}: the top {len(top)} of {len(gains)} configurations span "
        f"{format_share(spread)} of the {kind}"
    )
    if spread <= _CLUSTER_SHARE < spread_of_all:
        space = evidence.frame.spaces.get(table.param)
        ends = (space.low, space.high) if space else (scale.values[0], scale.values[-1])
        return _narrow(table.param, scale, top, ends, factor, seen)
    low, high = (scale.from_position(float(end)) for end in (places.min(), places.max()))
    if spread <= _CLUSTER_SHARE:
        sentence = f"{seen}, but all of them hardly span more; keep the range"
        return NextStep(table.param, "keep", (), low, high, None, _end(sentence, scale, low, high))
    action: Action = "keep"
    if top.min() == places.min() and top.max() == places.max() and len(scale.values) > 2:
        action = "widen"
        low, high = _widen(scale, low, high, factor)
    sentence = f"{seen}; {action} the range" + (" to" if action == "widen" else "")
    return NextStep(table.param, action, (), low, high, None, _end(sentence, scale, low, high))


def _narrow(
    param: str,
    scale: Scale,
    top: NDArray[np.float64],
    ends: tuple[float, float],
    factor: float,
    seen: str,
) -> NextStep:
    """Narrow to centre/sqrt(k) .. centre*sqrt(k).

    A linear scale narrows to the cluster with a tenth of the range about it.

    Parameters
    ----------
    top
        Positions of the top configurations.
    ends
        The declared range, or else the tested one, which is not left.
    """
    if np.ptp(top) == 0:
        value = scale.from_position(float(top[0]))
        sentence = f"{seen}; fix it at {format_on_scale(scale, value)}."
        return NextStep(param, "narrow", (), value, value, None, sentence)
    if scale.is_log:
        half = math.log(factor) / 2
        low, high = (math.exp(float(np.median(top)) + side * half) for side in (-1, 1))
    else:
        margin = np.array([-0.1, 0.1]) * (ends[1] - ends[0])
        low, high = (float(end) for end in np.quantile(top, [0.1, 0.9]) + margin)
    if scale.is_whole:
        low, high = math.floor(low), math.ceil(high)
    low, high = (float(np.clip(round_digits(end, 3), *ends)) for end in (low, high))
    return NextStep(
        param, "narrow", (), low, high, None, _end(f"{seen}; narrow it to", scale, low, high)
    )


def _measure_spread(part: NDArray[np.float64], places: NDArray[np.float64]) -> float:
    """Return the share of the tested range that the middle 80 % of some places span."""
    low, high = np.quantile(part, [0.1, 0.9])
    return float((high - low) / np.ptp(places))


def _end(sentence: str, scale: Scale, low: float, high: float) -> str:
    return f"{sentence} {format_on_scale(scale, low)} to {format_on_scale(scale, high)}."


def _widen(scale: Scale, low: float, high: float, factor: float) -> tuple[float, float]:
    """Step beyond both ends, where a step makes sense."""
    below = scale.step_beyond(low, -1, math.sqrt(factor))
    above = scale.step_beyond(high, 1, math.sqrt(factor))
    return low if below is None else below, high if above is None else above


def _describe_leader(table: TrendTable) -> str:
    share = format_share(table.leader.top_share)
    mean = format_metric(table.leader.mean)
    return f"{table.leader.label} leads ({share} of the top {table.n_top}, mean {mean})"


def _find_difference(table: TrendTable) -> float:
    """Return the adjusted difference between the leader and its nearest tested neighbours."""
    place = table.rows.index(table.leader)
    beside = table.rows[max(0, place - 1) : place] + table.rows[place + 1 : place + 2]
    differences = [abs(table.leader.effect - row.effect) for row in beside]
    return max((d for d in differences if math.isfinite(d)), default=math.nan)


def _can_tell(table: TrendTable, detectable: float | None, share: float) -> bool | None:
    """Say whether a share of the difference to the neighbours could be detected."""
    difference = share * _find_difference(table)
    if detectable is None or not math.isfinite(difference):
        return None
    return difference >= detectable


def _warn(table: TrendTable, detectable: float | None, share: float) -> str:
    if detectable is None or _can_tell(table, detectable, share) is not False:
        return ""
    expected = format_difference(share * _find_difference(table))
    return (
        f", although a difference of about {expected} is less than the "
        f"{format_difference(detectable)} that could be detected"
    )
