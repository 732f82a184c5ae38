"""The options by which a command is run by Slurm."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
MOST_RUNNERS = 10_000

_NO_BATCH = "it runs no fit"
_FORCE = "a runner that Slurm starts again would run finished fits once more"
# What does not go with runners that Slurm starts, and starts again, and why.
_APART: Mapping[str, tuple[str, str]] = {
    "list_": ("--list", _NO_BATCH),
    "new_study": ("--new-study", _NO_BATCH),
    "fix_claims": ("--fix-claims", _NO_BATCH),
    "status": ("--status", _NO_BATCH),
    "plan": ("--plan", _NO_BATCH),
    "to_distributions": ("--to-distributions", _NO_BATCH),
    "check": ("--check", "it is a small search that one runner makes: put srun before it"),
    "find_rate": ("--find-learning-rate", "one runner makes the test: put srun before it"),
    "evaluate_test": (
        "--evaluate-test",
        "each start of a runner would count as a look at the test period: put srun before it",
    ),
    "force": ("--force", _FORCE),
}


@dataclass(frozen=True, slots=True)
class SlurmOrder:
    """What a person asks of Slurm.

    Attributes
    ----------
    n_runners : int
        Tasks of the array.
    sbatch : tuple of str
        Options of ``sbatch``, as ``--sbatch`` gives them.
    """

    n_runners: int
    sbatch: tuple[str, ...] = ()


def add_slurm_options(command: Command) -> Command:
    """Give a command the options ``--slurm`` and ``--sbatch``."""
    for option in reversed(_SUBMITTING):
        command = option(command)
    return command


_SUBMITTING = (
    click.option("--slurm", "slurm", type=click.IntRange(1, MOST_RUNNERS), metavar="N",
                 help="Have Slurm run this command N times over, as an array of runners that share "
                      "the fits, and a report when they have ended; run nothing here."),
    click.option("--sbatch", "sbatch", multiple=True, metavar="'OPTION ...'",
                 help="What --slurm asks of sbatch besides, such as '--time=12:00:00 -p gpu'; "
                      "repeatable."),
)  # fmt: skip


def read_slurm_order(options: Mapping[str, Any]) -> SlurmOrder | None:
    """Return what is asked of Slurm; None where the command runs here.

    Raises
    ------
    UsageError
        If the options do not go together.
    """
    if options["slurm"] is None:
        if options["sbatch"]:
            raise click.UsageError("--sbatch goes with --slurm")
        return None
    for name, (flag, why) in _APART.items():
        if options.get(name):
            raise click.UsageError(f"--slurm: leave out {flag}; {why}")
    if options["slurm"] > 1 and options.get("sampler") == "manual":
        raise click.UsageError(
            f"--slurm {options['slurm']}: the sampler manual looks at each fit before the next; "
            "give it --slurm 1"
        )
    return SlurmOrder(options["slurm"], options["sbatch"])
