"""A fit: one configuration with one seed on one fold, under all the names that ask for it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from trial_sets.configuration import AnyConfiguration
from trial_sets.records.fit_id import FitId
from trial_sets.study import Study, Trial


@dataclass(frozen=True, slots=True)
class Fit:
    """One configuration with one seed on one fold; identical trials are one fit."""

    names: tuple[str, ...]  # in study order; the first names the folder
    kind: Literal["trial", "control"]
    configuration: AnyConfiguration
    key: str  # of the configuration: to compute it takes as long as to hand over a job
    seed: int
    fold: int | None = None  # from 1; None in a run without folds

    def __hash__(self) -> int:
        return hash((self.names, self.seed, self.fold))  # cheap: every event is looked up by it

    @property
    def name(self) -> str:
        """The name under which the fit is filed."""
        return self.names[0]

    @property
    def id(self) -> FitId:
        """Which fit of its run it is."""
        return FitId(self.name, self.seed, self.fold)

    def __str__(self) -> str:
        return str(FitId("=".join(self.names), self.seed, self.fold))


def gather_fits(
    study: Study,
    trials: Sequence[Trial],
    seeds: Sequence[int],
    folds: Sequence[int | None] = (None,),
) -> list[Fit]:
    """Return the distinct fits of the trials, all folds and trials with the first seed first.

    A configuration with several names lies under its first name in study order, whichever of
    them was asked for.
    """
    names: dict[AnyConfiguration, list[str]] = defaultdict(list)
    for trial in study.trials():
        names[trial.configuration].append(trial.name)
    hunches = {trial.configuration for trial in study.trials() if not trial.is_control}
    without_seed = [
        Fit(
            names=tuple(names[configuration]),
            kind="trial" if configuration in hunches else "control",
            configuration=configuration,
            key=configuration.key,
            seed=-1,
        )
        for configuration in dict.fromkeys(trial.configuration for trial in trials)
    ]
    places = product(seeds, folds)
    return [replace(fit, seed=seed, fold=fold) for seed, fold in places for fit in without_seed]


def select_trials(
    study: Study, sets: Sequence[str], trials: Sequence[str], *, controls: bool
) -> list[Trial]:
    """Return the trials that a person asked for, in study order.

    Parameters
    ----------
    study
        The study.
    sets
        Names of sets, or ``all``; each brings its control along.
    trials
        Names of trials, which bring none.
    controls
        Whether the sets' controls are wanted.

    Raises
    ------
    InputError
        If there is no such set or trial.
    """
    chosen_sets = (
        study.sets
        if any(name.casefold() == "all" for name in sets)
        else tuple(study.find_set(name) for name in sets)
    )
    wanted = {trial.name for trial_set in chosen_sets for trial in trial_set.trials}
    wanted |= {study.find_trial(name).name for name in trials}
    if controls:
        wanted |= {trial_set.control for trial_set in chosen_sets if trial_set.control}
    return [trial for trial in study.trials() if trial.name in wanted]
