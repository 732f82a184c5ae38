"""Changing one field in every configuration of a study, as an option of the command asks."""

from collections.abc import Mapping

from trial_sets.configuration import AnyConfiguration, FreeConfiguration
from trial_sets.errors import InputError, suggest
from trial_sets.parameter import check_values
from trial_sets.strict_json import check
from trial_sets.study import Study, Trial


def override_study(study: Study, overrides: Mapping[str, object]) -> Study:
    """Return the study with the overrides in the configuration of every trial and control.

    Raises
    ------
    InputError
        If a trial's configuration is not valid with them, or the study declares parameters and
        none of this name.
    """
    for name in overrides if study.parameters else ():
        if name not in study.parameters:
            raise InputError(
                f"--{name}: study {study.name} declares no parameter of this name"
                f"{suggest(name, study.parameters)}"
            )

    def override(configuration: AnyConfiguration, where: str) -> AnyConfiguration:
        if isinstance(configuration, FreeConfiguration):
            values = {**configuration.parameters, **overrides}
            return FreeConfiguration(parameters=check_values(study.parameters, values, where))
        fields = {**configuration.model_dump(), **overrides}
        return check(type(configuration), fields, f"{where}, overridden")

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
