"""From a template to what a worker is ordered to run, once a fit."""

from collections.abc import Mapping
from pathlib import Path

from runner.planning.command_template import CommandTemplate, Value
from runner.workers.protocol import CommandJob, quote_path
from trial_sets.task import Task


def order_command(
    template: CommandTemplate,
    values: Mapping[str, Value],
    out: Path,
    *,
    task: Task = "binary",
    classes: tuple[str, ...] = (),
    has_groups: bool = False,
) -> CommandJob:
    """Return a command as a job holds it.

    Parameters
    ----------
    template
        That has been checked.
    values
        Of its placeholders: seed, trial, fold and the fit's parameters; the worker adds the device.
    out
        The folder that it writes to; it need not exist.
    task
        The study's.
    classes
        The names of its classes, as far as they are known.
    has_groups
        Whether the study splits whole groups, so that predictions have to name them.
    """
    return CommandJob(
        words=template.words,
        program=quote_path(template.program),
        values={name: value for name, value in values.items() if name in template.placeholders},
        folder=quote_path(str(template.folder)),
        out=quote_path(str(out.absolute())),
        task=task,
        classes=classes,
        has_groups=has_groups,
    )
