"""Ranges of numbers that the options take."""

import math
from typing import Any

import click


class FiniteRange(click.FloatRange):
    """A range that neither NaN, which is in every range, nor infinity is in."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 - as click's
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> float:
        """Return the number."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number
