"""What is checked of a command before it is submitted: all that needs neither data nor PyTorch."""

from pathlib import Path

from runner.launching.prefix import split_prefix
from runner.planning.device_choice import parse_device
from runner.planning.own_trainer import find_trainer, refuse_untrainable
from runner.planning.plan import choose_first_seeds, choose_trials
from runner.planning.request import Request
from runner.planning.requested_study import load_requested_study
from runner.search.planning import refuse_endless
from runner.search.request import SearchRequest
from trial_sets.loading.search_study import load_search_study
from trial_sets.loading.study_folder import find_study


def name_requested_study(request: Request) -> str:
    """Return the name of a batch's study, once what it asks for is known to be there.

    Raises
    ------
    InputError, RunError
        If it is not.
    """
    _check_workers(request)
    study = load_requested_study(request)
    choose_trials(study, request)
    choose_first_seeds(study, request)
    find_trainer(request, study)
    refuse_untrainable(study, request)
    return study.name


def name_searched_study(asked: SearchRequest) -> str:
    """Return the name of a search's study, once what it asks for is known to be there.

    Raises
    ------
    InputError, RunError
        If it is not.
    """
    _check_workers(asked.request)
    refuse_endless(asked)
    space = Path(asked.space_file) if asked.space_file is not None else None
    folder = find_study(asked.request.study)
    return load_search_study(folder, space, asked.request.overrides.given()).study.name


def _check_workers(request: Request) -> None:
    """Refuse devices and prefixes that cannot be understood; nodes may have other programs."""
    parse_device(request.device)
    for text in request.launch:
        split_prefix(text)
