"""The space of a search: which hyperparameters vary, and between which values."""

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from trial_sets.configuration import OptionValue, StrictModel
from trial_sets.parameter import Parameter, ParameterName
from trial_sets.strict_json import bare, shorten

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
        return None if n_values is None else tuple(self._list_steps(n_values))

    def _list_steps(self, n_values: int) -> Iterator[OptionValue]:
        assert self.low is not None
        step = self.step or 1
        for number in range(n_values):
            value = self.low + number * step
            yield int(value) if self.kind == "int" else float(f"{value:.12g}")

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

    def is_active(self, values: Mapping[str, OptionValue]) -> bool:
        """Return whether it varies beside these values of the others."""
        return all(name in values and values[name] in said for name, said in self.when.items())


class SearchSpace(StrictModel):
    """The hyperparameters that a search varies, in the order in which they are proposed."""

    dimensions: Annotated[dict[ParameterName, Dimension], Field(min_length=1, max_length=200)]

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
