"""How far seeds alone move a mean, where two means rest on different seeds of the same rows."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import beta
from scipy.stats import t as student

from analysis.statistics.comparisons.contrast import LEVEL


@dataclass(frozen=True, slots=True)
class SeedSpread:
    """How much the seeds of one configuration differ, pooled over several.

    Attributes
    ----------
    deviation : float
        s with ``s^2 = sum_k sum_i (x_ki - mean_k)^2 / df``; NaN where no configuration has two
        seeds.
    df : int
        ``sum_k (n_k - 1)``.
    """

    deviation: float
    df: int

    def measure_error(self, n_seeds: int) -> float:
        """Return the standard error of a mean over so many seeds, ``s / sqrt(n)``."""
        return self.deviation / float(np.sqrt(n_seeds))

    def measure_reach(self, n_seeds: int, *, level: float = LEVEL) -> float:
        """Return half the width of the interval for such a mean, by t; NaN without a spread."""
        if not self.df:
            return float("nan")
        return float(student.ppf((1 + level) / 2, self.df)) * self.measure_error(n_seeds)


@dataclass(frozen=True, slots=True)
class MeanShift:
    """The difference of two means over different seeds: the second less the first.

    Attributes
    ----------
    estimate, standard_error : float
    df : int
    low, high : float
        Interval by t; NaN where no spread is known.
    """

    estimate: float
    standard_error: float
    df: int
    low: float
    high: float


def pool_spread(groups: Iterable[ArrayLike]) -> SeedSpread:
    """Pool the spread between seeds over configurations, of each its scores, shape (n_k,).

    With two or three seeds a configuration's own deviation is hardly known; that configurations
    share one is the price of an interval that means something.
    """
    arrays = [np.asarray(group, dtype=np.float64) for group in groups]
    known = [array for array in arrays if array.size > 1]
    df = sum(array.size - 1 for array in known)
    if not df:
        return SeedSpread(float("nan"), 0)
    squares = sum(float(((array - array.mean()) ** 2).sum()) for array in known)
    return SeedSpread(float(np.sqrt(squares / df)), df)


def shift_mean(
    first: ArrayLike, second: ArrayLike, spread: SeedSpread, *, level: float = LEVEL
) -> MeanShift:
    """Compare two means over different seeds, ``SE^2 = s^2 (1/n_1 + 1/n_2)``, by t.

    Of seeds alone: on the same rows, rows move both means alike.

    Parameters
    ----------
    first, second : array_like, shapes (n_1,), (n_2,)
        Scores by seed, none of a seed that both have.
    spread : SeedSpread
    level : float
        Coverage of the interval.

    Raises
    ------
    ValueError
        If one of them is empty.
    """
    before, after = (np.asarray(side, dtype=np.float64) for side in (first, second))
    if not (before.size and after.size):
        raise ValueError(f"got {before.size} and {after.size} scores, expected one or more of each")
    estimate = float(after.mean() - before.mean())
    error = spread.deviation * float(np.sqrt(1 / before.size + 1 / after.size))
    reach = float(student.ppf((1 + level) / 2, spread.df)) * error if spread.df else float("nan")
    return MeanShift(estimate, error, spread.df, estimate - reach, estimate + reach)


def bound_share(n_hits: int, n: int, *, level: float = LEVEL) -> tuple[float, float]:
    """Return the exact interval of a share: Clopper & Pearson (1934), Biometrika 26, 404-413.

    Parameters
    ----------
    n_hits, n : int
        Of n independent tries, so many.

    Raises
    ------
    ValueError
        If there are no tries, or more hits than tries.
    """
    if not 0 <= n_hits <= n or n == 0:
        raise ValueError(f"got {n_hits} of {n}, expected a count of one or more tries")
    tail = (1 - level) / 2
    low = float(beta.ppf(tail, n_hits, n - n_hits + 1)) if n_hits else 0.0
    high = float(beta.isf(tail, n_hits + 1, n - n_hits)) if n_hits < n else 1.0
    return low, high
