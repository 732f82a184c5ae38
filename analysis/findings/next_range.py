"""The next range of one hyperparameter that no single value leads the way out of."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.findings.evidence import Evidence
from analysis.frames.copies import mark_top
from analysis.frames.scale import Scale, format_on_scale, round_digits
from analysis.numbers import format_p, format_share
from analysis.top import choose_merged_top
from analysis.trends.table import TrendTable

RangeAction = Literal["narrow", "keep", "widen"]

_CLUSTER_SHARE = 1 / 3


@dataclass(frozen=True, slots=True)
class NextRange:
    """The range to search, and why, in a sentence without its name and its full stop."""

    action: RangeAction
    low: float
    high: float
    sentence: str


def bound_range(evidence: Evidence, table: TrendTable, scale: Scale, factor: float) -> NextRange:
    """Narrow the range around a cluster of good trials; otherwise keep it, or widen it.

    Where the levels cannot be told apart the range is kept, since the top would lie where most was
    tried.

    Parameters
    ----------
    factor
        k of `propose_round`.
    """
    tested = [value for value in scale.values if value > 0 or not scale.is_log]
    if not table.has_effect:
        return _keep(_explain_stay(table), scale, tested)
    values, is_top = _rank(evidence, table)
    is_placed = (values > 0) | (not scale.is_log)
    seen = f"the top {is_top.sum()} of {len(values)} configurations"
    if not (is_top & is_placed).any():
        return NextRange("narrow", 0.0, 0.0, f"{seen} have 0; fix it there")
    top, places = (
        np.array([scale.to_position(value) for value in values[chosen]])
        for chosen in (is_top & is_placed, is_placed)
    )
    spread, spread_of_all = (_measure_spread(part, places) for part in (top, places))
    aside = f", {(is_top & ~is_placed).sum()} at 0 aside" if (is_top & ~is_placed).any() else ""
    kind = "log range" if scale.is_log else "range"
    seen = f"{seen} span {format_share(spread)} of the {kind}{aside}"
    if spread <= _CLUSTER_SHARE < spread_of_all:
        return _narrow(scale, top, factor, seen)
    if spread <= _CLUSTER_SHARE:
        return _keep(f"{seen}, but all of them hardly span more", scale, tested)
    is_spread = top.min() == places.min() and top.max() == places.max()
    if is_spread and len(scale.values) > 2 and scale.space is None:
        return _widen(scale, tested, factor, seen)
    return _keep(seen, scale, tested)


def _rank(evidence: Evidence, table: TrendTable) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return each configuration's value, and whether it is of the top."""
    rows = evidence.merged[evidence.merged[table.param].notna()]
    gains = evidence.frame.sign * rows["metric"].to_numpy(dtype="float64")
    is_top = mark_top(gains, choose_merged_top(len(gains)))
    return rows[table.param].to_numpy(dtype="float64"), is_top


def _explain_stay(table: TrendTable) -> str:
    if not math.isfinite(table.adjusted.p_value):
        return "its levels cannot be compared at equal other hyperparameters"
    return (
        "no value leads, since its levels cannot be told apart "
        f"(F test {format_p(table.adjusted.p_value)})"
    )


def _keep(seen: str, scale: Scale, tested: list[float]) -> NextRange:
    low, high = (tested[0], tested[-1]) if scale.space is None else scale.ends
    zero = ", and 0" if low > scale.values[0] else ""
    return NextRange("keep", low, high, f"{seen}; keep the range {_span(scale, low, high)}{zero}")


def _narrow(scale: Scale, top: NDArray[np.float64], factor: float, seen: str) -> NextRange:
    """Narrow to centre/sqrt(k) .. centre*sqrt(k).

    A linear scale narrows to the cluster with a tenth of the range about it. The declared range, or
    else the tested one, is not left, and its steps and choices are kept to.

    Parameters
    ----------
    top
        Positions of the top configurations.
    """
    ends = (scale.values[0], scale.values[-1]) if scale.space is None else scale.ends
    if np.ptp(top) == 0:
        value = scale.from_position(float(top[0]))
        sentence = f"{seen}; fix it at {format_on_scale(scale, value)}"
        return NextRange("narrow", value, value, sentence)
    if scale.is_log:
        half = math.log(factor) / 2
        low, high = (math.exp(float(np.median(top)) + side * half) for side in (-1, 1))
    else:
        margin = np.array([-0.1, 0.1]) * (ends[1] - ends[0])
        low, high = (float(end) for end in np.quantile(top, [0.1, 0.9]) + margin)
    if scale.is_whole:
        low, high = math.floor(low), math.ceil(high)
    low, high = (float(np.clip(round_digits(end, 3), *ends)) for end in (low, high))
    low, high = scale.settle_range(low, high)
    return NextRange("narrow", low, high, f"{seen}; narrow it to {_span(scale, low, high)}")


def _widen(scale: Scale, tested: list[float], factor: float, seen: str) -> NextRange:
    """Step beyond both ends, where a step makes sense."""
    below = scale.step_beyond(tested[0], -1, math.sqrt(factor))
    above = scale.step_beyond(tested[-1], 1, math.sqrt(factor))
    low = tested[0] if below is None else below
    high = tested[-1] if above is None else above
    return NextRange("widen", low, high, f"{seen}; widen the range to {_span(scale, low, high)}")


def _measure_spread(part: NDArray[np.float64], places: NDArray[np.float64]) -> float:
    """Return the share of the tested range that the middle 80 % of some places span."""
    low, high = np.quantile(part, [0.1, 0.9])
    return float((high - low) / np.ptp(places))


def _span(scale: Scale, low: float, high: float) -> str:
    return f"{format_on_scale(scale, low)} to {format_on_scale(scale, high)}"
