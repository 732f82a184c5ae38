"""The next attempt at a fit that a fault has ended."""

from dataclasses import dataclass

from runner.faults.policies import POLICIES
from runner.workers.protocol import Job
from trial_sets.configuration import NetworkConfiguration
from trial_sets.records.record import FailureKind


@dataclass(frozen=True, slots=True)
class Retry:
    """Another attempt at a fit."""

    job: Job
    at_the_end: bool = False


def plan_retry(kind: FailureKind, job: Job, attempt: int, retries: int) -> Retry | None:
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
        case "smaller" if is_own(job) and job.micro_batches < most_parts(job):
            parts = min(2 * job.micro_batches, most_parts(job))
            return Retry(job.model_copy(update={"micro_batches": parts}))
        case "again" if attempt <= retries:
            return Retry(job)
        case "at_the_end" if attempt <= retries:
            return Retry(job, at_the_end=True)
    return None


def is_own(job: Job) -> bool:
    """Return whether this project's own network is trained, and no code of a person's."""
    return job.trainer is None and job.command is None


def most_parts(job: Job) -> int:
    """Return into how many parts a step's batch can be cut."""
    first = job.configurations[0]
    return first.batch_size if isinstance(first, NetworkConfiguration) else 1
