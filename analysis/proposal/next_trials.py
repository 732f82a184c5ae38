"""The next round's trials: the best configuration again, and with one value changed at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.findings.evidence import Evidence, describe_trial
from analysis.frames.scale import find_scale
from analysis.proposal.constraints import was_run
from analysis.proposal.rules.move import Move


@dataclass(frozen=True, slots=True)
class NextTrial:
    """One trial of the next round: a full configuration and what it is for."""

    configuration: dict[str, float | str]
    note: str


def list_trials(evidence: Evidence, moves: Sequence[Move]) -> tuple[NextTrial, ...]:
    """Turn moves into trials around the best configuration, the control first.

    Configurations that were already tested are dropped, and so are repetitions.
    """
    if evidence.merged.empty:
        return ()
    names = evidence.frame.params
    best = evidence.best_configuration
    centre = {name: _restore(evidence, name, best[name]) for name in names if pd.notna(best[name])}
    name = describe_trial(evidence.frame, best, with_seed=False)
    trials = [NextTrial(centre, f"control: {name} again")]
    for move in moves:
        for value in move.values:
            configuration = {**centre, move.param: _restore(evidence, move.param, value)}
            is_listed = any(trial.configuration == configuration for trial in trials)
            if not is_listed and not was_run(evidence, configuration):
                trials.append(NextTrial(configuration, f"{move.action} {move.param}"))
    return tuple(trials)


def _restore(evidence: Evidence, param: str, value: float | str) -> float | int | str:
    """Bring a value back to the type that its hyperparameter was given in."""
    scale = find_scale(evidence.frame, param)
    if scale is None or isinstance(value, str):
        return str(value)
    return int(value) if scale.is_whole else float(value)
