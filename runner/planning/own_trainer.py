"""What trains in place of the built-in trainer, found and checked before anything is planned."""

import sys
from collections.abc import Sequence

from runner.errors import RunError
from runner.planning.command_template import CommandTemplate
from runner.planning.interpreter import check_python
from runner.planning.request import Request
from runner.planning.trainer_file import TrainerFile
from runner.planning.trainer_watch import OwnTrainer
from trial_sets.configuration import AnyConfiguration
from trial_sets.study import Study
from trial_sets.wording import join_words


def find_trainer(
    request: Request, study: Study, points: Sequence[AnyConfiguration] | None = None
) -> OwnTrainer | None:
    """Return the trainer of one's own, once it is known that it can be started.

    Parameters
    ----------
    request, study
        Where it is named, and what it trains.
    points
        Configurations that differ in all that varies, where these are not the study's trials.

    Raises
    ------
    RunError
        If it cannot, options do not go together, or a command does not say what differs between
        fits.
    """
    if request.trainer and request.command:
        raise RunError("--trainer and --command exclude each other")
    if request.python is not None and not (request.trainer or request.command):
        raise RunError(
            f"--python {request.python}: names what runs --trainer or --command; neither is given"
        )
    if request.command is not None:
        chosen = [trial.configuration for trial in study.trials()] if points is None else points
        return _find_command(request.command, request.python, study, chosen)
    if request.trainer is not None:
        python = check_python(request.python).path
        return TrainerFile.parse(request.trainer, python if python != sys.executable else None)
    return None


def find_owner(request: Request, study: Study, trainer: OwnTrainer | None) -> str | None:
    """Return the name of what brings data of its own; None where data is read for it.

    Raises
    ------
    RunError
        If a data file is named all the same.
    """
    if isinstance(trainer, CommandTemplate):
        owner, why = trainer.name, "--command reads data of its own: name the file in the template"
    elif study.task == "none":
        owner = trainer.path.stem if trainer is not None else study.name
        why = f"study {study.name} has task none: its trainer brings data of its own"
    elif study.parameters and trainer is None and request.data.path is None:
        return study.name  # only a plan comes of it
    else:
        return None
    if request.data.path is not None:
        raise RunError(f"--data {request.data.path}: {why}")
    return owner


def refuse_untrainable(study: Study, request: Request) -> None:
    """Check that something can train what a study's trials say.

    Raises
    ------
    RunError
        If no trainer of ours can, and none is given.
    """
    if request.trainer or request.command or not study.needs_own_trainer:
        return
    if study.parameters:
        known = join_words(list(study.parameters), most=5)
        why, what = f"declares parameters of its own ({known})", "with them"
    else:
        why, what = "has task none, which no network of ours learns", "for it"
    raise RunError(f"study {study.name} {why}: say with --trainer or --command what trains {what}")


def _find_command(
    text: str, python: str | None, study: Study, points: Sequence[AnyConfiguration]
) -> CommandTemplate:
    """Return a command whose arguments tell all fits of a study apart."""
    template = CommandTemplate.parse(text, python)
    settings = [configuration.settings for configuration in points]
    names = list(dict.fromkeys(name for one in settings for name in one))
    required = (
        names
        if study.parameters
        else [name for name in names if len({repr(one.get(name)) for one in settings}) > 1]
    )
    template.check(required, optional=names, has_folds=study.folds > 1)
    template.refuse_no_script()
    return template
