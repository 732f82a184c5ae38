"""Which values of a hyperparameter can be told apart, and a few of a range that can."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analysis.frames.scale import Scale, round_digits
from trial_sets.linting.role import tell_role
from trial_sets.linting.spacing import (
    ROUNDING,
    SHARES,
    SMALLEST_DIFFERENCE,
    SMALLEST_FACTOR,
    SMALLEST_SHARE,
)

N_SPREAD = 3  # values of a range


def is_apart(param: str, scale: Scale, value: float, other: float) -> bool:
    """Say whether two values are far enough from each other that trials may tell them apart.

    By the steps that the linter asks of hand-written trials.
    """
    low, high = sorted((value, other))
    if scale.is_whole or scale.choices:
        return low != high
    if tell_role(param) in SHARES:
        return high - low >= SMALLEST_DIFFERENCE * (1 - ROUNDING)
    if scale.is_log:
        return low <= 0 < high or high >= low * SMALLEST_FACTOR
    return high - low >= SMALLEST_SHARE * (scale.ends[1] - scale.ends[0]) * 2


def keep_apart(
    param: str, scale: Scale, values: Iterable[float], taken: Iterable[float]
) -> tuple[float, ...]:
    """Return the values that can be told from those that are taken, and from each other."""
    kept: list[float] = []
    listed = list(taken)
    for value in values:
        if all(is_apart(param, scale, value, other) for other in (*listed, *kept)):
            kept.append(value)
    return tuple(kept)


def spread_values(scale: Scale, low: float, high: float, n: int = N_SPREAD) -> tuple[float, ...]:
    """Return a few allowed values inside a range, the middle first, rounded to two digits.

    They lie at equal steps on the scale, half a step from its ends.
    """
    first, last = scale.to_position(low), scale.to_position(high)
    shares = sorted(((2 * i + 1) / (2 * n) for i in range(n)), key=lambda share: abs(share - 0.5))
    found = (settle_value(scale, scale.from_position(first + s * (last - first))) for s in shares)
    return tuple(dict.fromkeys(value for value in found if low <= value <= high))


def settle_value(scale: Scale, value: float) -> float:
    """Return the nearest value that the hyperparameter may have, as round as its scale."""
    if scale.choices:
        return min(scale.choices, key=lambda choice: abs(choice - value))
    if scale.is_whole:
        unit = scale.unit if scale.unit > 1 else 1
        return scale.settle_on_step(float(unit * round(value / unit)))
    return scale.settle_on_step(round_digits(value, 2))


def find_holes(places: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return the widest stretches between neighbouring positions, the widest first."""
    ordered = np.unique(places)
    gaps = [(float(a), float(b)) for a, b in pairwise(ordered)]
    return sorted(gaps, key=lambda gap: gap[0] - gap[1])
