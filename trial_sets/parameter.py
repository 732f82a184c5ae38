"""The hyperparameters of a trainer of one's own, as its study declares them.

One schema serves both: fixed trials, whose values are checked against it, and a search, for which
it says where to look.
"""

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from trial_sets.configuration import OptionValue, StrictModel
from trial_sets.errors import InputError, suggest
from trial_sets.strict_json import bare, shorten
from trial_sets.texts import Text

Number = Annotated[float, Field(allow_inf_nan=False)]
ParameterType = Literal["float", "int", "bool", "str"]
RESERVED = ("note", "budget")  # what a trial says beside its hyperparameters
PARAMETER_PATTERN = r"^[A-Za-z_][A-Za-z0-9_.-]{0,63}$"
ParameterName = Annotated[str, Field(pattern=PARAMETER_PATTERN)]
_PYTHON_TYPES: Mapping[str, type] = {"float": float, "int": int, "bool": bool, "str": str}


class Parameter(StrictModel):
    """One hyperparameter: its type, and where its values lie."""

    type: ParameterType | None = Field(
        default=None, description="float, int, bool or str; of choices, that of theirs."
    )
    low: Number | None = Field(default=None, description="The least value that makes sense.")
    high: Number | None = Field(default=None, description="The largest.")
    log: bool = Field(
        default=False, description="Whether its scale is logarithmic, as of a learning rate."
    )
    step: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        default=None, description="From one value to the next, counted from low."
    )
    choices: Annotated[tuple[OptionValue, ...], Field(min_length=1, max_length=1_000)] | None = (
        Field(default=None, description="The values, where they are no range.")
    )
    description: Text = Field(default="", description="What it does; ignored.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        has_range = self.low is not None or self.high is not None or self.step is not None
        if self.choices is not None:
            if has_range or self.log:
                raise ValueError("choices go without low, high, step and log")
            kinds = {type(choice).__name__ for choice in self.choices}
            if (
                self.type is None
                and len(kinds - {"int", "float"}) + bool(kinds & {"int", "float"}) > 1
            ):
                raise ValueError(f"choices are of several types: {', '.join(sorted(kinds))}")
        elif self.type is None:
            raise ValueError("a parameter needs type or choices")
        if self.kind in {"bool", "str"} and (has_range or self.log):
            raise ValueError(f"type {self.kind} goes without low, high, step and log")
        self._check_range()
        for choice in self.choices or ():
            if self.convert(choice) is None:
                raise ValueError(f"choices: {shorten(choice)} is no {self.kind}")
        return self

    def _check_range(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low={self.low:g} is above high={self.high:g}")
        if self.log and self.low is not None and self.low <= 0:
            raise ValueError(f"low={self.low:g}: a logarithmic scale begins above 0")
        if self.step is not None and self.low is None:
            raise ValueError("step counts from low, which is missing")
        if self.kind == "int":
            for name in ("low", "high", "step"):
                value = getattr(self, name)
                if value is not None and value % 1:
                    raise ValueError(f"{name}={value:g} of an int is no whole number")

    @property
    def kind(self) -> ParameterType:
        """The type, said or shown by the choices."""
        if self.type is not None:
            return self.type
        types = {type(choice) for choice in self.choices or ()}
        if types <= {int, float}:
            return "float" if float in types else "int"
        return "bool" if types == {bool} else "str"

    def convert(self, value: OptionValue) -> OptionValue | None:
        """Return a value as one of the parameter's type; None where it is of another."""
        if self.kind == "float" and type(value) in {int, float}:
            try:
                return float(value)
            except OverflowError:
                return None
        if self.kind == "int" and type(value) is float and value.is_integer():
            return int(value)
        return value if type(value) is _PYTHON_TYPES[self.kind] else None

    def find_fault(self, value: OptionValue) -> str | None:
        """Say how a value of its type lies outside what is declared; None where it does not."""
        if self.choices is not None:
            known = [self.convert(choice) for choice in self.choices]
            shown = ", ".join(map(shorten, self.choices))
            return None if value in known else f"is none of the choices {shown}"
        if isinstance(value, bool | str):
            return None
        if self.low is not None and value < self.low:
            return f"lies below low={self.low:g}"
        if self.high is not None and value > self.high:
            return f"lies above high={self.high:g}"
        if self.step is not None and self.low is not None:
            steps = (value - self.low) / self.step
            if not math.isclose(steps, round(steps), abs_tol=1e-9 * max(1.0, abs(steps))):
                return f"is no whole number of steps of {self.step:g} from low={self.low:g}"
        return None


Parameters = dict[ParameterName, Parameter]


def check_values(
    parameters: Mapping[str, Parameter], values: Mapping[str, Any], where: str
) -> dict[str, OptionValue]:
    """Return a trial's values in the order in which they are declared, each of its type.

    Parameters
    ----------
    parameters
        As the study declares them.
    values
        As the trial says them.
    where
        Begins the sentence of every error.

    Raises
    ------
    InputError
        If a name is none of the parameters', a value is of another type, or one is missing.
    """
    for name in values:
        if name not in parameters:
            raise InputError(
                f"{where}: unknown parameter {shorten(name)}{suggest(name, parameters)}"
            )
    checked: dict[str, OptionValue] = {}
    for name, parameter in parameters.items():
        if name not in values:
            raise InputError(
                f"{where}: the parameter {bare(name)} has no value; give it one in the trial or, "
                "for all, in the base of study.json"
            )
        value = parameter.convert(values[name])
        if value is None:
            raise InputError(
                f"{where}: {bare(name)}={shorten(values[name])}, expected a value of type "
                f"{parameter.kind}"
            )
        checked[name] = value
    return checked
