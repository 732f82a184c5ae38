"""A trial of the next round: a full configuration, what it changes, and why."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.findings.evidence import Evidence, describe_trial
from analysis.frames.scale import find_scale, round_digits
from analysis.proposal.constraints import (
    ParamCondition,
    find_conditions,
    mend_point,
    note_batch,
    settle_conditions,
    was_run,
)
from analysis.proposal.terms import StudyTerms
from trial_sets.linting.role import BATCH, RATE, tell_role


@dataclass(frozen=True, slots=True)
class RoundTrial:
    """One trial, by the frame's columns.

    Attributes
    ----------
    values
        Every hyperparameter that is set.
    note
        Why this trial.
    """

    values: Mapping[str, float | str]
    note: str


@dataclass(frozen=True, eq=False)
class RoundBase:
    """What the trials of a round depart from, and what a point has to be.

    Attributes
    ----------
    values
        Of the best configuration.
    name
        Of its first trial.
    """

    evidence: Evidence
    terms: StudyTerms
    values: Mapping[str, float | str]
    name: str
    conditions: Mapping[str, ParamCondition] = field(default_factory=dict)

    @classmethod
    def of(cls, evidence: Evidence, terms: StudyTerms) -> "RoundBase":
        """Return the configuration with the best mean."""
        row = evidence.best_configuration
        values = {name: row[name] for name in evidence.frame.params if row[name] == row[name]}
        name = describe_trial(evidence.frame, row, with_seed=False)
        return cls(evidence, terms, values, name, find_conditions(evidence))

    def depart(self, changes: Mapping[str, float | str], note: str) -> RoundTrial | None:
        """Return the trial that changes something; None where it ran before or cannot be trained.

        What goes with a change follows it: the learning rate the root of the batch size, what is
        conditional its condition, the heads the width, and so does a batch size that nothing sets.
        """
        scaled, said = scale_rate(self.evidence, self.values, changes)
        point = settle_conditions(self.evidence, self.conditions, {**self.values, **scaled})
        mended = mend_point(self.evidence, self.terms, point)
        moved = sorted(name for name in mended if mended[name] != point.get(name))
        said += "".join(f"; {name} follows, {mended[name]:g}" for name in moved)
        is_new = mended != dict(self.values) and not was_run(self.evidence, mended)
        if not is_new or self.terms.find_fault(mended) is not None:
            return None
        return RoundTrial(mended, f"{note}{said}{note_batch(self.terms, self.values, mended)}")

    def list_changes(self, trial: RoundTrial) -> dict[str, float | str]:
        """Return what a trial has that the base has otherwise."""
        return {n: value for n, value in trial.values.items() if self.values.get(n) != value}


def scale_rate(
    evidence: Evidence, base: Mapping[str, float | str], changes: Mapping[str, float | str]
) -> tuple[dict[str, float | str], str]:
    """Scale the learning rate by the root of the batch size's change, where both are set.

    A larger batch has a less noisy gradient, and bears a rate larger by that root. A rate that is
    changed itself, and bounds that were declared, come first.

    Returns
    -------
    tuple
        The changes, and what to add to a trial's note.
    """
    names = {role: _find(base, role) for role in (BATCH, RATE)}
    batch, rate = names[BATCH], names[RATE]
    if batch is None or rate is None or batch not in changes or rate in changes:
        return dict(changes), ""
    old, new, lr = base[batch], changes[batch], base[rate]
    if isinstance(old, str) or isinstance(new, str) or isinstance(lr, str) or old == new:
        return dict(changes), ""
    scaled = round_digits(lr * math.sqrt(new / old), 3)
    scale = find_scale(evidence.frame, rate)
    if scale is not None and scale.space is not None:
        scaled = min(max(scaled, scale.limits[0]), scale.limits[1])
        scaled = scale.settle_on_step(scaled)
    return {**changes, rate: scaled}, f"; {rate} follows by the root of the batch, {scaled:g}"


def _find(values: Mapping[str, float | str], role: str) -> str | None:
    return next((name for name in values if tell_role(name) == role), None)
