"""What is known of this machine's processor, kept beside the results: it informs a person.

Nothing that is measured decides anything: a fit's bits would depend on it.
"""

from typing import Literal

from models.settings import MatmulPath
from trial_sets.configuration import StrictModel
from trial_sets.errors import InputError
from trial_sets.records.layout import Outputs
from trial_sets.strict_json import check, read_json


class Machine(StrictModel):
    """A processor and how fast one thread of it multiplies matrices."""

    schema_version: Literal[1] = 1
    processor: str
    torch: str  # the version that was measured
    matmul: MatmulPath  # the library that multiplies in single precision; once chosen by its speed
    gflops: dict[str, float]  # by library, and for bfloat16

    def describe(self) -> str:
        """Say it in a sentence."""
        speeds = ", ".join(f"{name} {value:.0f}" for name, value in self.gflops.items())
        return (
            f"{self.processor}, torch {self.torch}; matrix products of one thread in GFLOP/s: "
            f"{speeds}; single precision takes {self.matmul}"
        )


def read_machine(outputs: Outputs) -> Machine | None:
    """Return what is known of the machine that the last batch ran on, if anything is."""
    path = outputs.machine
    try:
        return check(Machine, read_json(path), str(path)) if path.is_file() else None
    except InputError:
        return None  # it is measured again
