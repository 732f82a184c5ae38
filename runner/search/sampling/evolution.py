"""CMA-ES (Hansen & Ostermeier, 2001) by the package cmaes, its generations replayed.

It searches the dimensions that are numbers and vary everywhere, each on its scale between 0 and 1;
choices, and dimensions that vary beside some values alone, are drawn at random for each trial.
What came of the trials of a generation is all that its state depends on, so none is written down:
the generations that have ended are told to a fresh one, which then goes on as long as the search.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from runner.errors import RunError
from runner.search.sampling.point import Point, draw_seed, make_generator
from runner.search.sampling.qmc import place_point
from runner.search.trials import SearchTrial, find_best
from runner.search.unit_cube import find_share
from trial_sets.space import SearchSpace

if TYPE_CHECKING:
    from cmaes import CMA

STEP = 0.25  # the first standard deviation, of a range that is 1 long
_RANDOM = 1  # beside the number of a trial: its other dimensions, apart from the distribution


def list_numeric(space: SearchSpace) -> list[str]:
    """Return the dimensions that are numbers and vary everywhere."""
    return [
        name
        for name, dimension in space.dimensions.items()
        if dimension.is_range and not dimension.when and dimension.count() != 1
    ]


def refuse_no_numbers(space: SearchSpace) -> None:
    """Check that there is something to adapt.

    Raises
    ------
    RunError
        If no dimension is a range that varies everywhere.
    """
    if not list_numeric(space):
        raise RunError(
            "--sampler cmaes: the space has no range of numbers that varies everywhere; take tpe, "
            "or random"
        )


class Evolution:
    """Points of a distribution that each generation of trials moves and reshapes.

    Parameters
    ----------
    space
        In which they lie.
    seed
        Of the search.
    first
        The number of the trial that begins the first generation.
    sign
        1 where a larger score is better, -1 where a smaller one is.
    """

    def __init__(self, space: SearchSpace, seed: int, first: int, sign: int) -> None:
        refuse_no_numbers(space)
        self._space, self._seed, self._first, self._sign = space, seed, first, sign
        self._names = list_numeric(space)
        self.population = 4 + int(3 * np.log(self._width))
        self._told: tuple[int, CMA] | None = None  # the trial after its last generation, the state

    @property
    def _width(self) -> int:
        """Its dimensions: of one number there is a second that changes nothing."""
        return max(len(self._names), 2)

    def propose(self, number: int, trials: Sequence[SearchTrial]) -> Point:
        """Return a point of the distribution that the generations so far have led to.

        As long as trials of the last generation run, it is the one before them.
        """
        state = self._replay(trials)
        state.reseed_rng(draw_seed(self._seed, number))
        shares = make_generator(self._seed, number, _RANDOM).random(len(self._space.dimensions))
        places = dict(zip(self._space.dimensions, shares.tolist(), strict=True))
        places |= zip(self._names, state.ask().tolist(), strict=False)
        return Point(place_point(self._space, list(places.values())))

    def _replay(self, trials: Sequence[SearchTrial]) -> "CMA":
        """Return the state after all generations that have ended; those told before stand."""
        size, is_settled = self.population, all(t.has_ended for t in trials[: self._first])
        if self._told is None or self._told[0] > len(trials):
            place, state = self._first, self._begin(trials)
        else:
            place, state = self._told
        while place + size <= len(trials) and all(
            trial.has_ended for trial in trials[place : place + size]
        ):
            self._tell(state, trials[place : place + size])
            place += size
        self._told = (place, state) if is_settled else None
        return state

    def _begin(self, trials: Sequence[SearchTrial]) -> "CMA":
        """Return the state before the first generation."""
        from cmaes import CMA  # noqa: PLC0415 - of the extra

        return CMA(
            mean=self._choose_mean(trials),
            sigma=STEP,
            bounds=np.array([[0.0, 1.0]] * self._width),
            population_size=self.population,
            seed=draw_seed(self._seed, self._first),
        )

    def _tell(self, state: "CMA", generation: Sequence[SearchTrial]) -> None:
        """Move the distribution by a generation; trials without a score are the worst of it."""
        losses = [None if t.score is None else -self._sign * t.score for t in generation]
        known = [loss for loss in losses if loss is not None]
        if len(set(known)) < 2:
            return  # nothing was learned
        points = [self._retrace(trial, state) for trial in generation]
        state.tell(
            [
                (point, max(known) if loss is None else loss)
                for point, loss in zip(points, losses, strict=True)
            ]
        )

    def _retrace(self, trial: SearchTrial, state: "CMA") -> NDArray[np.float64]:
        """Return where a trial lies, in the dimension too that changes nothing."""
        place = self._find_place(trial)
        if len(self._names) < self._width:
            state.reseed_rng(draw_seed(self._seed, trial.number))
            place[-1] = state.ask()[-1]
        return place

    def _find_place(self, trial: SearchTrial) -> NDArray[np.float64]:
        place = np.full(self._width, 0.5)
        for column, name in enumerate(self._names):
            if name in trial.values:  # of a trial that is lost nothing is known
                place[column] = find_share(self._space.dimensions[name], trial.values[name])
        return place

    def _choose_mean(self, trials: Sequence[SearchTrial]) -> NDArray[np.float64]:
        """Return where the first generation lies: about the best known before it."""
        best = find_best(trials[: self._first], self._sign)
        return np.full(self._width, 0.5) if best is None else self._find_place(best)
