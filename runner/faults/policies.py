"""What is done about each class of fault."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from trial_sets.records.record import FailureKind

if TYPE_CHECKING:
    from runner.workers.protocol import (
        Job,
    )  # a look at a plan does without workers and their messages

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
    "interrupted": Policy("never", fresh_worker=True, rerun=True, systematic=False),
}


@dataclass(frozen=True, slots=True)
class Retry:
    """Another attempt at a fit."""

    job: "Job"
    at_the_end: bool = False


def plan_retry(kind: FailureKind, job: "Job", attempt: int, retries: int) -> Retry | None:
    """Return the next attempt at a single fit, or None when it has failed for good.

    Parameters
    ----------
    kind
        How the last attempt ended.
    job
        What it tried.
    attempt
        Its number, from 1.
    retries
        How many more than one are allowed for faults that chance may have caused.
    """
    match POLICIES[kind].retry:
        case "smaller" if job.trainer is None and job.micro_batches < most_parts(job):
            parts = min(2 * job.micro_batches, most_parts(job))
            return Retry(job.model_copy(update={"micro_batches": parts}))
        case "again" if attempt <= retries:
            return Retry(job)
        case "at_the_end" if attempt <= retries:
            return Retry(job, at_the_end=True)
    return None


def most_parts(job: "Job") -> int:
    """Return into how many parts a step's batch can be cut."""
    return job.configurations[0].batch_size
