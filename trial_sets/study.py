"""A study: its sets of trials with notes, controls, seeds and the outcomes it expects."""

from collections.abc import Iterator
from typing import Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from trial_sets.claim import Claim
from trial_sets.configuration import AnyConfiguration, StrictModel
from trial_sets.errors import InputError, suggest
from trial_sets.files import BuiltInTrainer, LabelRule, SplitRule, Tier
from trial_sets.origins.origin import Origin
from trial_sets.parameter import Parameters
from trial_sets.task import AUC, Metric, Task


class Trial(StrictModel):
    """A name and the full configuration that it stands for."""

    name: str
    set_name: str | None  # None for a control
    note: str
    configuration: AnyConfiguration
    budget: str  # the size class of the first round it comes from, such as 20M

    @property
    def is_control(self) -> bool:
        """Whether this trial re-runs the current best rather than testing a hunch."""
        return self.set_name is None


class TrialSet(StrictModel):
    """Hand-designed trials that answer one question, and what is expected of them."""

    name: str
    title: str
    phase: str
    trials: tuple[Trial, ...]
    control: str | None
    expectations: tuple[Claim, ...]


class Study(StrictModel):
    """Everything that is fixed before the first fit; run.json keeps a copy."""

    name: str
    title: str
    task: Task = "binary"
    metric: Metric = AUC  # that claims are about and epochs are selected by
    trainer: BuiltInTrainer = "patch_transformer"  # unless one's own is named by option
    tier: Tier
    label: LabelRule
    split: SplitRule | None = None  # None for the data's usual one
    rope: float  # differences of the metric below this are practically nothing
    seeds: tuple[int, ...]
    folds: int = 1  # validation periods of a walk-forward
    looks: tuple[int, ...] | None = None  # numbers of seeds at which claims are to be judged
    parameters: Parameters = Field(default_factory=dict)  # of a trainer of one's own
    base: AnyConfiguration | None = None  # where study.json has a full one
    sets: tuple[TrialSet, ...]
    controls: tuple[Trial, ...]
    origin: Origin | None = None  # of a proposed one: from which results, and why
    notices: tuple[str, ...] = Field(default=(), exclude=True)  # how its file was understood
    widest_context: int = Field(default=0, exclude=True)  # that a search of it may look back on

    @model_serializer(mode="wrap")
    def _leave_out(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out the origin of a study that has none, as older files do."""
        said: dict[str, Any] = write(self)
        return {k: v for k, v in said.items() if v is not None or k != "origin"}

    @property
    def needs_own_trainer(self) -> bool:
        """Whether no trainer of ours can train it: it declares parameters, or scores no rows."""
        return bool(self.parameters) or self.task == "none"

    @property
    def is_ordered(self) -> bool:
        """Whether the rows follow each other in time."""
        return self.split is None or self.split.is_ordered

    def trials(self) -> Iterator[Trial]:
        """Yield every trial in study order: the sets' trials, then the controls."""
        for trial_set in self.sets:
            yield from trial_set.trials
        yield from self.controls

    def expectations(self) -> Iterator[tuple[TrialSet, Claim]]:
        """Yield every declared expectation with its set: the family of the checklist."""
        for trial_set in self.sets:
            for expectation in trial_set.expectations:
                yield trial_set, expectation

    def names_of(self, configuration: AnyConfiguration) -> tuple[str, ...]:
        """Return all names of one configuration in study order; the first is its folder's."""
        return tuple(t.name for t in self.trials() if t.configuration == configuration)

    def longest_context(self) -> int:
        """Return the rows of the longest window that any trial, or a search, looks back on."""
        contexts = [trial.configuration.context for trial in self.trials()]
        return max([*contexts, self.widest_context])

    def select_with_control(self, name: str) -> list[str]:
        """Return the options that run a trial, and the control that its set is held against."""
        trial = self.find_trial(name)
        control = self.control_of(trial)
        names = [name] if control is None or control == trial else [name, control.name]
        return [word for one in names for word in ("--trial", one)]

    def control_of(self, trial: Trial) -> Trial | None:
        """Return the control that the trial's set is held against, if it has one."""
        if trial.set_name is None:
            return trial
        name = self.find_set(trial.set_name).control
        return None if name is None else self.find_trial(name)

    def find_set(self, name: str) -> TrialSet:
        """Return the set of this name.

        Raises
        ------
        InputError
            If there is none; the nearest name is suggested.
        """
        for trial_set in self.sets:
            if trial_set.name.casefold() == name.casefold():
                return trial_set
        known = [trial_set.name for trial_set in self.sets]
        raise InputError(f"study {self.name}: there is no set {name!r}{suggest(name, known)}")

    def find_trial(self, name: str) -> Trial:
        """Return the trial or control of this name.

        Raises
        ------
        InputError
            If there is none; the nearest name is suggested.
        """
        for trial in self.trials():
            if trial.name.casefold() == name.casefold():
                return trial
        known = [trial.name for trial in self.trials()]
        raise InputError(f"study {self.name}: there is no trial {name!r}{suggest(name, known)}")
