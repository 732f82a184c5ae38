"""From the study or file of sets that a person names to the study that is meant."""

from runner.planning.request import Request
from runner.planning.run_identity import relabel_study
from trial_sets.loading.overriding import override_study
from trial_sets.loading.study_folder import find_study, load_study
from trial_sets.loading.trial_file import load_trials
from trial_sets.study import Study


def load_requested_study(request: Request) -> Study:
    """Return the study with the request's overrides in every configuration.

    Raises
    ------
    InputError
        If there is no such study, or it is not valid.
    """
    study = load_declared_study(request)
    overrides = request.overrides.given()
    return override_study(study, overrides) if overrides else study


def load_declared_study(request: Request) -> Study:
    """Return the study as its files say it, with the request's label rule, folds and looks.

    Raises
    ------
    InputError
        If there is no such study, or it is not valid.
    """
    folder = find_study(request.study)
    study = load_trials(request.sets_file, folder) if request.sets_file else load_study(folder)
    study = relabel_study(study, request.data)
    folds = study.folds if request.folds is None else request.folds
    looks = study.looks if request.looks is None else request.looks
    return study.model_copy(update={"folds": folds, "looks": looks})
