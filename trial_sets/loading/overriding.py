"""Changing one field in every configuration of a study, as an option of the command asks."""

from collections.abc import Mapping

from trial_sets.configuration import Configuration
from trial_sets.strict_json import check
from trial_sets.study import Study, Trial


def override_study(study: Study, overrides: Mapping[str, object]) -> Study:
    """Return the study with the overrides in the configuration of every trial and control.

    Raises
    ------
    InputError
        If a trial's configuration is not valid with them.
    """

    def override(configuration: Configuration, where: str) -> Configuration:
        fields = {**configuration.model_dump(), **overrides}
        return check(Configuration, fields, f"{where}, overridden")

    def override_trial(trial: Trial) -> Trial:
        configuration = override(trial.configuration, f"trial {trial.name}")
        return trial.model_copy(update={"configuration": configuration})

    changes = {
        "base": study.base and override(study.base, "base"),
        "sets": tuple(
            trial_set.model_copy(update={"trials": tuple(map(override_trial, trial_set.trials))})
            for trial_set in study.sets
        ),
        "controls": tuple(map(override_trial, study.controls)),
    }
    return study.model_copy(update=changes)
