"""Shares and lifts with intervals."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share and its interval.

    Attributes
    ----------
    share, low, high : float
        From 0 to 1.
    count, total : int
        What the share is of.
    """

    share: float
    low: float
    high: float
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class Lift:
    """How much more often a value stands among the top trials than among all.

    Attributes
    ----------
    ratio, low, high : float
        Share of the top over share of the trials; 1 is no effect.
    top : Proportion
        Share of the top trials that have the value.
    overall : float
        Share of all trials that have it.
    """

    ratio: float
    low: float
    high: float
    top: Proportion
    overall: float


def estimate_proportion(count: int, total: int, *, level: float = 0.95) -> Proportion:
    """Return ``p = count / total`` with its Wilson interval.

    ``(p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)``: Wilson (1927), JASA 22,
    209-212. It keeps its coverage for the small counts of trend tables, and at 0 and n.

    Parameters
    ----------
    count, total : int
        With the value, and in all.
    level : float
        Coverage of the interval.

    Raises
    ------
    ValueError
        If there are no trials, or not ``0 <= count <= total``.
    """
    if total < 1 or not 0 <= count <= total:
        raise ValueError(f"count, total: got {count} of {total}, expected 0 <= count <= total > 0")
    z = float(norm.isf((1 - level) / 2))
    share = count / total
    centre = share + z**2 / (2 * total)
    reach = z * np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    scale = 1 + z**2 / total
    low = max(0.0, float(centre - reach) / scale) if count else 0.0
    high = min(1.0, float(centre + reach) / scale) if count < total else 1.0
    return Proportion(share, low, high, count, total)


def estimate_lift(
    top_count: int, top_total: int, count: int, total: int, *, level: float = 0.95
) -> Lift:
    """Return share of the top over share of the trials.

    The interval is the Wilson interval of the share of the top, divided by the share of the
    trials: which values were tried how often is known, not sampled.

    Parameters
    ----------
    top_count, top_total : int
        Top trials with the value, and all top trials.
    count, total : int
        Trials with the value, and all trials, the top ones included.
    level : float
        Coverage of the interval.

    Raises
    ------
    ValueError
        If no trial has the value, or the top is not part of the trials.
    """
    if not 0 < count <= total:
        raise ValueError(f"count, total: got {count} of {total}, expected 0 < count <= total")
    if top_count > count or top_total - top_count > total - count:
        raise ValueError(
            f"top_count, top_total: got {top_count} of {top_total}, "
            f"expected a part of the {count} of {total} trials"
        )
    top = estimate_proportion(top_count, top_total, level=level)
    overall = count / total
    return Lift(top.share / overall, top.low / overall, top.high / overall, top, overall)
