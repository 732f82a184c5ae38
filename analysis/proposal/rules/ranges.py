"""Where to search next when no single value leads: narrower, shifted, wider, or in two regions."""

import math

import numpy as np
from scipy.stats import ttest_ind

from analysis.frames.scale import Scale, round_digits
from analysis.proposal.rules.move import Move, MoveRule
from analysis.proposal.rules.seen_param import SeenParam
from analysis.proposal.rules.spacing import (
    N_SPREAD,
    find_holes,
    keep_apart,
    settle_value,
    spread_values,
)
from analysis.statistics.comparisons.multiplicity import ALPHA

_CLUSTER_SHARE = 1 / 3  # of the range, within which a top is a cluster about its centre
_MARGIN = 0.1  # of the range, beyond a cluster
_WIDE_SHARE = 0.7  # of the range, that most of a top has to reach over to span it
_LEAN = 0.05  # of the cluster, by which the three best are off its middle
_EDGE_SHARE = 0.02  # of the range, from its end
_HOLE_SHARE = 0.15  # of the range, that nothing was tried in
_APART_SHARE = 0.25  # of the range, between two regions
_FEWEST = 3  # configurations of a region, and between two


def narrow_range(seen: SeenParam) -> Move | None:
    """Narrow a log range to centre/sqrt(k) .. centre*sqrt(k) about a cluster of the top."""
    scale = seen.scale
    if scale is None or not scale.is_log or not seen.is_established or not _is_cluster(seen):
        return None
    half = math.log(seen.factor) / 2
    centre = float(np.median(seen.top))
    low, high = _settle(scale, centre - half, centre + half)
    return _propose(
        seen,
        "narrow",
        low,
        high,
        f"{seen.describe_top()}, about {seen.write(round_digits(math.exp(centre), 3))}; narrow the "
        f"range to {seen.write_range(low, high)}, a factor {seen.factor:g} about that centre",
    )


def shift_range(seen: SeenParam) -> Move | None:
    """Shift a range towards where the three best lie, away from what fails.

    On the side to which they lean it ends a margin beyond the top; on the other with the least of
    the three best. Where the top begins at the edge of what was tested, its other end stays with
    the top, and the range goes beyond that edge as far as was declared: a rate by sqrt(k), others
    by a margin. A margin is a tenth of the tested range.
    """
    scale = seen.scale
    if scale is None or not seen.is_established or not len(seen.top) or not _leaves_some(seen):
        return None
    low, high = seen.bulk
    edge = _find_edge(seen)
    lean = edge or _find_lean(seen)
    if lean == 0 or (scale.is_log and edge == 0 and _is_cluster(seen)):
        return None
    margin = _MARGIN * seen.span
    if edge and scale.is_log:
        margin = max(margin, math.log(seen.factor) / 2)
    near = (low if lean < 0 else high) + lean * margin
    if edge and scale.is_log:
        near = scale.to_position(round_digits(scale.from_position(near), 1))
    far = (high if lean < 0 else low) if edge else float(max(-lean * seen.best) * -lean)
    if not edge and scale.space is None:  # what was tested holds it
        near = float(np.clip(near, seen.places.min(), seen.places.max()))
    ends = _settle(scale, *sorted((near, far)))
    if not _is_change(scale, *ends):
        return None
    side = "the lowest" if lean < 0 else "the highest"
    half = "below" if lean < 0 else "above"
    why = (
        f", {side} values that were tested"
        if edge
        else f", the three best at {_list_best(seen)}, {half} its middle"
    )
    word = "down" if lean < 0 else "up"
    return _propose(
        seen,
        "shift",
        *ends,
        f"{seen.describe_top()}{why}; shift the range {word} to {seen.write_range(*ends)}",
        tried=_go_beyond(seen, ends[edge > 0]) if edge else None,
    )


def close_range(seen: SeenParam) -> Move | None:
    """Narrow a range to the top with a margin about it, where that leaves something out."""
    scale = seen.scale
    if scale is None or not seen.is_established or not len(seen.top) or not _leaves_some(seen):
        return None
    margin = _MARGIN * seen.span
    ends = (seen.bulk[0] - margin, seen.bulk[1] + margin)
    low, high = _settle(scale, *np.clip(ends, seen.places.min(), seen.places.max()))
    if not _is_change(scale, low, high):
        return None
    return _propose(
        seen,
        "narrow",
        low,
        high,
        f"{seen.describe_top()}; narrow the range to {seen.write_range(low, high)}",
    )


def keep_regions(seen: SeenParam) -> Move | None:
    """Keep two regions of which each beats what lies between them, and the range that holds both.

    Between them at least three configurations were tried, and Welch's t test tells them from each.
    """
    scale = seen.scale
    if scale is None or not seen.is_established or len(seen.top) < 2 * _FEWEST:
        return None
    for hole in find_holes(seen.top)[:2]:
        low, high = _grow_regions(seen, *hole)
        is_low = (seen.places >= seen.top.min()) & (seen.places <= low)
        is_high = (seen.places <= seen.top.max()) & (seen.places >= high)
        is_between = (seen.places > low) & (seen.places < high)
        counts = [(seen.is_top & side).sum() for side in (is_low, is_high)]
        if high - low < _APART_SHARE * seen.span or min(*counts, is_between.sum()) < _FEWEST:
            continue
        between = seen.gains[is_between]
        tests = [
            ttest_ind(between, seen.gains[side], equal_var=False, alternative="less").pvalue
            for side in (is_low, is_high)
        ]
        if max(tests) < ALPHA:
            ends = float(seen.top.min()), float(seen.top.max())
            return _keep_both(seen, scale, (ends[0], low), (high, ends[1]))
    return None


def _grow_regions(seen: SeenParam, low: float, high: float) -> tuple[float, float]:
    """Return the inner ends of two regions with the neighbours that are as good, on average."""
    between = np.unique(seen.places[(seen.places > low) & (seen.places < high)])
    if not len(between):
        return low, high
    means = np.array([seen.gains[seen.places == place].mean() for place in between])
    bar = (seen.gains[seen.is_top].mean() + means.min()) / 2
    is_good = means >= bar
    n_low = len(between) if is_good.all() else int(np.argmin(is_good))
    n_high = 0 if is_good.all() else int(np.argmin(is_good[::-1]))
    grown = (between[n_low - 1] if n_low else low, between[-n_high] if n_high else high)
    return float(grown[0]), float(grown[1])


def widen_range(seen: SeenParam, step: float | None = None) -> Move | None:
    """Widen a range that the top spans from end to end, a step beyond both; as far as declared.

    Parameters
    ----------
    step
        Of the values to come, where they become coarser.
    """
    scale = seen.scale
    if scale is None or len(scale.values) < _FEWEST or not len(seen.top):
        return None
    if not _spans_most(seen):
        return None
    if seen.table.is_binned and not scale.is_log:  # a range was drawn from, and has no steps
        margin = _MARGIN * seen.span
        low, high = _settle(scale, seen.places.min() - margin, seen.places.max() + margin)
    else:
        low, high = _step_out(scale, step, seen.factor)
    inside = [value for value in scale.values if value > 0 or not scale.is_log]
    if not _is_wider(scale, low, high):
        return None
    beyond = tuple(end for end in (high, low) if not inside[0] <= end <= inside[-1])
    doubt = "" if seen.is_established else f", {seen.explain_doubt()}"
    steps = f" in steps of {step:g}" if step else ""
    return Move(
        param=seen.param,
        action="widen",
        values=keep_apart(seen.param, scale, beyond, scale.values),
        low=low,
        high=high,
        step=step,
        evidence=f"{seen.describe_top()}, the whole tested range{doubt}; widen it to "
        f"{seen.write_range(low, high)}{steps}.",
        is_established=seen.is_established,
    )


def _propose(
    seen: SeenParam,
    action: MoveRule,
    low: float,
    high: float,
    sentence: str,
    *,
    tried: tuple[float, ...] | None = None,
) -> Move:
    """Return a move to a range, with values in it that are given, or else its widest hole first."""
    scale = seen.scale
    assert scale is not None
    taken = [scale.from_position(float(seen.best[0]))] if len(seen.best) else []
    wanted = _fill_range(seen, scale, low, high) if tried is None else tried
    return Move(
        param=seen.param,
        action=action,
        values=keep_apart(seen.param, scale, wanted, taken),
        low=low,
        high=high,
        evidence=f"{sentence}.",
        is_established=seen.is_established,
    )


def _fill_range(seen: SeenParam, scale: Scale, low: float, high: float) -> tuple[float, ...]:
    """Return values inside a range: its widest hole first, then ends that are new, then others."""
    first, last = scale.to_position(low), scale.to_position(high)
    inside = seen.places[(seen.places >= first) & (seen.places <= last)]
    holes = [
        settle_value(scale, scale.from_position((a + b) / 2))
        for a, b in find_holes(inside)
        if b - a > _HOLE_SHARE * seen.span
    ]
    beyond = [end for end in (low, high) if not scale.values[0] <= end <= scale.values[-1]]
    near = (last - first) / (2 * N_SPREAD)  # half a step, from the best
    spread = [
        value
        for value in spread_values(scale, low, high)
        if np.abs(scale.to_position(value) - seen.best[:1]).min(initial=math.inf) >= near
    ]
    return tuple(dict.fromkeys((*holes, *beyond, *spread)))


def _go_beyond(seen: SeenParam, end: float) -> tuple[float, ...]:
    """Return a new end, and what lies midway between it and the best."""
    assert seen.scale is not None
    middle = (float(seen.best[0]) + seen.scale.to_position(end)) / 2
    return end, settle_value(seen.scale, seen.scale.from_position(middle))


def _keep_both(
    seen: SeenParam, scale: Scale, first: tuple[float, float], second: tuple[float, float]
) -> Move:
    lows, highs = (tuple(map(scale.from_position, side)) for side in (first, second))
    middles = (settle_value(scale, scale.from_position(sum(side) / 2)) for side in (first, second))
    best = scale.from_position(float(seen.best[0]))
    return Move(
        param=seen.param,
        action="regions",
        values=keep_apart(seen.param, scale, middles, [best]),
        low=lows[0],
        high=highs[1],
        evidence=f"{seen.param}: two regions stand apart, {seen.write_range(*lows)} and "
        f"{seen.write_range(*highs)}: what was tried between them is worse than both; keep both, "
        f"the range {seen.write_range(lows[0], highs[1])}.",
        is_established=seen.is_established,
    )


def _is_cluster(seen: SeenParam) -> bool:
    """Say whether most of the top lies close together, in a range that reaches further."""
    if not len(seen.top) or seen.span == 0:
        return False
    return (seen.bulk[1] - seen.bulk[0]) <= _CLUSTER_SHARE * seen.span


def _leaves_some(seen: SeenParam) -> bool:
    """Say whether the top with its margins leaves out something that was tried."""
    low, high = seen.bulk
    margin = 2 * _MARGIN * seen.span
    return bool(low - margin > seen.places.min() or high + margin < seen.places.max())


def _spans_most(seen: SeenParam) -> bool:
    """Say whether the top reaches both ends of what was tested, and most of it most of the way."""
    low, high = seen.bulk
    near = _EDGE_SHARE * seen.span
    reaches = seen.top.min() - seen.places.min() <= near >= seen.places.max() - seen.top.max()
    return bool(reaches) and high - low >= _WIDE_SHARE * seen.span > 0


def _find_edge(seen: SeenParam) -> int:
    """Return the side on which the top begins at the edge of what was tested: -1, +1 or 0."""
    assert seen.scale is not None
    near = _EDGE_SHARE * seen.span
    tested = [value for value in seen.scale.values if value > 0 or not seen.scale.is_log]
    for side, end, value in ((-1, seen.bulk[0], tested[0]), (1, seen.bulk[1], tested[-1])):
        place, best = seen.scale.to_position(value), float(seen.best[0])
        at_edge = min(abs(end - place), abs(best - place)) <= near
        if at_edge and seen.scale.find_open_end(value) == side:
            return side
    return 0


def _is_change(scale: Scale, low: float, high: float) -> bool:
    """Say whether a range is one, and not just what was tested or declared."""
    return low < high and (low, high) not in {scale.ends, (scale.values[0], scale.values[-1])}


def _is_wider(scale: Scale, low: float, high: float) -> bool:
    """Say whether a range goes beyond what was tested by more than a share of it."""
    tested = [scale.to_position(value) for value in scale.values if value > 0 or not scale.is_log]
    least = _EDGE_SHARE * 2 * (tested[-1] - tested[0])
    beyond = (tested[0] - scale.to_position(low), scale.to_position(high) - tested[-1])
    return max(beyond) > least


def _find_lean(seen: SeenParam) -> int:
    """Return to which side of the top's middle the three best lie: -1, +1, or 0."""
    low, high = seen.bulk
    middle, best = (low + high) / 2, seen.best
    off = (float(best.min()) + float(best.max())) / 2 - middle
    is_same_side = (float(best[0]) - middle) * off > 0
    return int(np.sign(off)) if is_same_side and abs(off) >= _LEAN * (high - low) else 0


def _list_best(seen: SeenParam) -> str:
    assert seen.scale is not None
    ends = (seen.scale.from_position(float(end)) for end in (seen.best.min(), seen.best.max()))
    return " to ".join(dict.fromkeys(seen.write(round_digits(end, 4)) for end in ends))


def _settle(scale: Scale, first: float, last: float) -> tuple[float, float]:
    """Return the ends of a range of positions as values that the hyperparameter may have."""
    low, high = (scale.from_position(place) for place in (first, last))
    tested = scale.values
    if scale.is_whole:
        low, high = float(math.floor(low + 1e-9)), float(math.ceil(high - 1e-9))
    low, high = round_digits(low, 3), round_digits(high, 3)
    if scale.space is not None:
        low, high = (float(np.clip(end, *scale.limits)) for end in (low, high))
        return scale.settle_range(low, high)
    if tested[0] >= 0:  # nothing crosses zero, and whole numbers that count begin at 1
        low = max(low, min(1.0, tested[0]) if scale.is_whole else 0.0)
    if tested[0] >= 0 and tested[-1] < 1 <= high and not scale.is_whole:
        high = round_digits((tested[-1] + 1) / 2, 3)
    return low, high


def _step_out(scale: Scale, step: float | None, factor: float) -> tuple[float, float]:
    """Return the ends of a range a step wider on both sides, where that makes sense."""
    inside = [value for value in scale.values if value > 0 or not scale.is_log]
    if step:
        low = inside[0] - step if inside[0] > step else inside[0]
        high = low + step * math.floor((inside[-1] + step - low) / step + 1e-9)
        return _settle(scale, *map(scale.to_position, (low, high)))
    below = scale.step_beyond(inside[0], -1, math.sqrt(factor))
    above = scale.step_beyond(inside[-1], 1, math.sqrt(factor))
    return (inside[0] if below is None else below, inside[-1] if above is None else above)
