"""How much more often a value stands among the top than among all, with an exact interval."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import gammaln


@dataclass(frozen=True, slots=True)
class Lift:
    """A lift and its interval.

    Attributes
    ----------
    ratio, low, high : float
        Share of the top over share of all; 1 is no effect. All three lie between what the margins
        allow: no lift exceeds total / top_total, nor total / count.
    """

    ratio: float
    low: float
    high: float


def estimate_lift(
    top_count: int, top_total: int, count: int, total: int, *, level: float = 0.95
) -> Lift:
    """Return ``(top_count / top_total) / (count / total)`` with its exact interval.

    How often each value was tried and how large the top is are known, not sampled. With these
    margins fixed the count in the top is hypergeometric, with odds 1 where the value does nothing
    and otherwise Fisher's noncentral one. Both ends of the interval of the odds invert that test
    (Cornfield 1956, Proc. 3rd Berkeley Symp. 4, 135-148); an end is given as the lift to expect at
    those odds. So the interval holds 1 wherever the count lies within chance, and it never leaves
    what is possible.

    Parameters
    ----------
    top_count, top_total : int
        Of the top with the value, and in the top.
    count, total : int
        With the value, and in all, the top included.
    level : float
        Coverage of the interval, at least.

    Raises
    ------
    ValueError
        If none has the value, or the top is empty or not a part of all.
    """
    if not 0 < count <= total:
        raise ValueError(f"count, total: got {count} of {total}, expected 0 < count <= total")
    if not 0 <= top_count <= top_total or top_total < 1:
        raise ValueError(
            f"top_count, top_total: got {top_count} of {top_total}, "
            "expected 0 <= top_count <= top_total > 0"
        )
    if top_count > count or top_total - top_count > total - count:
        raise ValueError(
            f"top_count, top_total: got {top_count} of {top_total}, "
            f"expected a part of the {count} of {total}"
        )
    law = _NoncentralHypergeometric(top_total, count, total)
    low, high = law.invert(top_count, (1 - level) / 2)
    one = top_total * count / total
    return Lift(top_count / one, low / one, high / one)


class _NoncentralHypergeometric:
    """The law of the count with the value in the top, margins fixed, as its odds vary."""

    def __init__(self, top_total: int, count: int, total: int) -> None:
        low, high = max(0, top_total + count - total), min(top_total, count)
        self.support: NDArray[np.int64] = np.arange(low, high + 1)
        inside, outside = self.support, top_total - self.support
        self.log_weights: NDArray[np.float64] = -(
            gammaln(inside + 1)
            + gammaln(count - inside + 1)
            + gammaln(outside + 1)
            + gammaln(total - count - outside + 1)
        )

    def weigh(self, log_odds: float) -> NDArray[np.float64]:
        """Return the probabilities of the support."""
        exponents = self.log_weights + log_odds * self.support
        weights = np.exp(exponents - exponents.max())
        return np.asarray(weights / weights.sum())

    def invert(self, seen: int, tail: float) -> tuple[float, float]:
        """Return the expected counts at the odds that give each tail beyond what was seen."""
        low, high = float(self.support[0]), float(self.support[-1])
        is_up, is_down = self.support >= seen, self.support <= seen
        if seen > low:
            low = self._expect(_find_zero(lambda odds: self.weigh(odds)[is_up].sum() - tail))
        if seen < high:
            high = self._expect(_find_zero(lambda odds: tail - self.weigh(odds)[is_down].sum()))
        return low, high

    def _expect(self, log_odds: float) -> float:
        return float(self.weigh(log_odds) @ self.support)


def _find_zero(rises: Callable[[float], float]) -> float:
    """Return the zero of a rising function of the log odds."""
    reach = 1.0
    while not rises(-reach) < 0 < rises(reach) and not math.isinf(reach):
        reach *= 2
    return float(brentq(rises, -reach, reach))
