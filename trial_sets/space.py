"""The space of a search: which hyperparameters vary, and between which values."""

import math
from collections.abc import Mapping
from random import Random
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trial_sets.configuration import OptionValue, StrictModel
from trial_sets.parameter import Parameter, ParameterName
from trial_sets.strict_json import bare, shorten
from trial_sets.texts import Text

MOST_DIMENSIONS = 200
MOST_STEPS = 2.0**53  # of a range, which floats can count
_OPTION = "options."  # before the name of what a trainer of one's own reads
EDGE_SHARE = 0.02  # of a range, on its scale: what lies so near to an end lies at it
SpaceValues = dict[str, OptionValue]  # of the dimensions that are active in a point
Condition = Annotated[tuple[OptionValue, ...], Field(min_length=1, max_length=1_000)]


class Dimension(Parameter):
    """One hyperparameter that varies: choices, or a range with both ends."""

    when: dict[ParameterName, Condition] = Field(
        default_factory=dict,
        max_length=20,
        description="Of a conditional one: it varies only where each of these has one of its "
        "values; elsewhere it is the base's.",
    )

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        if self.choices is None and self.kind == "str":
            raise ValueError("a text needs choices")
        if self.is_range and (self.low is None or self.high is None):
            missing = "low" if self.low is None else "high"
            raise ValueError(f"a range needs both ends, and {missing} is missing")
        if self.low is not None and self.high is not None:
            step = self.step or 1.0
            if not (self.high - self.low) / step < MOST_STEPS and (self.step or self.kind == "int"):
                raise ValueError(f"low and high are too far apart for steps of {step:g}")
            if not math.isfinite(self.high - self.low):
                raise ValueError("low and high are too far apart")
        return self

    @classmethod
    def of_parameter(cls, parameter: Parameter) -> "Dimension":
        """Return a declared parameter as a dimension.

        Raises
        ------
        ValidationError
            If it has no range with two ends and no choices.
        """
        return cls(**parameter.model_dump(exclude_unset=True))

    @property
    def is_range(self) -> bool:
        """Whether it is numbers between two ends."""
        return self.choices is None and self.kind in {"float", "int"}

    @property
    def values(self) -> tuple[OptionValue, ...] | None:
        """Its values where they can be counted, in order; None for a continuous range."""
        if self.choices is not None:
            return tuple(v for v in map(self.convert, self.choices) if v is not None)
        if self.kind == "bool":
            return (False, True)
        n_values = self.count()
        return None if n_values is None else tuple(map(self._step_to, range(n_values)))

    def _step_to(self, number: int) -> OptionValue:
        """Return the value so many steps above the lowest."""
        assert self.low is not None
        value = self.low + number * (self.step or 1)
        return int(value) if self.kind == "int" else float(f"{value:.12g}")

    def count(self) -> int | None:
        """Return how many values it has; None for a continuous range."""
        if self.choices is not None:
            return len(self.choices)
        if self.kind == "bool":
            return 2
        assert self.low is not None
        assert self.high is not None
        if self.low == self.high:
            return 1
        if self.kind == "float" and self.step is None:
            return None
        return 1 + math.floor((self.high - self.low) / (self.step or 1) + 1e-9)

    @property
    def ends(self) -> tuple[OptionValue, OptionValue]:
        """The least and the largest value; of choices of text the first and the last."""
        if not self.is_range:
            values = list(self.values or ())
            values = values if self.kind == "str" else sorted(values)
            return values[0], values[-1]
        assert self.low is not None
        assert self.high is not None
        n_values = self.count()
        if n_values is not None:
            return self._step_to(0), self._step_to(n_values - 1)
        return self.low, self.high

    def find_end(self, value: float) -> Literal["lower", "upper"] | None:
        """Return at which end of a range a value lies, within 2 % of it on its scale; else None."""
        if not self.is_range or self.low is None or self.high is None or self.low == self.high:
            return None
        low, high, place = self.low, self.high, float(value)
        if self.log:
            low, high, place = math.log(low), math.log(high), math.log(place)
        share = (place - low) / (high - low)
        return "lower" if share <= EDGE_SHARE else "upper" if share >= 1 - EDGE_SHARE else None

    def draw(self, random: Random) -> OptionValue:
        """Return a value at random, evenly on its scale."""
        n_values = self.count()
        if self.choices is not None or self.kind == "bool":
            return random.choice(self.values or ())
        assert self.low is not None
        assert self.high is not None
        if self.log:
            value = math.exp(random.uniform(math.log(self.low), math.log(self.high)))
            value = min(max(value, self.low), self.high)
            return round(value) if self.kind == "int" else value
        if n_values is None:
            return random.uniform(self.low, self.high)
        return self._step_to(random.randrange(n_values))

    def is_active(self, values: Mapping[str, OptionValue]) -> bool:
        """Return whether it varies beside these values of the others."""
        return all(name in values and values[name] in said for name, said in self.when.items())


Dimensions = Annotated[
    dict[ParameterName, Dimension], Field(min_length=1, max_length=MOST_DIMENSIONS)
]


class SearchSpace(StrictModel):
    """The hyperparameters that a search varies, in the order in which they are proposed."""

    dimensions: Dimensions

    @model_validator(mode="after")
    def _check_conditions(self) -> Self:
        before: dict[str, Dimension] = {}
        for name, dimension in self.dimensions.items():
            for other, said in dimension.when.items():
                if other not in before:
                    raise ValueError(
                        f"{bare(name)}: when names {bare(other)}, which is no dimension before it"
                    )
                wrong = [v for v in said if before[other].convert(v) is None]
                wrong += [v for v in said if v not in wrong and before[other].find_fault(v)]
                if wrong:
                    raise ValueError(
                        f"{bare(name)}: when: {bare(other)} is never {shorten(wrong[0])}"
                    )
            before[name] = dimension
        return self

    @property
    def is_conditional(self) -> bool:
        """Whether some dimension does not vary everywhere."""
        return any(dimension.when for dimension in self.dimensions.values())

    def list_active(self, values: Mapping[str, OptionValue]) -> list[str]:
        """Return the dimensions that vary beside these values, in order."""
        return [name for name, dim in self.dimensions.items() if dim.is_active(values)]

    def draw_point(
        self, random: Random, given: Mapping[str, OptionValue] | None = None
    ) -> SpaceValues:
        """Return a point at random: a value of every dimension that is active beside the others.

        Parameters
        ----------
        random
            Where the values come from.
        given
            Values that are not drawn, of dimensions that may turn out not to be active.
        """
        said, point = given or {}, SpaceValues()
        for name, dimension in self.dimensions.items():
            if dimension.is_active(point):
                point[name] = said[name] if name in said else dimension.draw(random)
        return point

    def find_fault(self, values: Mapping[str, OptionValue]) -> str | None:
        """Say how a point lies outside the space; None where it does not."""
        active = self.list_active(values)
        for name in values:
            if name not in self.dimensions:
                return f"{bare(name)} is no dimension of the space"
            if name not in active:
                return f"{bare(name)} does not vary beside the other values"
        for name in active:
            if name not in values:
                return f"{bare(name)} has no value"
            dimension, value = self.dimensions[name], values[name]
            converted = dimension.convert(value)
            if converted is None:
                return f"{bare(name)}={shorten(value)} is no {dimension.kind}"
            fault = dimension.find_fault(converted)
            if fault:
                return f"{bare(name)}={shorten(value)} {fault}"
        return None


class SpaceFile(SearchSpace):
    """A space's file, ``space.json``, as it is written; what else is read as one: see docs."""

    editor_schema: Text | None = Field(
        default=None, alias="$schema", description="Where an editor finds this schema; ignored."
    )
    description: Text = Field(default="", description="A place for notes; ignored.")
    dimensions: Dimensions = Field(
        description="The hyperparameters that vary, by name, in the order in which they are "
        "proposed: what a `when` names stands before it.",
        json_schema_extra={"additionalProperties": False},
    )


def nest_options(values: Mapping[str, OptionValue]) -> dict[str, object]:
    """Return values as a trial has them, a network's options in a dict of their own."""
    options = {n.removeprefix(_OPTION): v for n, v in values.items() if n.startswith(_OPTION)}
    fields: dict[str, object] = {n: v for n, v in values.items() if not n.startswith(_OPTION)}
    return {**fields, "options": options} if options else fields
