"""The ranges that a study declares for the hyperparameters of a trainer of one's own."""

import math
from collections.abc import Mapping

from analysis.frames.frame import Space, rename_reserved
from trial_sets.parameter import Parameter


def declare_spaces(parameters: Mapping[str, Parameter]) -> dict[str, Space]:
    """Return the range of every hyperparameter of which a study says more than its type.

    By the columns that hold them, see `analysis.frames.frame.rename_reserved`.
    """
    columns = rename_reserved(parameters)
    found = {columns[name]: _declare(parameter) for name, parameter in parameters.items()}
    return {name: space for name, space in found.items() if space is not None}


def _declare(parameter: Parameter) -> Space | None:
    if parameter.choices is not None:
        return _list_choices(parameter)
    if parameter.low is None and parameter.high is None and not parameter.log:
        return None
    return Space(
        low=-math.inf if parameter.low is None else parameter.low,
        high=math.inf if parameter.high is None else parameter.high,
        is_log=parameter.log,
        step=parameter.step,
    )


def _list_choices(parameter: Parameter) -> Space:
    values = parameter.choices or ()
    numbers = [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(numbers) < len(values):
        return Space(math.nan, math.nan, is_log=False, choices=tuple(map(str, values)))
    return Space(min(numbers), max(numbers), is_log=False, choices=tuple(numbers))
