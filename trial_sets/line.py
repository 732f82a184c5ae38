"""Lines: configurations that differ in one hyperparameter and in nothing else."""

import math
from dataclasses import dataclass
from typing import Any, Self

from trial_sets.configuration import Configuration

WIDTH, BATCH = "d_model", "batch_size"


def settings_of(configuration: Configuration) -> dict[str, Any]:
    """Return every hyperparameter by name, those of a trainer of one's own as ``options.name``."""
    names = (name for name in Configuration.model_fields if name != "options")
    own = {f"options.{name}": value for name, value in configuration.options.items()}
    return {name: getattr(configuration, name) for name in names} | own


def differing_fields(one: Configuration, other: Configuration) -> tuple[str, ...]:
    """Return the hyperparameters in which two configurations differ.

    The batch size goes with the width (the first round's rule), so it does not count as a second
    difference beside it.
    """
    left, right = settings_of(one), settings_of(other)
    names = dict.fromkeys([*left, *right])
    differing = [name for name in names if left.get(name, ...) != right.get(name, ...)]
    return tuple(name for name in differing if name != BATCH or WIDTH not in differing)


@dataclass(frozen=True, slots=True)
class Line:
    """One hyperparameter that varies, and the values at which all others are held."""

    field: str
    held: frozenset[tuple[str, Any]]

    @classmethod
    def at(cls, configuration: Configuration, field: str) -> Self:
        """Return the line on which a configuration lies when ``field`` varies."""
        free = {field, BATCH} if field == WIDTH else {field}
        settings = settings_of(configuration).items()
        return cls(field, frozenset(item for item in settings if item[0] not in free))

    @classmethod
    def through(cls, one: Configuration, other: Configuration) -> Self | None:
        """Return the line through two configurations, or None when there is none."""
        differing = differing_fields(one, other)
        return cls.at(one, differing[0]) if len(differing) == 1 else None

    def place(self, configuration: Configuration) -> float | None:
        """Return where on the line a configuration lies.

        Returns
        -------
        float or None
            The hyperparameter's value; infinity for a gradient without a limit; None when the
            configuration is not on the line, lacks the option, or the hyperparameter has no order
            (an optimizer).
        """
        value = settings_of(configuration).get(self.field, "")
        if isinstance(value, bool | str) or Line.at(configuration, self.field) != self:
            return None
        return math.inf if value is None else float(value)
