"""How Slurm's jobs stand, beside how the fits do."""

from typing import TYPE_CHECKING

from rich.console import Console

from analysis.numbers import count_noun
from scripts.text import mark

if TYPE_CHECKING:  # the list of a study does without
    from runner.cluster.standing import JobStanding, QueueStanding


def print_queue(queue: "QueueStanding | None", console: Console) -> None:
    """Print a line a job, and why nothing is known of them if that is so."""
    if queue is None:
        return
    for job in queue.jobs:
        console.print(mark(describe_job(job)), soft_wrap=True, highlight=False)
    if queue.note:
        console.print(mark(f"Slurm: {queue.note}."), soft_wrap=True, highlight=False)


def describe_job(job: "JobStanding") -> str:
    """Return how a job stands: ``Slurm job 12, 4 runners: 1 queued (Resources), 3 running``."""
    n_tasks = sum(job.counts.values())
    what = "report" if job.kind == "report" else count_noun(n_tasks, "runner")
    if not job.counts:
        return f"Slurm job {job.job}, {job.kind}, submitted {job.submitted}: not known"
    details = {
        "queued": ", ".join(job.waits_for),
        "running": "",
        "ended": ", ".join(_count_words(job)),
    }
    parts = [
        (f"{number} " if job.kind == "runners" else "")
        + state
        + (f" ({details[state]})" if details[state] else "")
        for state, number in job.counts.items()
    ]
    return f"Slurm job {job.job}, {what}: {', '.join(parts)}"


def _count_words(job: "JobStanding") -> list[str]:
    """Return how tasks ended in Slurm's words, counted where there are several."""
    several = len(job.ended_as) > 1
    return [f"{number} {word}" if several else word for word, number in job.ended_as.items()]
