"""The scripts that Slurm runs: an array of ordinary runners, and the report that follows it."""

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runner.cluster.sbatch_options import SbatchOption, join_options, list_inherited
from runner.cluster.slurm_job import SlurmId
from runner.errors import RunError
from runner.planning.device_choice import parse_device

WARNING_S = 60  # before the time limit
CORES_A_GPU = 4  # a worker, its runner, and what prepares batches


@dataclass(frozen=True, slots=True)
class SlurmScript:
    """A job of Slurm's.

    Attributes
    ----------
    options : sequence of SbatchOption
        What it asks of Slurm.
    command : sequence of str
        What it runs, in the place of the shell: a signal to the job's shell reaches it.
    variables : mapping
        Of the environment, where the site does not hand on that of ``sbatch``.
    """

    options: Sequence[SbatchOption]
    command: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)

    def write(self) -> str:
        """Return the text that ``sbatch`` takes."""
        lines = ["#!/bin/sh", *(option.write_line() for option in self.options)]
        lines += [f"export {name}={shlex.quote(word)}" for name, word in self.variables.items()]
        return "\n".join([*lines, f"exec {shlex.join(self.command)}", ""])


@dataclass(frozen=True, slots=True)
class Workload:
    """What one runner of an array is to have.

    Attributes
    ----------
    device : str
        As ``--device`` says it.
    jobs : int or None
        Its worker processes, as ``--jobs`` says it.
    """

    device: str
    jobs: int | None

    def list_options(self) -> list[SbatchOption]:
        """Return the options that ask for it.

        Raises
        ------
        RunError
            If Slurm has no such device.
        """
        choice = parse_device(self.device)
        if choice.kind == "mps":
            raise RunError("--device mps: Slurm has no such device; expected auto, cuda or cpu")
        if choice.kind == "cpu":
            return [SbatchOption.of("cpus-per-task", self.jobs or 1)]
        n_gpus = max(choice.indices, default=0) + 1
        cores = max(CORES_A_GPU * n_gpus, self.jobs or 1)
        return [
            SbatchOption.of("gpus-per-task", n_gpus),
            SbatchOption.of("cpus-per-task", cores),
        ]


@dataclass(frozen=True, slots=True)
class SlurmPlace:
    """Where jobs work and what they are called.

    Attributes
    ----------
    title : str
        Of the study.
    folder : Path
        Where the command was given.
    logs : Path
        The folder of their logs.
    """

    title: str
    folder: Path
    logs: Path

    def list_options(self, name: str, log: str) -> list[SbatchOption]:
        """Return the options that say so; a path's ``%`` is no placeholder.

        Raises
        ------
        RunError
            If Slurm cannot have such a path.
        """
        if not str(self.folder).isprintable():
            raise RunError(
                f"--slurm: Slurm starts nothing in {str(self.folder)!r}: a character in its name"
            )
        logs = os.path.join(os.path.abspath(self.folder), self.logs)  # noqa: PTH100, PTH118
        if "\\" in logs or not logs.isprintable():
            raise RunError(f"--output: Slurm writes no log below {logs!r}: a character in its name")
        return [
            SbatchOption.of("job-name", name),
            SbatchOption.of("chdir", self.folder),
            SbatchOption.of("output", os.path.join(logs.replace("%", "%%"), log)),  # noqa: PTH118
            SbatchOption.of("open-mode", "append"),
        ]


def write_array(
    command: Sequence[str],
    n_runners: int,
    place: SlurmPlace,
    workload: Workload,
    theirs: Sequence[SbatchOption] = (),
) -> SlurmScript:
    """Return the script of an array of runners.

    Parameters
    ----------
    command
        The runner's.
    n_runners
        How many.
    theirs
        Options of ``sbatch`` that a person gave.

    Raises
    ------
    RunError
        If Slurm cannot have a path or a device.
    """
    ours = [
        *place.list_options(f"supplementary-{place.title}", "%A_%a.log"),
        SbatchOption.of("array", f"0-{n_runners - 1}"),
        SbatchOption.of("ntasks", 1),
        *workload.list_options(),
        SbatchOption.of("requeue"),
        SbatchOption.of("signal", f"B:TERM@{WARNING_S}"),
    ]
    return SlurmScript(join_options(ours, theirs), command, _list_variables())


def write_follower(
    command: Sequence[str],
    array: SlurmId,
    place: SlurmPlace,
    theirs: Sequence[SbatchOption] = (),
) -> SlurmScript:
    """Return the script of the report that waits until an array has ended, however it ends.

    Parameters
    ----------
    command
        What writes the report.
    array
        The job.
    theirs
        Options of ``sbatch`` that a person gave for the array.

    Raises
    ------
    RunError
        If Slurm cannot have a path.
    """
    ours = [
        *place.list_options(f"supplementary-{place.title}-report", "%j_report.log"),
        SbatchOption.of("ntasks", 1),
        SbatchOption.of("cpus-per-task", 1),
        SbatchOption.of("requeue"),
        SbatchOption.of("dependency", f"afterany:{array.number}"),
    ]
    return SlurmScript(join_options(ours, list_inherited(theirs)), command, _list_variables())


def _list_variables() -> dict[str, str]:
    """Return what finds programs and, where that is set, packages."""
    packages = os.environ.get("PYTHONPATH")
    found = {"PYTHONPATH": packages} if packages else {}
    return {"PATH": os.environ.get("PATH", os.defpath), **found}
