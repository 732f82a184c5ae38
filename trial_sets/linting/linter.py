"""What a study leaves open, found by reading it, before anything runs."""

from collections import defaultdict
from collections.abc import Iterator

from trial_sets.configuration import AnyConfiguration
from trial_sets.linting.claim import lint_claim
from trial_sets.linting.ranges import lint_ranges
from trial_sets.linting.remark import Remark
from trial_sets.linting.spacing import lint_spacing
from trial_sets.study import Study, TrialSet


def lint_study(study: Study) -> tuple[Remark, ...]:
    """Return what would mend a study: set by set, then of the study as a whole."""
    return tuple(_lint(study))


def _lint(study: Study) -> Iterator[Remark]:
    for trial_set in study.sets:
        yield from _lint_set(trial_set)
        for claim in trial_set.expectations:
            yield from lint_claim(study, trial_set, claim)
    yield from _lint_base(study)
    yield from _lint_twins(study)
    yield from lint_spacing(study)
    yield from lint_ranges(study)


def _lint_set(trial_set: TrialSet) -> Iterator[Remark]:
    """Say what every set needs beside its trials."""
    where = f"set {trial_set.name}"
    if trial_set.control is None:
        yield Remark(
            where,
            "no control runs with the trials, so nothing tells a gain from luck",
            "name one of the study's controls in `control`",
        )
    if not trial_set.expectations:
        yield Remark(
            where,
            "nothing is expected of the trials, so the checklist has no row for them",
            "write in `expectations` which trials should beat which",
        )


def _lint_base(study: Study) -> Iterator[Remark]:
    """Say whether what the trials depart from is known, and runs with them."""
    if study.base is None:
        yield Remark(
            f"study {study.name}",
            "its base is not a full configuration, so nothing says what the trials depart from",
            "give `base` in study.json every searched hyperparameter",
        )
    elif not study.names_of(study.base):
        yield Remark(
            f"study {study.name}",
            "no trial or control runs the base that the trials depart from",
            'add a control without changes, such as `"BASE": {}`',
        )


def _lint_twins(study: Study) -> Iterator[Remark]:
    """Say which configurations have several names."""
    names: dict[AnyConfiguration, list[str]] = defaultdict(list)
    for trial in study.trials():
        names[trial.configuration].append(trial.name)
    for twins in names.values():
        if len(twins) > 1:
            yield Remark(
                f"trials {' = '.join(twins)}",
                "one configuration under several names is one fit, and no evidence twice",
                "drop one of the names, or change its configuration",
            )
