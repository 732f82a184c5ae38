"""What is known of this machine's processor: measured once by a worker, kept beside the results.

Which library multiplies the matrices shows in the last bits of a fit, so it is chosen once for the
machine and not by every worker anew.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from models.settings import MatmulPath
from runner.errors import WorkerDied
from runner.storage.durable import write_whole, writing
from trial_sets.configuration import StrictModel
from trial_sets.errors import TrialSetError
from trial_sets.strict_json import check, read_json

if TYPE_CHECKING:
    from runner.workers.pool import (
        WorkerPool,
    )  # a look at a plan does without workers and their messages
    from runner.workers.protocol import Ready

MACHINE_FILE = "machine.json"  # in the output folder itself: all runs on this machine share it


class Machine(StrictModel):
    """A processor and how fast one thread of it multiplies matrices."""

    schema_version: Literal[1] = 1
    processor: str
    torch: str  # the version that was measured
    matmul: MatmulPath
    gflops: dict[str, float]  # by library, and for bfloat16

    def describe(self) -> str:
        """Say it in a sentence."""
        speeds = ", ".join(f"{name} {value:.0f}" for name, value in self.gflops.items())
        return (
            f"{self.processor}, torch {self.torch}; matrix products of one thread in GFLOP/s: "
            f"{speeds}; single precision takes {self.matmul}"
        )


def read_machine(outputs: Path) -> Machine | None:
    """Return what is known of the machine that the last batch ran on, if anything is."""
    path = outputs / MACHINE_FILE
    try:
        return check(Machine, read_json(path), str(path)) if path.is_file() else None
    except TrialSetError:
        return None  # it is measured again


def settle_machine(outputs: Path, pool: "WorkerPool", ready: "Ready") -> Machine:
    """Return what is known of this machine; have it measured if that is nothing.

    Raises
    ------
    BatchStopped
        If the file cannot be written.
    """
    known = read_machine(outputs)
    torch = ready.versions["torch"]
    if known is not None and (known.processor, known.torch) == (ready.processor, torch):
        return known
    try:
        measured = pool.measure_processor()
    except WorkerDied:  # its slot gets another worker
        return Machine(processor=ready.processor, torch=torch, matmul="default", gflops={})
    machine = Machine(
        processor=ready.processor, torch=torch, matmul=measured.matmul, gflops=measured.gflops
    )
    path = outputs / MACHINE_FILE
    with writing(path):
        write_whole(path, machine)
    return machine
