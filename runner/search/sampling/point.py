"""What a sampler of ours proposes, and the randomness that it has for a trial."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from runner.search.trials import SearchTrial
from trial_sets.space import SpaceValues


@dataclass(frozen=True, slots=True)
class Point:
    """Values to be tried, and why where there is a reason that a person can follow."""

    values: SpaceValues
    reason: str | None = None


class PointSampler(Protocol):
    """Proposes points from the number of a trial and what came of those before it."""

    def propose(self, number: int, trials: Sequence[SearchTrial]) -> Point | None:
        """Return the point of the trial of a number; None when there is no other point.

        Parameters
        ----------
        number
            Of the trial that is to begin.
        trials
            All of lower numbers, in order.
        """


def make_generator(seed: int, number: int, *more: int) -> np.random.Generator:
    """Return a generator that a search's seed and the number of a trial decide."""
    return np.random.default_rng([seed, number, *more])


def draw_seed(seed: int, number: int, *more: int) -> int:
    """Return a seed, below 2**32, that a search's seed and the number of a trial decide."""
    return int(np.random.SeedSequence([seed, number, *more]).generate_state(1)[0])
