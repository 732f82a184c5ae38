"""What is done about each class of fault."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from trial_sets.records.record import FailureKind

Answer = Literal["never", "again", "at_the_end", "smaller"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What follows from a fault of one class."""

    retry: Answer
    """Within the batch: not at all; up to ``--retries`` times, at once or after all other fits
    and alone on the machine; or in ever smaller parts of a batch, as long as there are any."""
    fresh_worker: bool
    """Whether the worker process is replaced before anything else runs in it."""
    rerun: bool
    """Whether the next command runs the fit again without ``--rerun-failed``."""
    systematic: bool
    """Whether the first fits all failing in this way speaks against the whole batch."""


POLICIES: Mapping[FailureKind, Policy] = {
    "error": Policy("never", fresh_worker=False, rerun=True, systematic=True),
    "diverged": Policy("never", fresh_worker=False, rerun=False, systematic=False),
    "out_of_memory": Policy("smaller", fresh_worker=True, rerun=True, systematic=True),
    "out_of_host_memory": Policy("at_the_end", fresh_worker=True, rerun=True, systematic=True),
    "crashed": Policy("again", fresh_worker=True, rerun=True, systematic=True),
    "timed_out": Policy("never", fresh_worker=True, rerun=True, systematic=False),
    "hung": Policy("again", fresh_worker=True, rerun=True, systematic=True),
    "device_lost": Policy("again", fresh_worker=True, rerun=True, systematic=True),
}
