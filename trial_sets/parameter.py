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
from trial_sets.wording import join_words

Number = Annotated[float, Field(allow_inf_nan=False)]
ParameterType = Literal["float", "int", "bool", "str"]
# What a trial says beside its hyperparameters, and what every trial runs with.
RESERVED: Mapping[str, str] = {
    "note": "is what a trial says beside its parameters",
    "budget": "is what a trial says beside its parameters",
    "seed": "is no parameter: every trial runs with the seeds of the study",
}
PARAMETER_PATTERN = r"^[A-Za-z_][A-Za-z0-9_.-]{0,63}$"
ParameterName = Annotated[str, Field(pattern=PARAMETER_PATTERN)]
_MOST_SHOWN = 12
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
        self._check_choices()
        return self

    def _check_choices(self) -> None:
        seen: set[OptionValue] = set()
        for choice in self.choices or ():
            value = self.convert(choice)
            if value is None:
                raise ValueError(f"choices: {shorten(choice)} is no {self.kind}")
            if value in seen:
                raise ValueError(f"choices: {shorten(choice)} stands twice")
            seen.add(value)

    def _check_range(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low={self.low:g} is above high={self.high:g}")
        for name in ("low", "high"):
            value = getattr(self, name)
            if self.log and value is not None and value <= 0:
                raise ValueError(f"{name}={value:g}: a logarithmic scale begins above 0")
        for name in ("low", "high", "step") if self.kind == "int" else ():
            value = getattr(self, name)
            if value is not None and value % 1:
                raise ValueError(f"{name}={value:g} of an int is no whole number")
        if self.step is not None:
            self._check_step(self.step)

    def _check_step(self, step: float) -> None:
        if self.log:
            raise ValueError("step goes without log: no steps are equal on a logarithmic scale")
        if self.low is None:
            raise ValueError("step counts from low, which is missing")
        if self.high is not None and 0 < self.high - self.low < step:
            raise ValueError(f"step={step:g} leads from low={self.low:g} beyond high={self.high:g}")

    @property
    def kind(self) -> ParameterType:
        """The type, said or shown by the choices."""
        if self.type is not None:
            return self.type
        types = {type(choice) for choice in self.choices or ()}
        if types <= {int, float}:
            return "float" if float in types else "int"
        return "bool" if types == {bool} else "str"

    @property
    def expected(self) -> str:
        """What a value has to be, for the end of an error's sentence."""
        if self.choices is not None:
            return f"one of {self._shown_choices}"
        return f"a value of type {self.kind}"

    @property
    def _shown_choices(self) -> str:
        return join_words(list(map(shorten, self.choices or ())), most=_MOST_SHOWN, last="or")

    def convert(self, value: OptionValue) -> OptionValue | None:
        """Return a value as one of the parameter's type; None where it is of another."""
        if self.kind == "float" and type(value) in {int, float}:
            try:
                return float(value) + 0.0  # -0.0 is 0.0, as everywhere but in JSON
            except OverflowError:
                return None
        if self.kind == "int" and type(value) is float and value.is_integer():
            return int(value)
        return value if type(value) is _PYTHON_TYPES[self.kind] else None

    def find_fault(self, value: OptionValue) -> str | None:
        """Say how a value of its type lies outside what is declared; None where it does not."""
        if self.choices is not None:
            known = [self.convert(choice) for choice in self.choices]
            return None if value in known else f"is not one of {self._shown_choices}"
        return None if isinstance(value, bool | str) else self._find_fault_of_number(value)

    def _find_fault_of_number(self, value: float) -> str | None:
        if self.low is not None and value < self.low:
            return f"lies below low={self.low:g}"
        if self.high is not None and value > self.high:
            return f"lies above high={self.high:g}"
        if self.log and value <= 0:
            return "has no place on a logarithmic scale, which begins above 0"
        if self.step is not None and self.low is not None:
            steps = (value - self.low) / self.step
            apart = abs(steps - round(steps)) if math.isfinite(steps) else 0.0
            if apart > 1e-9 * max(1.0, abs(steps)):
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
    checked = check_said(parameters, values, where)
    missing = [bare(name) for name in parameters if name not in checked]
    if missing:
        several = len(missing) > 1
        raise InputError(
            f"{where}: the parameter{'s' * several} {join_words(missing, most=_MOST_SHOWN)} "
            f"{'have' if several else 'has'} no value; give {'them' if several else 'it'} in the "
            "trial or, for all trials, in the base of study.json"
        )
    return {name: checked[name] for name in parameters}


def check_said(
    parameters: Mapping[str, Parameter], values: Mapping[str, Any], where: str
) -> dict[str, OptionValue]:
    """Return the values that a base or a trial says, each of its parameter's type.

    Raises
    ------
    InputError
        If a name is none of the parameters', or a value is of another type.
    """
    checked: dict[str, OptionValue] = {}
    for name, said in values.items():
        if name not in parameters:
            raise InputError(
                f"{where}: unknown parameter {shorten(name)}{suggest(name, parameters)}"
            )
        parameter = parameters[name]
        value = parameter.convert(said)
        if value is None:
            raise InputError(
                f"{where}: {bare(name)}={shorten(said)}, expected {parameter.expected}"
            )
        checked[name] = value
    return checked
