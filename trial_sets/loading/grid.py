"""Values by hyperparameter, of which every combination is a trial."""

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from trial_sets.errors import InputError
from trial_sets.strict_json import shorten

MOST_TRIALS = 10_000  # of a set
MOST_NOTED = 2_000  # characters of a note
NUMBERED = "trial"  # begins the names of trials that have none


def spell_out(axes: Mapping[str, Sequence[Any]], where: str) -> dict[str, dict[str, Any]]:
    """Return every combination as a trial, the last hyperparameter varying fastest.

    Parameters
    ----------
    axes
        The values of each hyperparameter; one that has a single value is the same in all trials.
    where
        Begins the sentence of every error.

    Returns
    -------
    dict
        The trials by number, ``trial1`` first; their notes say what sets them apart.

    Raises
    ------
    InputError
        If a hyperparameter has no value, or there are more trials than a set may have.
    """
    for name, values in axes.items():
        if not values:
            raise InputError(f"{where}: {name} has no values")
    count = math.prod(len(values) for values in axes.values())
    if count > MOST_TRIALS:
        raise InputError(
            f"{where}: its combinations are {count:,} trials, expected at most {MOST_TRIALS:,}"
        )
    varied = [name for name, values in axes.items() if len(values) > 1]
    trials: dict[str, dict[str, Any]] = {}
    for number, values in enumerate(product(*axes.values()), 1):
        fields = dict(zip(axes, values, strict=True))
        note = ", ".join(f"{name}={shorten(fields[name])}" for name in varied)[:MOST_NOTED]
        trials[f"{NUMBERED}{number}"] = {**fields, **({"note": note} if note else {})}
    return trials


def describe_grid(axes: Mapping[str, Sequence[Any]]) -> str:
    """Return how a grid was spelled out: ``2 lr x 3 dropout, as trial1 to trial6``."""
    sizes = [f"{len(values)} {name}" for name, values in axes.items() if len(values) > 1]
    count = math.prod(len(values) for values in axes.values())
    names = f"{NUMBERED}1 to {NUMBERED}{count}" if count > 1 else f"{NUMBERED}1"
    return f"{' x '.join(sizes) or 'one configuration'}, as {names}"
