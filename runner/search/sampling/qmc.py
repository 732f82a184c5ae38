"""Points that fill a space evenly: a scrambled Sobol' sequence (Owen, 1998), a point a number.

All dimensions share it, choices and conditional ones included; Optuna's draws those at random, and
keeps a count of its own that an interruption would put out of step.
"""

import math
import warnings
from collections.abc import Sequence

from runner.search.sampling.point import Point
from runner.search.trials import SearchTrial
from runner.search.unit_cube import place_value
from trial_sets.space import SearchSpace, SpaceValues


class SobolSequence:
    """Points by number.

    Parameters
    ----------
    space
        In which they lie.
    seed
        That scrambles the sequence: Owen's scrambling makes the estimates of it unbiased.
    first
        The number of the trial that has the first point.
    """

    def __init__(self, space: SearchSpace, seed: int, first: int) -> None:
        self._space, self._seed, self._first = space, seed, first

    def propose(self, number: int, trials: Sequence[SearchTrial]) -> Point:
        """Return the point of a number."""
        from scipy.stats import qmc  # noqa: PLC0415 - takes most of a second

        del trials
        sequence = qmc.Sobol(len(self._space.dimensions), scramble=True, rng=self._seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that one point is no power of two
            if number > self._first:
                sequence.fast_forward(number - self._first)
            shares = sequence.random(1)[0]
        return Point(place_point(self._space, [float(share) for share in shares]))


def place_point(space: SearchSpace, shares: Sequence[float]) -> SpaceValues:
    """Return the values at shares of a space's dimensions; those that do not vary are left out."""
    values: SpaceValues = {}
    for (name, dimension), share in zip(space.dimensions.items(), shares, strict=True):
        assert math.isfinite(share)
        if dimension.is_active(values):
            values[name] = place_value(dimension, share)
    return values
