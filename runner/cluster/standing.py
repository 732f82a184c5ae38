"""How the jobs of a study stand in Slurm's queue."""

from collections import Counter
from collections.abc import Iterable, Sequence

from runner.cluster.slurm_job import JobKind, JobLine, SlurmId, list_jobs
from runner.cluster.squeue import QueueSilent, SlurmTask, TaskState, ask_accounting, ask_queue
from trial_sets.configuration import StrictModel
from trial_sets.errors import InputError
from trial_sets.records.layout import Outputs

MOST_ASKED = 100  # jobs, the last ones


class JobStanding(StrictModel):
    """How a job stands."""

    job: str
    cluster: str | None
    kind: JobKind
    submitted: str  # ISO 8601, UTC
    counts: dict[TaskState, int]  # of its tasks; empty where the queue did not answer
    waits_for: tuple[str, ...]  # why tasks are queued, in Slurm's words
    ended_as: dict[str, int]  # tasks by Slurm's states, as far as it remembers


class QueueStanding(StrictModel):
    """How the jobs of a study stand."""

    jobs: tuple[JobStanding, ...]  # those that have not ended, and the last that were submitted
    note: str = ""  # why that is not known


def read_queue(outputs: Outputs, study: str) -> QueueStanding | None:
    """Ask how the jobs stand that were submitted for a study; None where there were none.

    Parameters
    ----------
    study
        Its name.
    """
    try:
        lines = [line for line in list_jobs(outputs) if line.study == study][-MOST_ASKED:]
    except InputError as error:
        return QueueStanding(jobs=(), note=str(error))
    if not lines:
        return None
    try:
        seen = _ask_all([line.id for line in lines])
    except QueueSilent as silent:
        last = _find_last(lines)
        return QueueStanding(jobs=tuple(_stand(line, None) for line in last), note=str(silent))
    standing = [_stand(line, seen) for line in lines]
    last = _find_last(lines)
    shown = [
        one
        for line, one in zip(lines, standing, strict=True)
        if line in last or one.counts != {"ended": line.tasks}
    ]
    return QueueStanding(jobs=tuple(shown))


def _find_last(lines: Sequence[JobLine]) -> Sequence[JobLine]:
    """Return the jobs of the last submission: the runners and what follows them."""
    starts = [place for place, line in enumerate(lines) if line.kind == "runners"]
    return lines[starts[-1] if starts else -1 :]


def _ask_all(jobs: Sequence[SlurmId]) -> dict[tuple[SlurmId, int], SlurmTask]:
    """Return what is known of tasks, by job and index."""
    found: dict[tuple[SlurmId, int], SlurmTask] = {}
    for cluster in dict.fromkeys(job.cluster for job in jobs):
        asked = [job for job in jobs if job.cluster == cluster]
        tasks = ask_queue(asked)
        known = {task.job for task in tasks}
        forgotten = [job for job in asked if job.number not in known]
        tasks += ask_accounting(forgotten) if forgotten else []
        found |= {(SlurmId(task.job, cluster), task.index): task for task in tasks}
    return found


def _stand(line: JobLine, seen: dict[tuple[SlurmId, int], SlurmTask] | None) -> JobStanding:
    """Return how a job stands; what the queue has forgotten has ended."""
    tasks = [seen.get((line.id, index)) for index in range(line.tasks)] if seen is not None else []
    states: Iterable[TaskState] = ("ended" if task is None else task.state for task in tasks)
    known = [task for task in tasks if task is not None]
    return JobStanding(
        job=line.job,
        cluster=line.cluster,
        kind=line.kind,
        submitted=line.time,
        counts=dict(Counter(states)),
        waits_for=tuple(
            dict.fromkeys(task.reason for task in known if task.state == "queued" and task.reason)
        ),
        ended_as=dict(Counter(task.word for task in known if task.state == "ended")),
    )
