"""How a fit came about: on which device, in what company, at which attempt."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version

from runner.storage.machine import Machine
from runner.workers.protocol import Ready
from trial_sets.records.record import Provenance


@dataclass(frozen=True, slots=True)
class Ran:
    """Under what a fit ran; its record keeps each field, and those of `far`, under its name."""

    device: str
    group_size: int = 1  # replicas that trained as one program
    micro_batches: int = 1  # parts of a step's batch
    attempts: int = 1
    far: Ready | None = None  # what a worker elsewhere has said of where it is

    def trace(
        self, started: datetime, versions: Mapping[str, str], machine: Machine | None
    ) -> Provenance:
        """Return what a record says of it, now that it has ended.

        Parameters
        ----------
        started
            When the training began.
        versions
            Of what the workers use; a far one's own count.
        machine
            What they run on, where that is known; likewise.
        """
        platform_here = f"{platform.system()} {platform.machine()}"
        where = {"processor": m.processor, "matmul": m.matmul} if (m := machine) else {}
        if (far := self.far) is not None:
            where = {"processor": far.processor, "matmul": far.matmul} if far.processor else {}
        return Provenance(
            device=self.device,
            group_size=self.group_size,
            micro_batches=self.micro_batches,
            attempts=self.attempts,
            started=started.isoformat(timespec="seconds"),
            finished=datetime.now(UTC).isoformat(timespec="seconds"),
            versions={
                **(far.versions if far else versions),
                "supplementary-trials": _own_version(),
            },
            platform=(far.platform if far else "") or platform_here,
            **where,
        )


@lru_cache(maxsize=1)
def _own_version() -> str:
    """Return this project's version; its metadata is read once, not once a record."""
    return version("supplementary-trials")
