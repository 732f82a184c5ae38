"""What a range test of the learning rate leaves on disk: the schema of range-test.json."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trial_sets.configuration import AnyConfiguration, StrictModel
from trial_sets.records.record import Finite, Provenance
from trial_sets.strict_json import check, read_json

Rate = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class SuggestedRates(StrictModel):
    """The learning rates that a range test speaks for."""

    low: Rate  # where the loss begins to fall
    high: Rate  # where it is least
    steepest: Rate  # where it falls fastest

    @property
    def start(self) -> float:
        """The rate to begin with: a tenth of the highest (fastai's "minimum"), or the steepest.

        With two digits: a test tells no more.
        """
        return float(f"{max(self.high / 10, self.steepest):.2g}")


class RangeTestRecord(StrictModel):
    """The losses of one training over which the learning rate rises from 1e-7 to 10."""

    schema_version: Literal[1] = 1
    run: str  # in whose folder it lies
    configuration: AnyConfiguration
    key: str  # of the configuration
    seed: int
    fold: Annotated[int, Field(ge=1)] | None = None
    rates: Annotated[tuple[Rate, ...], Field(min_length=1)]  # of each step
    losses: Annotated[tuple[Finite, ...], Field(min_length=1)]  # before it was taken
    smoothed_rates: tuple[Rate, ...]  # that the smoothed losses stand for
    smoothed_losses: tuple[Finite, ...]
    suggestion: SuggestedRates | None = None  # None where the losses fall no more than by chance
    seconds: Finite
    provenance: Provenance

    @model_validator(mode="after")
    def _check_lengths(self) -> Self:
        n = len(self.rates)
        for name in ("losses", "smoothed_rates", "smoothed_losses"):
            if len(getattr(self, name)) != n:
                raise ValueError(f"{len(getattr(self, name))} {name} of {n} rates, expected {n}")
        if self.configuration.key != self.key:
            raise ValueError(f"key {self.key} is not its configuration's")
        return self

    def describe(self) -> str:
        """Say in a sentence what the losses speak for."""
        tried = f"{len(self.rates)} steps from {self.rates[0]:.0e} to {self.rates[-1]:.0e}"
        found = self.suggestion
        if found is None:
            return f"no learning rate: the loss falls no more than by chance ({tried})"
        return (
            f"learning rates from {found.low:.1e}, where the loss begins to fall, to "
            f"{found.high:.1e}, where it is least; it falls fastest at {found.steepest:.1e}, and "
            f"{found.start:.1e} is a rate to begin with ({tried})"
        )


def read_range_test(path: Path) -> RangeTestRecord:
    """Return what a range-test.json says.

    Raises
    ------
    InputError
        If the file cannot be used.
    """
    return check(RangeTestRecord, read_json(path), str(path))
