"""How long a job may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a job may take."""

    timeout_s: float | None = None  # in all
    hang_s: float = 300.0  # without a message and without use of the processor
