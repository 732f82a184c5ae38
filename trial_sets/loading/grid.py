"""Values by hyperparameter, of which every combination is a trial."""

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from trial_sets.errors import InputError
from trial_sets.strict_json import shorten
from trial_sets.vocabulary import NETWORK, Vocabulary

MOST_TRIALS = 10_000  # of a set
MOST_NOTED = 2_000  # characters of a note
NUMBERED = "trial"  # begins the names of trials that have none


def spell_out(
    axes: Mapping[str, Sequence[Any]],
    where: str,
    base: Mapping[str, Any] | None = None,
    words: Vocabulary = NETWORK,
) -> dict[str, dict[str, Any]]:
    """Return every combination as a trial, the last hyperparameter varying fastest.

    Parameters
    ----------
    axes
        The values of each hyperparameter; one that has a single value is the same in all trials.
    where
        Begins the sentence of every error.
    base
        The configuration that they change; ``optim.lr`` replaces ``lr`` in its group ``optim``.
    words
        Tell a note from a hyperparameter.

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
    same = {name: values[0] for name, values in axes.items() if len(values) == 1}
    fixed = _override(base or {}, same)
    said = [fixed.pop(key) for key in list(fixed) if _is_note(key, fixed[key], words)]
    varied = {name: values for name, values in axes.items() if len(values) > 1}
    trials: dict[str, dict[str, Any]] = {}
    for number, values in enumerate(product(*varied.values()), 1):
        fields = dict(zip(varied, values, strict=True))
        changes = ", ".join(f"{name}={shorten(value)}" for name, value in fields.items())
        note = "; ".join([*said, *([changes] if changes else [])])[:MOST_NOTED]
        noted = {"note": note} if note else {}
        trials[f"{NUMBERED}{number}"] = _override(fixed, fields) | noted
    return trials


def describe_grid(axes: Mapping[str, Sequence[Any]]) -> str:
    """Return how a grid was spelled out: ``2 lr x 3 dropout, as trial1 to trial6``."""
    sizes = [f"{len(values)} {name}" for name, values in axes.items() if len(values) > 1]
    count = math.prod(len(values) for values in axes.values())
    names = f"{NUMBERED}1 to {NUMBERED}{count}" if count > 1 else f"{NUMBERED}1"
    return f"{' x '.join(sizes) or 'one configuration'}, as {names}"


def _override(base: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration in which ``optim.lr`` replaces ``lr`` in ``optim``, if it is there."""
    made = dict(base)
    for key, value in fields.items():
        group, _, rest = key.partition(".")
        if rest and isinstance(made.get(group), Mapping):
            made[group] = _override(made[group], {rest: value})
        else:
            made[key] = value
    return made


def _is_note(key: str, value: object, words: Vocabulary) -> bool:
    """Tell whether a key of a configuration says something of it."""
    meant = words.find_field(key)
    is_called = meant == "note" or (meant is None and key in {"name", "title"})
    return is_called and isinstance(value, str)
