"""Lines: configurations that differ in one hyperparameter and in nothing else."""

import math
from dataclasses import dataclass
from typing import Any, Self

from trial_sets.configuration import AnyConfiguration

WIDTH, BATCH = "d_model", "batch_size"


def differing_fields(one: AnyConfiguration, other: AnyConfiguration) -> tuple[str, ...]:
    """Return the hyperparameters in which two configurations differ.

    The batch size goes with the width (the first round's rule), so it does not count as a second
    difference beside it.
    """
    left, right = one.settings, other.settings
    names = dict.fromkeys([*left, *right])
    differing = [name for name in names if left.get(name, ...) != right.get(name, ...)]
    return tuple(name for name in differing if name != BATCH or WIDTH not in differing)


@dataclass(frozen=True, slots=True)
class Line:
    """One hyperparameter that varies, and the values at which all others are held."""

    field: str
    held: frozenset[tuple[str, Any]]

    @classmethod
    def at(cls, configuration: AnyConfiguration, field: str) -> Self:
        """Return the line on which a configuration lies when ``field`` varies."""
        free = {field, BATCH} if field == WIDTH else {field}
        settings = configuration.settings.items()
        return cls(field, frozenset(item for item in settings if item[0] not in free))

    @classmethod
    def through(cls, one: AnyConfiguration, other: AnyConfiguration) -> Self | None:
        """Return the line through two configurations, or None when there is none."""
        differing = differing_fields(one, other)
        return cls.at(one, differing[0]) if len(differing) == 1 else None

    def place(self, configuration: AnyConfiguration) -> float | None:
        """Return where on the line a configuration lies.

        Returns
        -------
        float or None
            The hyperparameter's value; infinity for a gradient without a limit; None when the
            configuration is not on the line, lacks the option, or the hyperparameter has no order
            (an optimizer).
        """
        value = configuration.settings.get(self.field, "")
        if isinstance(value, bool | str) or Line.at(configuration, self.field) != self:
            return None
        return math.inf if value is None else float(value)
