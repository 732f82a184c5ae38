"""Lines: configurations that differ in one hyperparameter and in nothing else."""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Self

from trial_sets.configuration import Configuration

WIDTH, BATCH = "d_model", "batch_size"


def differing_fields(one: Configuration, other: Configuration) -> tuple[str, ...]:
    """Return the hyperparameters in which two configurations differ.

    The batch size goes with the width (the first round's rule), so it does not count as a second
    difference beside it.
    """
    fields = Configuration.model_fields
    differing = [name for name in fields if getattr(one, name) != getattr(other, name)]
    return tuple(name for name in differing if name != BATCH or WIDTH not in differing)


@dataclass(frozen=True, slots=True)
class Line:
    """One hyperparameter that varies, and the values at which all others are held."""

    field: str
    held: tuple[Hashable, ...]

    @classmethod
    def at(cls, configuration: Configuration, field: str) -> Self:
        """Return the line on which a configuration lies when ``field`` varies."""
        free = {field, BATCH} if field == WIDTH else {field}
        names = (name for name in Configuration.model_fields if name not in free)
        return cls(field, tuple(getattr(configuration, name) for name in names))

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
            configuration is not on the line, or the hyperparameter has no order (an optimizer).
        """
        value = getattr(configuration, self.field)
        if isinstance(value, bool | str) or Line.at(configuration, self.field) != self:
            return None
        return math.inf if value is None else float(value)
