"""Where the values of a dimension lie between 0 and 1, on the scale that it is searched on."""

import math

from trial_sets.configuration import OptionValue
from trial_sets.space import Dimension


def place_value(dimension: Dimension, share: float) -> OptionValue:
    """Return the value at a share of a dimension, in [0, 1].

    Values that can be counted have equal parts of the interval each, but for the whole numbers of
    a logarithmic scale: there a value's part is from half before to half after it.
    """
    share = min(max(share, 0.0), 1.0)
    if dimension.log and dimension.is_range:
        low, high = _find_ends(dimension)
        value = math.exp(low + share * (high - low))
        return _clip(dimension, round(value) if dimension.kind == "int" else value)
    if not dimension.is_range:
        values = dimension.values or ()
        return values[min(int(share * len(values)), len(values) - 1)]
    assert dimension.low is not None
    assert dimension.high is not None
    n_values = dimension.count()
    if n_values is None:
        return _clip(dimension, dimension.low + share * (dimension.high - dimension.low))
    number = min(int(share * n_values), n_values - 1)
    return tidy_value(dimension, dimension.low + number * (dimension.step or 1))


def find_share(dimension: Dimension, value: OptionValue) -> float:
    """Return where a value lies in its dimension, in [0, 1]; `place_value` leads back to it."""
    if dimension.log and dimension.is_range:
        low, high = _find_ends(dimension)
        share = (math.log(float(value)) - low) / (high - low) if high > low else 0.5
        return min(max(share, 0.0), 1.0)
    if not dimension.is_range:
        values = dimension.values or ()
        return (values.index(value) + 0.5) / len(values)
    assert dimension.low is not None
    assert dimension.high is not None
    n_values = dimension.count()
    if n_values is None:
        return (float(value) - dimension.low) / (dimension.high - dimension.low)
    return (round((float(value) - dimension.low) / (dimension.step or 1)) + 0.5) / n_values


def tidy_value(dimension: Dimension, value: OptionValue) -> OptionValue:
    """Return a value as its dimension's type, without what adding up steps leaves behind it."""
    if dimension.kind == "float" and dimension.step is not None and isinstance(value, float | int):
        value = float(f"{value:.12g}")
    converted = dimension.convert(value)
    return value if converted is None else converted


def _find_ends(dimension: Dimension) -> tuple[float, float]:
    """Return the logarithms between which a dimension lies, half a whole number beyond each end."""
    assert dimension.low is not None
    assert dimension.high is not None
    margin = 0.5 if dimension.kind == "int" and dimension.low < dimension.high else 0.0
    return math.log(dimension.low - margin), math.log(dimension.high + margin)


def _clip(dimension: Dimension, value: float) -> OptionValue:
    """Return a value within its dimension: rounding may have led out of it."""
    assert dimension.low is not None
    assert dimension.high is not None
    return tidy_value(dimension, min(max(value, dimension.low), dimension.high))
