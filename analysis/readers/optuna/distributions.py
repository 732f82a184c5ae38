"""Optuna's stored hyperparameters: numbers that a distribution, kept as JSON, turns into values.

Every generation of the format is read: the present Float, Int and Categorical distributions, the
older Uniform, LogUniform, DiscreteUniform, IntUniform and IntLogUniform ones, and the abbreviated
form.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.frames.frame import Space
from analysis.readers.content import parse_results
from trial_sets.errors import InputError


@dataclass(frozen=True, slots=True)
class Distribution:
    """What one hyperparameter was drawn from.

    Attributes
    ----------
    choices
        The choices of a categorical distribution, whose stored value is their index.
    space
        The range of a numeric distribution, or the choices as the frame knows them.
    is_whole
        Stored values are whole numbers.
    """

    choices: tuple[Any, ...] = ()
    space: Space | None = None
    is_whole: bool = False

    def decode(self, stored: pd.Series) -> pd.Series:
        """Return the values that stored numbers stand for; an index without a choice is missing."""
        numbers = pd.to_numeric(stored, errors="coerce").astype("float64")
        if self.space is not None and not self.space.choices:
            return numbers.round() if self.is_whole else numbers
        shown = dict(enumerate(self.choices))
        return numbers.astype("object").map(lambda number: shown.get(number, np.nan))


def parse_distribution(text: str, where: str) -> Distribution:
    """Parse a distribution's JSON.

    Raises
    ------
    InputError
        For JSON that describes no known distribution.
    """
    stored = parse_results(text, where)
    if not isinstance(stored, dict):
        raise InputError(f"{where} is no Optuna distribution: {text[:60]!r}")
    name = str(stored.get("name", stored.get("type", "")))
    attributes = stored.get("attributes", stored)
    if not isinstance(attributes, dict):
        raise InputError(f"{where} is no Optuna distribution: {text[:60]!r}")
    if "ategorical" in name and isinstance(attributes.get("choices"), list):
        choices = ["None" if choice is None else choice for choice in attributes["choices"]]
        return Distribution(tuple(choices), describe_choices(attributes["choices"]))
    low, high = attributes.get("low"), attributes.get("high")
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        raise InputError(f"{where} is no Optuna distribution: {text[:60]!r}")
    is_log = bool(attributes.get("log")) or "LogUniform" in name
    step = attributes.get("step", attributes.get("q"))
    space = Space(float(low), float(high), is_log, step=read_step(step))
    return Distribution(space=space, is_whole=name.lower().startswith("int"))


def read_step(stored: object) -> float | None:
    """Return the distance of allowed values, or None where any is allowed."""
    if not isinstance(stored, int | float) or isinstance(stored, bool):
        return None
    return float(stored) if 0 < stored < math.inf else None


def describe_choices(choices: Sequence[Any]) -> Space | None:
    """Return the choices of a categorical hyperparameter: numbers, or else words; None for none."""
    if not choices:
        return None
    if all(isinstance(c, int | float) and not isinstance(c, bool) for c in choices):
        numbers = tuple(float(choice) for choice in choices)
        return Space(min(numbers), max(numbers), is_log=False, choices=numbers)
    words = tuple(str(choice) for choice in choices)
    is_plain = all(
        choice is None or isinstance(choice, bool | int | float | str) for choice in choices
    )
    originals = tuple(choices) if is_plain and words != tuple(choices) else ()
    return Space(math.nan, math.nan, is_log=False, choices=words, originals=originals)
