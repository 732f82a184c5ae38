"""How many points a space has, and how much of it a number of trials explores."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from trial_sets.configuration import OptionValue
from trial_sets.space import Dimension, SearchSpace

LEVELS = 5  # that a grid has in a continuous range: "5 parameters x 5 values each = 3,125"
TOP_SHARE = 0.05  # of the space: a point in it is a good one (Bergstra and Bengio 2012)
_MOST_STATES = 10_000

_State = tuple[tuple[str, OptionValue], ...]  # the values that conditions name, where they stand


@dataclass(frozen=True, slots=True)
class SpaceSize:
    """The points of a space.

    Attributes
    ----------
    factors : tuple of (str, int)
        The dimensions whose values can be counted, and how many they have.
    continuous : tuple of str
        The others.
    combinations : int
        Of the values that can be counted: the base configurations.
    grid_points : int
        Of a grid with `LEVELS` levels in each continuous range.
    is_exact : bool
        False where conditions are too many to be followed: then both are upper bounds.
    """

    factors: tuple[tuple[str, int], ...]
    continuous: tuple[str, ...]
    combinations: int
    grid_points: int
    is_exact: bool = True

    @property
    def is_infinite(self) -> bool:
        """Whether a dimension is continuous."""
        return bool(self.continuous)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a space some trials explore, each share at most 1."""

    n_trials: int
    of_combinations: float  # of the base configurations, if no two trials share one
    of_grid: float  # of the points of the grid
    chance_of_top: float  # that trials drawn at random hold one of the best `TOP_SHARE`


def measure_size(space: SearchSpace) -> SpaceSize:
    """Count the points of a space; a point lacks the dimensions that are not active in it."""
    counts = {name: dimension.count() for name, dimension in space.dimensions.items()}
    combinations, is_exact = _count_points(space, lambda dim: dim.count() or 1)
    grid_points, _ = _count_points(space, lambda dim: dim.count() or LEVELS)
    return SpaceSize(
        factors=tuple((name, n) for name, n in counts.items() if n is not None),
        continuous=tuple(name for name, n in counts.items() if n is None),
        combinations=combinations,
        grid_points=grid_points,
        is_exact=is_exact,
    )


def measure_coverage(size: SpaceSize, n_trials: int) -> Coverage:
    """Return how much of a space some trials explore.

    The share of an infinite space is none, whatever the trials; what can be said is the share of
    what can be counted, and the chance 1 - (1 - q)^n that n independent draws hold a point among
    the best q of the space.
    """
    return Coverage(
        n_trials=n_trials,
        of_combinations=min(1.0, n_trials / size.combinations),
        of_grid=min(1.0, n_trials / size.grid_points),
        chance_of_top=1 - (1 - TOP_SHARE) ** n_trials,
    )


def _count_points(space: SearchSpace, count: Callable[[Dimension], int]) -> tuple[int, bool]:
    """Count the points, dimension by dimension, apart only where a later condition asks.

    Returns the number, and whether conditions could be followed to the end.
    """
    asked = _list_asked(space)
    states: Counter[_State] = Counter({(): 1})
    is_exact = True
    for name, dimension in space.dimensions.items():
        grown: Counter[_State] = Counter()
        for state, n_points in states.items():
            if is_exact and not dimension.is_active(dict(state)):
                grown[state] += n_points
                continue
            values = asked.get(name, ()) if is_exact else ()
            named = values if dimension.count() is not None else ()
            for value in named:
                grown[(*state, (name, value))] += n_points
            if rest := count(dimension) - len(named):
                grown[state] += n_points * rest
        if len(grown) > _MOST_STATES:
            is_exact = False
            grown = Counter({(): sum(grown.values())})
        states = grown
    return sum(states.values()), is_exact


def _list_asked(space: SearchSpace) -> dict[str, tuple[OptionValue, ...]]:
    """Return the values of each dimension that conditions name, each once."""
    asked: dict[str, dict[OptionValue, None]] = {}
    for dimension in space.dimensions.values():
        for other, said in dimension.when.items():
            convert = space.dimensions[other].convert
            asked.setdefault(other, {}).update(
                (v, None) for s in said if (v := convert(s)) is not None
            )
    return {name: tuple(values) for name, values in asked.items()}
