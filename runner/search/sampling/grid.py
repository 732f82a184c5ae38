"""Every combination of a space's values, in order: the last dimension changes first."""

from collections.abc import Iterator, Sequence
from itertools import islice

from runner.errors import RunError
from runner.search.sampling.point import Point
from runner.search.trials import SearchTrial
from trial_sets.space import SearchSpace, SpaceValues
from trial_sets.strict_json import bare


class Grid:
    """Combinations by number; where a dimension does not vary there is one combination of it.

    Parameters
    ----------
    space
        All of whose values can be counted.
    first
        The number of the trial that has the first combination.

    Raises
    ------
    RunError
        If a dimension is a continuous range.
    """

    def __init__(self, space: SearchSpace, first: int) -> None:
        refuse_continuous(space)
        self._first = first
        self._coming = _combine(space)
        self._known: list[SpaceValues] = []

    def propose(self, number: int, trials: Sequence[SearchTrial]) -> Point | None:
        """Return the combination of a number; None after the last."""
        n_foreign = sum(trial.foreign is not None for trial in trials[self._first :])
        wanted = number - self._first - n_foreign
        self._known += islice(self._coming, max(wanted + 1 - len(self._known), 0))
        return Point(self._known[wanted]) if wanted < len(self._known) else None


def refuse_continuous(space: SearchSpace) -> None:
    """Check that a space has a grid.

    Raises
    ------
    RunError
        If a dimension is a continuous range.
    """
    for name, dimension in space.dimensions.items():
        if dimension.count() is None:
            how = "choices" if dimension.log else "a step, or choices"
            raise RunError(
                f"--sampler grid: {bare(name)} is a continuous range, of which there is no grid: "
                f"give it {how} in the space"
            )


def _combine(space: SearchSpace) -> Iterator[SpaceValues]:
    """Yield all combinations."""
    names = list(space.dimensions)

    def extend(values: SpaceValues, place: int) -> Iterator[SpaceValues]:
        if place == len(names):
            yield values
            return
        name = names[place]
        dimension = space.dimensions[name]
        if not dimension.is_active(values):
            yield from extend(values, place + 1)
            return
        for value in dimension.values or ():
            yield from extend({**values, name: value}, place + 1)

    return extend({}, 0)
