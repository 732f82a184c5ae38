"""What a running batch tells whoever watches it."""

from collections.abc import Callable
from dataclasses import dataclass

from runner.fit import Fit
from trial_sets.record import EpochPoint, Record


@dataclass(frozen=True, slots=True)
class FitStarted:
    """A worker has taken a fit."""

    fit: Fit
    device: str


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """A fit has ended an epoch."""

    fit: Fit
    point: EpochPoint


@dataclass(frozen=True, slots=True)
class FitEnded:
    """A fit's record is on the disk."""

    fit: Fit
    record: Record


Event = FitStarted | EpochEnded | FitEnded
Observer = Callable[[Event], None]  # called from the supervising threads
