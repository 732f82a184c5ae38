"""Changing one field in every configuration of a study, as an option of the command asks."""

from collections.abc import Mapping

from trial_sets.configuration import Configuration
from trial_sets.strict_json import check
from trial_sets.study import Study, Trial


def override_study(study: Study, overrides: Mapping[str, object]) -> Study:
    """Return the study with the overrides in the configuration of every trial and control.

    Raises
    ------
    TrialSetError
        If a trial's configuration is not valid with them.
    """

    def override(trial: Trial) -> Trial:
        fields = {**trial.configuration.model_dump(), **overrides}
        configuration = check(Configuration, fields, f"trial {trial.name}, overridden")
        return trial.model_copy(update={"configuration": configuration})

    sets = tuple(
        trial_set.model_copy(update={"trials": tuple(map(override, trial_set.trials))})
        for trial_set in study.sets
    )
    return study.model_copy(update={"sets": sets, "controls": tuple(map(override, study.controls))})
