"""What Slurm says of jobs: its queue and, for those that it has forgotten, its accounting."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from runner.cluster.slurm_job import SlurmId

TaskState = Literal["queued", "running", "ended"]
ANSWER_TIMEOUT_S = 10.0
_QUEUED = {
    *("PENDING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT"),
    *("CONFIGURING", "POWER_UP_NODE"),
}
_ENDED = {
    *("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "PREEMPTED", "BOOT_FAIL"),
    *("DEADLINE", "OUT_OF_MEMORY", "REVOKED", "LAUNCH_FAILED", "RECONFIG_FAIL"),
}
_PLACE = re.compile(r"([0-9]+)(?:_([0-9]+))?")


class QueueSilent(Exception):  # noqa: N818 - it says what happened
    """Slurm did not say how jobs stand; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class SlurmTask:
    """One task of a job as Slurm sees it.

    Attributes
    ----------
    job : str
        The number of the job, of an array that of the whole.
    index : int
        In the array; 0 of a job that is none.
    word : str
        Slurm's state, such as RUNNING.
    reason : str
        Why it waits.
    """

    job: str
    index: int
    word: str
    reason: str = ""

    @property
    def state(self) -> TaskState:
        """What that comes to; of a state that is not known, that its job has not ended."""
        if self.word in _QUEUED:
            return "queued"
        return "ended" if self.word in _ENDED else "running"


def ask_queue(jobs: Sequence[SlurmId]) -> list[SlurmTask]:
    """Return what the queue says of jobs of one cluster; those that ended long ago are not there.

    Raises
    ------
    QueueSilent
        If it cannot be asked, or does not answer.
    """
    options = ["--noheader", "--array", "--states=all", "--format=%F|%K|%T|%r"]
    try:
        said = _ask(["squeue", *options, *_name(jobs)])
    except QueueSilent as silent:
        if "invalid job id" not in str(silent).lower():
            raise
        return []  # it says so where it is asked for a single job
    return list(_read_queue(said))


def ask_accounting(jobs: Sequence[SlurmId]) -> list[SlurmTask]:
    """Return what the accounting says of jobs of one cluster; nothing where there is none."""
    options = ["--noheader", "--parsable2", "--allocations", "--format=JobID,State"]
    try:
        return list(_read_accounting(_ask(["sacct", *options, *_name(jobs)])))
    except QueueSilent:
        return []


def _name(jobs: Sequence[SlurmId]) -> list[str]:
    """Return the options that name jobs."""
    clusters = {job.cluster for job in jobs if job.cluster is not None}
    numbers = ",".join(dict.fromkeys(job.number for job in jobs))
    return [*(f"--clusters={cluster}" for cluster in sorted(clusters)), f"--jobs={numbers}"]


def _ask(command: Sequence[str]) -> str:
    """Return what a program of Slurm's prints."""
    name = command[0]
    if shutil.which(name) is None:
        raise QueueSilent(f"there is no {name} here")
    try:
        answer = subprocess.run(command, capture_output=True, check=False, timeout=ANSWER_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        raise QueueSilent(f"{name} did not answer within {ANSWER_TIMEOUT_S:g} s") from None
    except OSError as error:
        raise QueueSilent(f"{name}: {error.strerror or error}") from None
    if answer.returncode:
        words = " ".join(answer.stderr.decode(errors="replace").split())
        raise QueueSilent(f"{name}: {words or f'exit code {answer.returncode}'}")
    return answer.stdout.decode(errors="replace")


def _read_queue(said: str) -> Iterator[SlurmTask]:
    for line in said.splitlines():
        job, index, word, reason = (*line.strip().split("|", 3), "", "", "", "")[:4]
        if job.isdigit() and word:
            number = int(index) if index.isdigit() else 0
            yield SlurmTask(job, number, word, "" if reason == "None" else reason)


def _read_accounting(said: str) -> Iterator[SlurmTask]:
    for line in said.splitlines():
        place, _, word = line.strip().partition("|")
        match = _PLACE.fullmatch(place)
        if match is not None and word:
            yield SlurmTask(match[1], int(match[2] or 0), word.split()[0])
