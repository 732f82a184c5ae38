"""Submitting a script with ``sbatch``."""

import os
import shutil
import subprocess

from runner.cluster.slurm_job import SlurmId
from runner.cluster.slurm_script import SlurmScript
from runner.errors import JobRefused, RunError

ANSWER_S = 120.0
# They would say something else than the script's lines, keep the command waiting, or have a runner
# count the cores of the job that it was submitted from.
_OVERRULING = (
    *("SBATCH_ARRAY_INX", "SBATCH_WAIT", "SBATCH_WAIT_ALL_NODES", "SBATCH_DEBUG"),
    "SLURM_CPUS_PER_TASK",
)


def find_sbatch() -> str:
    """Return the path of ``sbatch``.

    Raises
    ------
    RunError
        If there is none.
    """
    found = shutil.which("sbatch")
    if found is None:
        raise RunError(
            "--slurm: found no sbatch on the path of programs; give the command where jobs are "
            "submitted, or add --dry-run to see the script"
        )
    return found


def submit_script(script: SlurmScript) -> SlurmId:
    """Submit a script, and return the number of its job.

    Raises
    ------
    RunError
        If there is no ``sbatch``.
    JobRefused
        With its words, if it takes no job.
    """
    variables = {name: word for name, word in os.environ.items() if name not in _OVERRULING}
    try:
        answer = subprocess.run(
            [find_sbatch(), "--parsable"],
            input=os.fsencode(script.write()),
            capture_output=True,
            check=False,
            timeout=ANSWER_S,
            env=variables,
        )
    except subprocess.TimeoutExpired:
        raise JobRefused(
            f"sbatch did not answer within {ANSWER_S:g} s; squeue says whether there is a job"
        ) from None
    except OSError as error:
        raise JobRefused(f"sbatch: {error.strerror or error}") from None
    said, complaint = (text.decode(errors="replace") for text in (answer.stdout, answer.stderr))
    # Sites have it greet people: the last line is the answer.
    job = SlurmId.parse(said.strip().rpartition("\n")[2])
    if answer.returncode or job is None:
        words = " ".join((complaint.strip() or said).split())
        raise JobRefused(f"sbatch took no job: {words or f'exit code {answer.returncode}'}")
    return job
