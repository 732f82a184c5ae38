"""What a range test of the learning rate shows: losses by rate, and the rates that suit a fit.

The test is that of Smith (2017, Cyclical learning rates for training neural networks, section 3.3),
in the form that fastai and others gave it: one training over which the rate rises exponentially.
How its losses are taken is in `models.training.range_test`; here they are judged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

LOWEST_RATE, HIGHEST_RATE = 1e-7, 10.0
FEWEST_STEPS, MOST_STEPS = 300, 10_000  # of a test
MEMORY_DECADES = 0.4  # of the rate, over which losses are averaged
MOST_TIMES = 4.0  # the best smoothed loss: beyond that a test ends, as fastai's does

_QUIET_DECADES = 1.0  # at the lowest rates, where nothing is learned yet
_BEGUN = 0.1  # share of the whole fall that is behind where the range begins
_ROUNDING = 1e-6  # share of a loss in single precision
_LEAST_ERRORS = 3.5  # standard errors that a fall has to be: chance gets there in 4 of 100 tests


@dataclass(frozen=True, slots=True)
class RateRange:
    """The learning rates that a test speaks for."""

    low: float
    """Where the loss begins to fall."""
    high: float
    """Where it is least: beyond, it is ragged or rises."""
    steepest: float
    """Where it falls fastest."""


class Smoothing:
    """An exponential mean with its bias corrected (Kingma and Ba 2015, section 3), step by step.

    With b the share that stays, m = b m + (1 - b) x, and the mean after t steps is m / (1 - b^t).

    Parameters
    ----------
    n_remembered : float
        Steps that it averages over: 1 / (1 - b).
    """

    def __init__(self, n_remembered: float) -> None:
        self.share = 1 - 1 / max(1.0, n_remembered)
        self._sum, self._weight = 0.0, 0.0

    def add(self, value: float) -> float:
        """Take in a value and return the mean."""
        self._sum = self.share * self._sum + (1 - self.share) * value
        self._weight = self.share * self._weight + 1 - self.share
        return self._sum / self._weight


def list_rates(n_steps: int) -> NDArray[np.float64]:
    """Return the rates of a test of so many steps: in equal ratios, from 1e-7 to 10."""
    return np.geomspace(LOWEST_RATE, HIGHEST_RATE, n_steps)


def count_remembered(rates: ArrayLike) -> float:
    """Return over how many steps a test's losses are averaged: 0.4 decades of the rate."""
    logs = np.log10(np.asarray(rates, np.float64))
    return MEMORY_DECADES * (len(logs) - 1) / float(logs[-1] - logs[0])


def smooth_losses(
    rates: Sequence[float], losses: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the smoothed losses and the rates that they stand for, both of the shape (n,).

    The logarithms of the rates are smoothed alike, so that a mean over the last steps stands at the
    rate that these had on average, and not at the last one.
    """
    n = count_remembered(rates)
    return np.exp(_smooth(np.log(rates), n)), _smooth(losses, n)


def _smooth(values: Iterable[float], n_remembered: float) -> NDArray[np.float64]:
    smoothing = Smoothing(n_remembered)
    return np.array([smoothing.add(float(value)) for value in values])


def suggest_rates(rates: Sequence[float], losses: Sequence[float]) -> RateRange | None:
    """Return the rates that a test speaks for, or None if no loss falls beyond chance.

    With losses smoothed over 0.4 decades (`smooth_losses`):

    - the level is the mean loss of the first decade of rates, where nothing is learned yet, and the
      fall is from there to the least smoothed loss;
    - it is beyond chance if it is more than 3.5 standard errors, that is of
      s sqrt(1 / n + (1 - b) / (1 + b)) with n the losses of the level, b the share of the smoothing
      and s^2 half the mean square of the differences of neighbouring losses (von Neumann 1941),
      which a slow fall does not raise;
    - `low` is the last rate, before half of the fall is done, at which less than a tenth of it was
      (Smith: where it starts to fall);
    - `steepest` is where the loss falls most by the logarithm of the rate, from `low` to where it
      is least (fastai's "steep"), smoothed once more, since slopes show noise;
    - `high` is where the smoothed loss is least (Smith: before it gets ragged or rises).

    Parameters
    ----------
    rates : sequence of float, shape (n,)
        Rising in equal ratios.
    losses : sequence of float, shape (n,)
        Of each step, before it was taken.
    """
    if len(rates) != len(losses):
        raise ValueError(f"{len(losses)} losses of {len(rates)} rates, expected as many")
    quiet = _count_quiet(rates)
    if quiet < 2 or quiet + 2 >= len(rates):
        return None
    places, smoothed = smooth_losses(rates, losses)
    least = quiet + int(np.argmin(smoothed[quiet:]))
    level = float(np.mean(losses[:quiet]))
    fall = level - float(smoothed[least])
    least_fall = _LEAST_ERRORS * _find_error(rates, losses[: least + 1], quiet)
    if fall <= max(least_fall, _ROUNDING * abs(level)):
        return None
    low = _find_begin(level - smoothed[: least + 1], fall)
    n = count_remembered(rates)
    slower, slowed = _smooth(np.log(places), n), _smooth(smoothed, n)
    steepest = float(
        np.exp(slower[low + int(np.argmin(np.gradient(slowed, slower)[low : least + 1]))])
    )
    return RateRange(low=float(places[low]), high=float(places[least]), steepest=steepest)


def _find_begin(fallen: NDArray[np.float64], fall: float) -> int:
    """Return the last place before half of the fall at which less than a tenth of it was done."""
    half = int(np.argmax(fallen >= fall / 2))
    before = np.flatnonzero(fallen[:half] < _BEGUN * fall)
    return int(before[-1]) if len(before) else 0


def _count_quiet(rates: Sequence[float]) -> int:
    """Return how many rates lie in the lowest decade."""
    return int(np.sum(np.asarray(rates) < rates[0] * 10**_QUIET_DECADES)) if len(rates) else 0


def _find_error(rates: Sequence[float], losses: Sequence[float], n_level: int) -> float:
    """Return the standard error of a smoothed loss beside the mean of so many."""
    variance = float(np.mean(np.square(np.diff(losses)))) / 2
    share = Smoothing(count_remembered(rates)).share
    return float(np.sqrt(variance * (1 / n_level + (1 - share) / (1 + share))))
