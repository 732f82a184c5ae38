"""Which jobs were submitted for an outputs folder: a line each in ``_slurm/jobs.jsonl``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from trial_sets.configuration import StrictModel
from trial_sets.errors import InputError
from trial_sets.placement import make_folder, open_log
from trial_sets.records.layout import Outputs
from trial_sets.strict_json import MAX_BYTES, check, parse_json, read_text

JobKind = Literal["runners", "report"]
_ANSWER = re.compile(r"([1-9][0-9]{0,17})(?:;([\w.-]+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class SlurmId:
    """The number of a job, and the cluster where there are several."""

    number: str
    cluster: str | None = None

    @classmethod
    def parse(cls, answer: str) -> "SlurmId | None":
        """Read what ``sbatch --parsable`` says; None if that is no number."""
        match = _ANSWER.fullmatch(answer.strip())
        return None if match is None else cls(match[1], match[2])


class JobLine(StrictModel):
    """A job that was submitted."""

    version: Literal[1] = 1
    time: str  # ISO 8601, UTC
    job: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,17}$")]
    cluster: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")] | None = None
    kind: JobKind
    tasks: Annotated[int, Field(ge=1)]
    study: str

    @property
    def id(self) -> SlurmId:
        """What Slurm calls it."""
        return SlurmId(self.job, self.cluster)


def add_job(outputs: Outputs, line: JobLine) -> None:
    """Add a job to those of an outputs folder.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    make_folder(outputs.slurm)
    with open_log(outputs.slurm_jobs) as file:
        file.write(line.model_dump_json().encode() + b"\n")


def list_jobs(outputs: Outputs) -> list[JobLine]:
    """Return the jobs of an outputs folder in the order of their submission.

    Raises
    ------
    InputError
        If the file cannot be read, or by a later version alone.
    """
    try:
        outputs.slurm_jobs.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise InputError(f"{outputs.slurm_jobs}: {error.strerror or error}") from None
    return list(_parse(read_text(outputs.slurm_jobs, MAX_BYTES), str(outputs.slurm_jobs)))


def _parse(text: str, where: str) -> Iterator[JobLine]:
    """Yield the jobs of a file; a line that was cut short is none."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.endswith("}"):
            place = f"{where}, line {number}"
            yield check(JobLine, parse_json(line, place), place)
