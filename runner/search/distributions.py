"""A dimension as Optuna says it."""

from typing import TYPE_CHECKING

from runner.search.unit_cube import tidy_value
from trial_sets.space import Dimension, SearchSpace, SpaceValues

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution


def make_distribution(dimension: Dimension) -> "BaseDistribution":
    """Return Optuna's distribution of a dimension; its last step is its end."""
    from optuna import distributions  # noqa: PLC0415 - of the extra

    if not dimension.is_range:
        return distributions.CategoricalDistribution(dimension.values or ())
    assert dimension.low is not None
    assert dimension.high is not None
    low, high = dimension.low, dimension.high
    if dimension.step is not None:
        n_values = dimension.count()
        assert n_values is not None
        high = float(f"{low + (n_values - 1) * dimension.step:.12g}")
    if dimension.kind == "int":
        step = int(dimension.step or 1)
        return distributions.IntDistribution(int(low), int(high), log=dimension.log, step=step)
    return distributions.FloatDistribution(low, high, log=dimension.log, step=dimension.step)


def make_distributions(space: SearchSpace, values: SpaceValues) -> dict[str, "BaseDistribution"]:
    """Return the distributions of the dimensions that have a value."""
    return {name: make_distribution(space.dimensions[name]) for name in values}


def tidy_values(space: SearchSpace, values: SpaceValues) -> SpaceValues:
    """Return values as their dimensions' types."""
    return {name: tidy_value(space.dimensions[name], value) for name, value in values.items()}
