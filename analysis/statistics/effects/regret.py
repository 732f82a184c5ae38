"""The best so far of a search, beside what the same values would give in a random order."""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln
from scipy.stats import rankdata, spearmanr

Floats = NDArray[np.float64]
LEVEL = 0.95
N_ORDERS, _N_FINE = 999, 4_999
_SEED = 20030101
_MOST_ORDERED = 7  # values, of which all orders are few


@dataclass(frozen=True, slots=True, eq=False)
class RegretCurve:
    """The best of the first t of N trials, for every t, and its law in a random order.

    Attributes
    ----------
    best
        Shape (N,): the best value so far.
    low, median, high
        Shape (N,): quantiles of the best of the first t in a random order of the same values; at
        each t by itself at least 95 % of the orders lie from `low` to `high`.
    p_above, p_below
        The share of random orders whose best lies above the band, or below, after as many numbers
        of trials as it does here; 1 where it never does.
    """

    best: Floats
    low: Floats
    median: Floats
    high: Floats
    p_above: float
    p_below: float

    @property
    def n(self) -> int:
        """How many trials there are."""
        return len(self.best)

    @property
    def regret(self) -> Floats:
        """Simple regret against the search's own best, shape (N,); it ends at 0."""
        return np.asarray(self.best[-1] - self.best)

    @property
    def place(self) -> int:
        """The trial, from 1, that brought the best value first."""
        return int(np.argmax(self.best == self.best[-1])) + 1

    @property
    def above(self) -> int:
        """After how many numbers of trials the best lies above the band: good ones came early."""
        return int((self.best > self.high).sum())

    @property
    def below(self) -> int:
        """After how many it lies below: good ones came late."""
        return int((self.best < self.low).sum())


@dataclass(frozen=True, slots=True)
class OrderTrend:
    """Whether later trials are better: Spearman's correlation of value and place.

    Attributes
    ----------
    rho, p_value
        NaN where there are fewer than four trials, or all values are equal. Two-sided.
    n
        Trials.
    """

    rho: float
    p_value: float
    n: int


def trace_regret(gains: ArrayLike) -> RegretCurve:
    """Return the best so far and its law in a random order.

    The first t of N values in a random order are a simple random sample of t without replacement.
    With ``v_(1) <= ... <= v_(N)`` their best is at most v_(k) with probability
    ``C(k, t) / C(N, t)``, and is v_(k) with ``C(k - 1, t - 1) / C(N, t)`` (David and Nagaraja 2003,
    Order Statistics, section 3.7). Equal values are told apart by nobody, which changes none of it.
    Over all places together a random order leaves the band more often than in one of twenty, so
    that the number of places where the best lies outside is compared with that of 999 random
    orders, by a fixed generator.

    Parameters
    ----------
    gains : array_like, shape (N,)
        In the order of the trials, more is better.

    Raises
    ------
    ValueError
        Without a value, or with one that is not finite.
    """
    values = np.asarray(gains, dtype=np.float64)
    if values.size < 1 or not np.isfinite(values).all():
        raise ValueError("gains: expected finite values, at least one")
    ordered, tail = np.sort(values), (1 - LEVEL) / 2
    low, median, high = (
        ordered[_find_rank(values.size, level) - 1] for level in (tail, 0.5, 1 - tail)
    )
    best = np.maximum.accumulate(values)
    rng = np.random.default_rng(_SEED)
    orders = [np.maximum.accumulate(rng.permutation(values)) for _ in range(N_ORDERS)]
    return RegretCurve(
        best,
        low,
        median,
        high,
        p_above=_share_as_many([int((one > high).sum()) for one in (best, *orders)]),
        p_below=_share_as_many([int((one < low).sum()) for one in (best, *orders)]),
    )


def measure_order_trend(gains: ArrayLike) -> OrderTrend:
    """Return Spearman's rank correlation of the values with their places, and its test.

    That is by all orders of up to seven values, and by Student's t of more: of five, the latter
    says 0.037 of a correlation of 0.9, which one order in twelve has.

    Parameters
    ----------
    gains : array_like, shape (N,)
        In the order of the trials, more is better.
    """
    values = np.asarray(gains, dtype=np.float64)
    if values.size < 4 or np.ptp(values) == 0:
        return OrderTrend(np.nan, np.nan, values.size)
    found = spearmanr(np.arange(values.size), values)
    p_value = float(found.pvalue) if values.size > _MOST_ORDERED else _count_orders(values)
    return OrderTrend(float(found.statistic), p_value, values.size)


def _count_orders(values: Floats) -> float:
    """Return the share of all orders whose rank correlation with the places is as far from 0."""
    places = np.arange(values.size) - (values.size - 1) / 2
    found = np.abs(np.array(list(permutations(rankdata(values)))) @ places)
    return float(np.mean(found >= found[0] - 1e-9))  # the first is the order that there is


def expect_gain(gains: ArrayLike, window: int) -> float:
    """Return by how much the last `window` of N trials better the best in a random order.

    On average, that is: the best of all less the expected best of the first N - window.

    Parameters
    ----------
    gains : array_like, shape (N,)
        More is better.
    window
        At least 1 and less than N.

    Raises
    ------
    ValueError
        If nothing is left before the window, or it holds nothing.
    """
    values = np.sort(np.asarray(gains, dtype=np.float64))
    n = values.size
    if not 1 <= window < n:
        raise ValueError(f"window: got {window}, expected 1 to {n - 1}")
    below = _choose_share(np.arange(1, n + 1), np.asarray(n - window), n)
    return float(values[-1] - np.diff(below, prepend=0.0) @ values)


def chance_of_standing(gains: ArrayLike, window: int) -> float:
    """Return in which share of random orders the best stands for so many further values somewhere.

    A rule that is looked at after each of N values ends a search the first time that it is met, so
    that this is how often it has ended one by then. By 4,999 orders of a fixed generator; of
    distinct values and window >= N / 2 it is 1 / (window + 1) + ... + 1 / N.

    Parameters
    ----------
    gains : array_like, shape (N,)
        More is better; minus infinity of what never is the best.
    window
        Values, at least 1.
    """
    values, rng = np.asarray(gains, dtype=np.float64), np.random.default_rng(_SEED)
    orders = (np.maximum.accumulate(rng.permutation(values)) for _ in range(_N_FINE))
    return sum(_find_longest(best) > window for best in orders) / _N_FINE


def _find_longest(best: Floats) -> int:
    """Return over how many places together the best so far has been one finite value."""
    starts = np.flatnonzero(np.r_[True, best[1:] != best[:-1]])
    lengths = np.diff(np.r_[starts, len(best)])
    return int(lengths[np.isfinite(best[starts])].max(initial=0))


def _share_as_many(counts: list[int]) -> float:
    """Return the share of counts, the first among them, that are at least the first."""
    return sum(count >= counts[0] for count in counts) / len(counts)


def _find_rank(n: int, level: float) -> NDArray[np.int64]:
    """Return for t = 1..n the least k with C(k, t) / C(n, t) >= level, by bisection, shape (n,)."""
    sizes = np.arange(1, n + 1)
    low, high = sizes.copy(), np.full(n, n)
    while (low < high).any():
        middle = (low + high) // 2
        is_enough = _choose_share(middle, sizes, n) >= level - 1e-12
        high = np.where(is_enough, middle, high)
        low = np.where(is_enough, low, np.minimum(middle + 1, high))
    return high


def _choose_share(k: NDArray[np.int64], t: NDArray[np.int64], n: int) -> Floats:
    """Return C(k, t) / C(n, t), 0 where k < t, at most 1."""
    rest = np.maximum(k - t, 0)
    log_share = gammaln(k + 1) - gammaln(rest + 1) - gammaln(n + 1) + gammaln(n - t + 1)
    return np.where(k < t, 0.0, np.exp(np.minimum(log_share, 0.0)))
