"""Submitting a command: an array of runners, then the report that waits for them."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from analysis.numbers import count_noun
from runner.cluster.sbatch import find_sbatch, submit_script
from runner.cluster.sbatch_options import SbatchOption, read_sbatch_options
from runner.cluster.slurm_job import JobKind, JobLine, SlurmId, add_job
from runner.cluster.slurm_script import (
    SlurmPlace,
    SlurmScript,
    Workload,
    write_array,
    write_follower,
)
from runner.errors import JobRefused, RunError
from runner.planning.request import Request
from scripts.running.overview import print_summary
from scripts.searching.rendering import list_words, render_command
from scripts.submitting.invocation import call_module, find_call
from scripts.submitting.slurm_options import SlurmOrder
from scripts.text import mark, say, say_error
from trial_sets.configuration import StrictModel
from trial_sets.placement import make_folder
from trial_sets.records.layout import Outputs

REPORT_JOB = "scripts.submitting.report_job"


class SubmissionSummary(StrictModel):
    """What was submitted."""

    job: str
    cluster: str | None
    runners: int
    report_job: str | None  # None if Slurm did not take it
    logs: str | None  # the folder; None if --sbatch says where they go
    status: str  # the command that shows how things stand


@dataclass(frozen=True, slots=True)
class Submission:
    """A command that Slurm is to run.

    Attributes
    ----------
    order : SlurmOrder
        What is asked of Slurm.
    request : Request
        What the command asks for.
    study : str
        The name of its study.
    words : sequence of str
        The command's arguments, without those that concern Slurm.
    status : str
        The command that shows how things stand.
    """

    order: SlurmOrder
    request: Request
    study: str
    words: Sequence[str]
    status: str

    @property
    def outputs(self) -> Outputs:
        """Where the records go."""
        return Outputs(self.request.output)

    @property
    def place(self) -> SlurmPlace:
        """Where the jobs work."""
        return SlurmPlace(self.study, Path.cwd(), self.outputs.slurm)

    @property
    def has_own_logs(self) -> bool:
        """Whether a person says where logs go."""
        return any(option.name == "output" for option in self.list_asked())

    def list_asked(self) -> tuple[SbatchOption, ...]:
        """Return the options of ``sbatch`` that were given."""
        return read_sbatch_options(self.order.sbatch)

    def write_runners(self) -> SlurmScript:
        """Return the script of the runners."""
        command = [*_find_own_call(), *self.words]
        workload = Workload(self.request.device, self.request.jobs)
        return write_array(command, self.order.n_runners, self.place, workload, self.list_asked())

    def write_report(self, array: SlurmId) -> SlurmScript:
        """Return the script of the report."""
        call = _find_own_call()
        command = [*call_module(call, REPORT_JOB), *call, *self.words]
        return write_follower(command, array, self.place, self.list_asked())


def submit_or_show(context: click.Context, order: SlurmOrder, request: Request, study: str) -> bool:
    """Submit a command as it was given, or with ``--dry-run`` show the script.

    Parameters
    ----------
    context
        Of the command.
    order, request, study
        As in `Submission`.

    Returns
    -------
    bool
        Whether Slurm has taken what was submitted.

    Raises
    ------
    RunError
        If it cannot be submitted as it was asked for.
    """
    options = context.params
    runner = {"slurm": None, "sbatch": (), "dry_run": False, "as_json": False}
    words = list_words(context, options, **runner)
    status = render_command(context, options, **{**runner, "status": True})
    submission = Submission(order, request, study, words, status)
    if options["dry_run"]:
        say(submission.write_runners().write().rstrip("\n"))
        return True
    return submit(submission, as_json=options["as_json"])


def submit(submission: Submission, *, as_json: bool) -> bool:
    """Submit a command, and print what was submitted.

    Returns
    -------
    bool
        Whether Slurm has taken runners and report; what it said otherwise is printed.

    Raises
    ------
    RunError
        If it cannot be submitted as it was asked for; nothing has been submitted then.
    """
    script = submission.write_runners()
    find_sbatch()
    _make_place(submission.outputs)
    try:
        array = submit_script(script)
    except JobRefused as refusal:
        say_error(refusal)
        return False
    _note(submission, "runners", array, submission.order.n_runners)
    follower = None
    try:
        follower = submit_script(submission.write_report(array))
    except JobRefused as refusal:
        say_error(f"the runners were submitted, and no report that follows them: {refusal}")
    else:
        _note(submission, "report", follower, 1)
    summary = SubmissionSummary(
        job=array.number,
        cluster=array.cluster,
        runners=submission.order.n_runners,
        report_job=None if follower is None else follower.number,
        logs=None if submission.has_own_logs else str(submission.outputs.slurm),
        status=submission.status,
    )
    print_summary(summary, _print, as_json=as_json)
    return follower is not None


def _find_own_call() -> list[str]:
    return find_call(sys.orig_argv, len(sys.argv) - 1)


def _make_place(outputs: Outputs) -> None:
    """Make the folder of the logs: a job whose log has no place does not start."""
    try:
        make_folder(outputs.slurm)
    except OSError as error:
        raise RunError(f"{outputs.slurm}: cannot hold logs: {error.strerror or error}") from error


def _note(submission: Submission, kind: JobKind, job: SlurmId, n_tasks: int) -> None:
    """Note a job for ``--status``; it runs all the same where that is not possible."""
    line = JobLine(
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        job=job.number,
        cluster=job.cluster,
        kind=kind,
        tasks=n_tasks,
        study=submission.study,
    )
    try:
        add_job(submission.outputs, line)
    except OSError as error:
        say_error(
            f"job {job.number} was submitted, but {submission.outputs.slurm_jobs} cannot be "
            f"written: {error.strerror or error}"
        )


def _print(summary: SubmissionSummary, console: Console) -> None:
    """Print what was submitted, and what to do next."""
    lines = [f"Slurm job {summary.job}: {count_noun(summary.runners, 'runner')}"]
    if summary.report_job is not None:
        lines.append(f"Slurm job {summary.report_job}: the report, once they have ended")
    lines += [f"Logs: {summary.logs}"] if summary.logs is not None else []
    lines.append(f"Status: {summary.status}")
    for line in lines:
        console.print(mark(line), soft_wrap=True, highlight=False)
