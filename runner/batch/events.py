"""What a running batch tells whoever watches it."""

from collections.abc import Callable
from dataclasses import dataclass

from runner.planning.fit import Fit
from trial_sets.records.record import EpochPoint, Failure, Record


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
    by_other: bool = False  # another runner has filed it, and told of it


@dataclass(frozen=True, slots=True)
class FitRetried:
    """An attempt at a fit has failed, and another one follows."""

    fit: Fit
    failure: Failure


@dataclass(frozen=True, slots=True)
class FitElsewhere:
    """Another runner has claimed a fit."""

    fit: Fit
    runner: str


@dataclass(frozen=True, slots=True)
class FitRepeated:
    """A search has proposed what it had tried before: no fit is run for that."""

    fit: Fit  # the one before
    trial: str  # that has its record too
    record: Record


@dataclass(frozen=True, slots=True)
class SlotLost:
    """No worker can be started any more where one was: its fits go to the other slots."""

    why: str


FitEvent = FitStarted | EpochEnded | FitEnded | FitRetried | FitElsewhere | FitRepeated
Event = FitEvent | SlotLost
Observer = Callable[[Event], None]  # called from several threads
