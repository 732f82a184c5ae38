"""Who runs a fit: the schema of the claim that a runner leaves beside the fit's folder."""

from trial_sets.configuration import StrictModel


class Runner(StrictModel):
    """One process that runs a batch."""

    token: str  # of this runner alone
    host: str
    machine: str  # of processes that can see each other: boot, namespaces of processes and time
    pid: int
    born: str  # when the process started, by the machine's own count: process ids are used again


class FitClaim(StrictModel):
    """A runner's word that it runs a fit, good as long as the runner lives."""

    schema_version: int = 1
    runner: Runner
    since: str  # ISO 8601, UTC
    ended: str | None = None  # when the runner gave up without a record
