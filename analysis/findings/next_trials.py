"""The next round's trials: the best configuration again, and with one value changed at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.findings.evidence import Evidence, describe_trial
from analysis.findings.next_round import NextStep
from analysis.frames.scale import find_scale


@dataclass(frozen=True, slots=True)
class NextTrial:
    """One trial of the next round: a full configuration and what it is for."""

    configuration: dict[str, float | str]
    note: str


def list_trials(evidence: Evidence, steps: Sequence[NextStep]) -> tuple[NextTrial, ...]:
    """Turn steps into trials around the best configuration, the control first.

    Configurations that were already tested are dropped, and so are repetitions.
    """
    if evidence.merged.empty:
        return ()
    names = evidence.frame.params
    best = evidence.best_configuration
    centre = {name: _restore(evidence, name, best[name]) for name in names if pd.notna(best[name])}
    name = describe_trial(evidence.frame, best, with_seed=False)
    trials = [NextTrial(centre, f"control: {name} again")]
    for step in steps:
        for value in step.values:
            configuration = {**centre, step.param: _restore(evidence, step.param, value)}
            is_listed = any(trial.configuration == configuration for trial in trials)
            if not is_listed and not _was_tested(evidence, configuration):
                trials.append(NextTrial(configuration, f"{step.action} {step.param}"))
    return tuple(trials)


def _restore(evidence: Evidence, param: str, value: float | str) -> float | int | str:
    """Bring a value back to the type that its hyperparameter was given in."""
    scale = find_scale(evidence.frame, param)
    if scale is None or isinstance(value, str):
        return str(value)
    return int(value) if scale.is_whole else float(value)


def _was_tested(evidence: Evidence, configuration: Mapping[str, float | str]) -> bool:
    """Say whether a configuration is among the tested ones, missing hyperparameters included."""
    is_same = np.ones(len(evidence.merged), dtype=bool)
    for name in evidence.frame.params:
        column = evidence.merged[name]
        same = column == configuration[name] if name in configuration else column.isna()
        is_same &= same.to_numpy(dtype=bool)
    return bool(is_same.any())
