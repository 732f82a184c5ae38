"""How a fit came about: on which device, in what company, at which attempt."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ran:
    """Under what a fit ran; its record keeps each field under the same name."""

    device: str
    group_size: int = 1  # replicas that trained as one program
    micro_batches: int = 1  # parts of a step's batch
    attempts: int = 1
