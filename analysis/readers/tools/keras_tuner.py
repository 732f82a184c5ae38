"""Keras Tuner (and AutoKeras): a `trial.json` for each trial, with the direction of each metric."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeGuard

import pandas as pd

from analysis.frames.frame import Space
from analysis.readers.flat import FlatTable
from analysis.readers.optuna.distributions import describe_choices, read_step
from trial_sets.errors import InputError
from trial_sets.metric_names import Direction

_DIRECTIONS: dict[str, Direction] = {"min": "minimize", "max": "maximize"}
_OWN = "tuner/"
_BUDGET = "tuner/epochs"


def is_keras_tuner(document: object) -> TypeGuard[dict[str, Any] | list[dict[str, Any]]]:
    """Say whether a document is a trial of Keras Tuner, or a list of them."""
    trials = document if isinstance(document, list) else [document]
    return bool(trials) and all(
        isinstance(trial, dict)
        and isinstance(trial.get("hyperparameters"), dict)
        and "values" in trial["hyperparameters"]
        and "score" in trial
        for trial in trials
    )


def is_oracle(document: object) -> bool:
    """Say whether a document is the state of an oracle, which holds no scores."""
    if not isinstance(document, dict) or "hyperparameters" not in document:
        return False
    return bool({"ongoing_trials", "seed_state"} & document.keys())


def read_keras_tuner(document: dict[str, Any] | list[dict[str, Any]], path: Path) -> FlatTable:
    """Read trials: the score, and the direction of the metric that it repeats.

    Raises
    ------
    InputError
        When a trial's hyperparameters are no object, or trials have scores of several metrics.
    """
    trials = document if isinstance(document, list) else [document]
    rows, params = [], []
    names: set[str] = set()
    directions: set[Direction] = set()
    for trial in trials:
        values = trial["hyperparameters"]["values"]
        if not isinstance(values, dict):
            raise InputError(f"{path}: hyperparameters.values is no object")
        params.append({k: v for k, v in values.items() if not str(k).startswith(_OWN)})
        row = {"trial": trial.get("trial_id"), "score": trial["score"]}
        row |= {"state": trial.get("status"), "best_step": trial.get("best_step")}
        row |= {"budget": values[_BUDGET]} if _BUDGET in values else {}
        metrics = dict(_list_metrics(trial))
        rows.append(row | {name: best for name, (best, _) in metrics.items() if name not in row})
        same = {n: d for n, (best, d) in metrics.items() if _is_same(best, trial["score"])}
        names |= set(same) if len(same) == 1 else set()
        directions |= set(same.values()) if len(set(same.values())) == 1 else set()
    return FlatTable(
        columns=pd.DataFrame(rows),
        params=pd.DataFrame(params),
        metric="score",
        metric_name=names.pop() if len(names) == 1 else "value",
        direction=directions.pop() if len(directions) == 1 else None,
        spaces=_merge_spaces(trials),
    )


def _list_metrics(trial: dict[str, Any]) -> Iterator[tuple[str, tuple[float, Direction]]]:
    """Yield each metric's best value over the steps, with its direction."""
    held = trial.get("metrics")
    metrics = held.get("metrics") if isinstance(held, dict) else None
    for name, metric in (metrics if isinstance(metrics, dict) else {}).items():
        if not isinstance(metric, dict) or metric.get("direction") not in _DIRECTIONS:
            continue
        direction = _DIRECTIONS[metric["direction"]]
        means = [mean for seen in _as_list(metric.get("observations")) for mean in _average(seen)]
        if means:
            yield str(name), ((min if direction == "minimize" else max)(means), direction)


def _average(observation: object) -> list[float]:
    """Return the mean over a step's executions, in a list, empty where there is none."""
    values = _as_list(observation.get("value")) if isinstance(observation, dict) else []
    numbers = [float(v) for v in values if isinstance(v, int | float) and math.isfinite(v)]
    return [sum(numbers) / len(numbers)] if numbers else []


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_same(one: float, other: object) -> bool:
    return isinstance(other, int | float) and math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-12)


def _merge_spaces(trials: list[dict[str, Any]]) -> dict[str, Space]:
    spaces: dict[str, Space] = {}
    for trial in trials:
        for item in _as_list(trial["hyperparameters"].get("space")):
            config = item.get("config") if isinstance(item, dict) else None
            if isinstance(config, dict) and (space := _read_space(config)) is not None:
                spaces[str(config.get("name"))] = space
    return spaces


def _read_space(config: dict[str, Any]) -> Space | None:
    low, high, step = (config.get(key) for key in ("min_value", "max_value", "step"))
    if isinstance(low, int | float) and isinstance(high, int | float):
        is_log = config.get("sampling") in {"log", "reverse_log"}
        return Space(float(low), float(high), is_log, step=None if is_log else read_step(step))
    choices = config.get("values")
    return describe_choices(choices) if isinstance(choices, list) else None
