"""Looking at a claim more than once: thresholds by look, and when to stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm

from analysis.statistics.comparisons.contrast import Contrast

USUAL_PLAN = (2, 4, 7, 10)
_USUAL_THRESHOLDS = (0.001, 0.01, 0.03, 0.04)
_MOST_LOOKS_CHARGED = 4
_ROWS_PER_SEED = 0.20  # V_row / V_s: how the noise of the rows compares with that of one seed
_SPENDING_Z = 2.2414  # alpha(1) = 0.025 on the side of the claim
_END_LEVEL = 0.04  # the last threshold of the usual plan
_FUTILE = 0.10
_GRID_STEPS = 600


class Stop(StrEnum):
    """Why no further look at a claim is needed that is not confirmed."""

    REFUTED = "refuted"
    FUTILE = "inconclusive, stopped for futility"


def list_thresholds(plan: Sequence[int]) -> tuple[float, ...]:
    """Return below which Holm-adjusted p a claim is confirmed at each look of a declared plan.

    Information I = 1 / (V_row + V_s / S) has independent increments, so that group-sequential
    theory holds. The usual plan, S = 2, 4, 7, 10, has 0.001, 0.01, 0.03, 0.04. Others spend
    ``alpha(t) = 2 (1 - Phi(2.2414 / sqrt(t)))`` at ``t = (0.20 + 1/S_max) / (0.20 + 1/S)``
    (Lan & DeMets 1983, Biometrika 70, 659-663, of O'Brien & Fleming's type): the probability of
    a false confirmation at any look is 0.025. One look at the end keeps 0.05, two-sided.

    Parameters
    ----------
    plan : sequence of int
        Seeds at each look, growing.

    Returns
    -------
    tuple of float
        For two-sided p values.

    Raises
    ------
    ValueError
        If the plan does not grow from 1 or more.
    """
    seeds = tuple(plan)
    if not seeds or seeds[0] < 1 or any(b <= a for a, b in pairwise(seeds)):
        raise ValueError(f"plan: got {list(seeds)}, expected numbers of seeds that grow")
    if seeds == USUAL_PLAN:
        return _USUAL_THRESHOLDS
    times = [(_ROWS_PER_SEED + 1 / seeds[-1]) / (_ROWS_PER_SEED + 1 / one) for one in seeds]
    paths, spent, bounds = _Paths.start(), 0.0, []
    for time in times:
        due = 2 * float(norm.sf(_SPENDING_Z / np.sqrt(time)))
        bounds.append(paths.find_bound(time, due - spent))
        paths, spent = paths.carry_on(time, bounds[-1]), due
    return tuple(2 * float(norm.sf(bound)) for bound in bounds)


def adjust_for_looks(p_value: float, n_looks: int, elsewhere: Sequence[int] = ()) -> float:
    """Return the p value of a claim without a declared plan, looked at before.

    ``min(1, p sum(min(looks, 4)))``, the sum over runs; the first look as it is. A run's factor
    stops at four since looks at the same rows are much alike: simulated from 2 to 10 seeds, one
    added at a time, a false confirmation stays below 0.03. It holds by the test's conservatism and
    not by a bound. Looks in another run, at other folds or rows, are not alike: each run counts.

    Parameters
    ----------
    p_value : float
    n_looks : int
        In this run, this one included, 1 or more.
    elsewhere : sequence of int
        In each other run before.

    Raises
    ------
    ValueError
        If there was no look.
    """
    if n_looks < 1:
        raise ValueError(f"n_looks: got {n_looks}, expected 1 or more")
    return min(1.0, p_value * count_charged(n_looks, elsewhere))


def count_charged(n_looks: int, elsewhere: Sequence[int] = ()) -> int:
    """Return by what p is multiplied after some looks; see `adjust_for_looks`."""
    return sum(min(number, _MOST_LOOKS_CHARGED) for number in (n_looks, *elsewhere))


def find_conditional_power(
    contrast: Contrast,
    *,
    last_seeds: int,
    design: float,
    rope: float,
    level: float = _END_LEVEL,
) -> float:
    """Return the probability that the last look confirms, if the difference is that designed for.

    ``V_end = max(SE^2 - V_seed, 0) + min(V_seed, SE^2) S / S_max``, ``t = V_end / SE^2``,
    ``m = d + t (estimate - d)`` and ``CP = 1 - Phi((max(z sqrt(V_end), ROPE) - m) /
    sqrt(V_end (1 - t)))`` with z of the last look's level. At the difference designed for, not at
    the current trend, which costs most power: Lachin (2005), Statistics in Medicine 24, 2747-2764.

    Over folds SE^2 is taken without V_period: a part that can't be negative is too large on
    average where there is none, most so with few seeds, and would end claims for futility whose
    later looks confirm them. Where there is one, the claim is run on for longer than it need be.

    Parameters
    ----------
    contrast : Contrast
        At this look, with S seeds.
    last_seeds : int
        S_max of the plan.
    design : float
        d, the difference that the plan is meant to find, in units of the metric.
    rope : float
        Smallest estimate that counts.
    level : float
        That p has to stay below at the last look.

    Raises
    ------
    ValueError
        If the plan has fewer seeds than the contrast.
    """
    if last_seeds < contrast.n_seeds:
        raise ValueError(f"last_seeds: got {last_seeds}, expected {contrast.n_seeds} or more")
    now = contrast.standard_error**2 - contrast.variance_periods
    if now <= 0:
        return float(contrast.estimate >= rope and contrast.estimate > 0)
    of_seeds = min(contrast.variance_seeds, now)
    end = now - of_seeds + of_seeds * contrast.n_seeds / last_seeds
    share = end / now
    expected = design + share * (contrast.estimate - design)
    missing = max(float(norm.isf(level / 2) * np.sqrt(end)), rope) - expected
    left = end * (1 - share)
    if left <= 0:
        return float(missing <= 0)
    return float(norm.sf(missing / np.sqrt(left)))


def decide_stop(
    contrast: Contrast,
    *,
    last_seeds: int,
    design: float,
    rope: float,
    level: float = _END_LEVEL,
) -> Stop | None:
    """Return why to stop adding seeds to an open claim, or None where it is worth its cost.

    Parameters
    ----------
    contrast, last_seeds, design, rope, level
        As in `find_conditional_power`.

    Returns
    -------
    Stop or None
        Futility, a conditional power below 0.10, refutes nothing and does not bind.
    """
    if contrast.high < rope:
        return Stop.REFUTED
    power = find_conditional_power(
        contrast, last_seeds=last_seeds, design=design, rope=rope, level=level
    )
    return Stop.FUTILE if power < _FUTILE else None


@dataclass(frozen=True, slots=True, eq=False)
class _Paths:
    """The paths of a Brownian motion that have crossed no bound so far, on a grid.

    The recursion of Armitage, McPherson & Rowe (1969), Journal of the Royal Statistical Society
    A 132, 235-244.
    """

    time: float
    places: NDArray[np.float64]
    weights: NDArray[np.float64]

    @classmethod
    def start(cls) -> "_Paths":
        return cls(0.0, np.zeros(1), np.ones(1))

    def cross(self, time: float, bound: float) -> float:
        """Return the probability of rising above a bound for B(t) / sqrt(t) at this time."""
        distance = bound * np.sqrt(time) - self.places
        return float(self.weights @ norm.sf(distance / np.sqrt(time - self.time)))

    def find_bound(self, time: float, probability: float) -> float:
        """Return the bound that is crossed at this time with this probability."""
        return float(brentq(lambda bound: self.cross(time, bound) - probability, -8, 8))

    def carry_on(self, time: float, bound: float) -> "_Paths":
        grid = np.linspace(-8 * np.sqrt(time), bound * np.sqrt(time), _GRID_STEPS + 1)
        middles = (grid[1:] + grid[:-1]) / 2
        step = np.sqrt(time - self.time)
        density = self.weights @ norm.pdf((middles - self.places[:, None]) / step) / step
        return _Paths(time, middles, density * np.diff(grid))
