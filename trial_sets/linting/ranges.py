"""Values that lie outside what a study declares of its parameters."""

from collections.abc import Iterator

from trial_sets.configuration import FreeConfiguration
from trial_sets.linting.remark import Remark
from trial_sets.strict_json import bare, shorten
from trial_sets.study import Study


def lint_ranges(study: Study) -> Iterator[Remark]:
    """Yield each value outside its parameter's range or choices: a trial may mean it."""
    for trial in study.trials():
        if not isinstance(trial.configuration, FreeConfiguration):
            continue
        for name, value in trial.configuration.parameters.items():
            parameter = study.parameters.get(name)
            fault = None if parameter is None else parameter.find_fault(value)
            if fault is not None:
                yield Remark(
                    f"trial {trial.name}",
                    f"{bare(name)}={shorten(value)} {fault}",
                    f"mend the value, or declare a wider range of {bare(name)} in study.json",
                )
