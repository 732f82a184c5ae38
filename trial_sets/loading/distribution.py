"""One hyperparameter's range or choices, as a space's file, Optuna or a sweep of W&B says it."""

import math
from collections.abc import Mapping
from typing import Any

from trial_sets.errors import InputError, suggest
from trial_sets.strict_json import parse_json, shorten

# What Optuna calls its distributions: the present three, and those from before its version 3.
_OPTUNA: Mapping[str, Mapping[str, Any]] = {
    "FloatDistribution": {"type": "float"},
    "IntDistribution": {"type": "int"},
    "CategoricalDistribution": {},
    "UniformDistribution": {"type": "float"},
    "LogUniformDistribution": {"type": "float", "log": True},
    "DiscreteUniformDistribution": {"type": "float"},
    "IntUniformDistribution": {"type": "int"},
    "IntLogUniformDistribution": {"type": "int", "log": True},
}
# What W&B calls those that a search can draw from evenly between two ends.
_SWEEP = (
    *("constant", "categorical", "int_uniform", "uniform", "q_uniform", "log_uniform"),
    *("log_uniform_values", "q_log_uniform_values"),
)
_OF_SWEEPS = frozenset({"min", "max", "values", "value", "distribution", "q", "mu", "sigma"})
_EXAMPLE = '{"type": "float", "low": 0.1, "high": 0.5} or a list of choices'


def read_distribution(said: object, where: str) -> dict[str, Any]:
    """Return what is said of a hyperparameter with the keys of a `Dimension`.

    Parameters
    ----------
    said
        A dimension of ours, a list of choices, a distribution of Optuna of any generation as an
        object or as JSON text, or a parameter of a sweep of Weights & Biases.
    where
        Begins the sentence of every error.

    Raises
    ------
    InputError
        If it is none of these, or has no ends between which a search could look.
    """
    if isinstance(said, str) and said.lstrip().startswith("{"):
        said = parse_json(said, where)
    if isinstance(said, list):
        said = {"choices": said}
    if not isinstance(said, Mapping):
        raise InputError(f"{where}: {shorten(said)}, expected a range such as {_EXAMPLE}")
    if "attributes" in said:
        return _settle(_read_optuna(said, where), where)
    if said.keys() & _OF_SWEEPS and not said.keys() & {"low", "high", "choices", "type"}:
        return _settle(_read_sweep(said, where), where)
    found = dict(said)
    if found.get("type") == "categorical":  # as Optuna abbreviates it
        del found["type"]
    return _settle(found, where)


def is_distribution(said: object) -> bool:
    """Tell whether an object says what one hyperparameter ranges over, and holds no others."""
    if not isinstance(said, Mapping):
        return False
    if isinstance(said.get("attributes"), Mapping) and isinstance(said.get("name"), str):
        return True
    words = _OF_SWEEPS | {"type", "low", "high", "choices"}
    return any(key in words and not isinstance(value, Mapping) for key, value in said.items())


def _read_optuna(said: Mapping[str, Any], where: str) -> dict[str, Any]:
    name, attributes = said.get("name"), said["attributes"]
    if not isinstance(attributes, Mapping) or not isinstance(name, str):
        raise InputError(f"{where}: {shorten(said)} is no distribution of Optuna")
    if name not in _OPTUNA:
        ending = suggest(name, _OPTUNA)
        raise InputError(f"{where}: {shorten(name)} is no distribution of Optuna{ending}")
    found = {**_OPTUNA[name], **attributes}
    if "q" in found:
        found["step"] = found.pop("q")
    if found.get("type") == "int" and found.get("step") == 1:
        del found["step"]  # which is what whole numbers have anyway
    return found


def _read_sweep(said: Mapping[str, Any], where: str) -> dict[str, Any]:
    kind = said.get("distribution") or _guess_kind(said)
    if kind not in _SWEEP:
        what = f"distribution {shorten(kind)}" if kind else shorten(said)
        raise InputError(
            f"{where}: {what} has no ends that a search could look between; give min and max, or "
            "values"
        )
    if "probabilities" in said:
        raise InputError(f"{where}: probabilities are not read: a search tries values evenly")
    if kind in {"constant", "categorical"}:
        wanted = "value" if kind == "constant" else "values"
        if wanted not in said:
            raise InputError(f"{where}: distribution {kind} lacks {wanted}")
        return {"choices": [said["value"]] if kind == "constant" else said["values"]}
    low, high = (_find_number(said, end, where) for end in ("min", "max"))
    if kind in {"uniform", "int_uniform"}:
        return {"type": "int" if kind == "int_uniform" else "float", "low": low, "high": high}
    if kind == "q_uniform":
        return _read_steps(low, high, said, where)
    if kind == "log_uniform":
        low, high = _raise_ends(low, high, where)
    if kind == "q_log_uniform_values" and said.get("q", 1) != 1:
        raise InputError(
            f"{where}: q={shorten(said['q'])} goes without a logarithmic scale: no steps are "
            "equal on it; leave q out, or give values"
        )
    whole = kind == "q_log_uniform_values"
    return {"type": "int" if whole else "float", "low": low, "high": high, "log": True}


def _guess_kind(said: Mapping[str, Any]) -> str | None:
    """Return the distribution that W&B takes for one that is not named."""
    if "values" in said:
        return "categorical"
    if "value" in said:
        return "constant"
    if "min" in said and "max" in said:
        whole = all(type(said[end]) is int for end in ("min", "max"))
        return "int_uniform" if whole else "uniform"
    return None


def _find_number(said: Mapping[str, Any], key: str, where: str) -> float:
    if key not in said:
        raise InputError(f"{where}: {key} is missing")
    value: object = said[key]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{where}: {key}={shorten(value)}, expected a number")
    return value


def _read_steps(low: float, high: float, said: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the multiples of q between two ends, which W&B rounds to."""
    step = 1.0 if "q" not in said else _find_number(said, "q", where)
    if not step > 0:
        raise InputError(f"{where}: q={step:g}, expected a number above 0")
    try:
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    except (OverflowError, ValueError):
        raise InputError(f"{where}: min and max are too far apart for steps of {step:g}") from None
    if first > last:
        raise InputError(f"{where}: no multiple of q={step:g} lies between min and max")
    low, high = (float(f"{number * step:.12g}") for number in (first, last))
    whole = not (low % 1 or step % 1)
    found = {"type": "int" if whole else "float", "low": low, "high": high}
    return found if first == last else {**found, "step": step}


def _raise_ends(low: float, high: float, where: str) -> tuple[float, float]:
    """Return the ends whose natural logarithms W&B's ``log_uniform`` is given."""
    if low >= 0 and high <= 1:
        raise InputError(
            f"{where}: distribution log_uniform is given logarithms, so that min={low:g} means "
            f"{math.exp(low):.6g}; for the ends themselves say log_uniform_values"
        )
    try:
        return float(f"{math.exp(low):.12g}"), float(f"{math.exp(high):.12g}")
    except OverflowError:
        raise InputError(f"{where}: max={high:g} is the logarithm of no number") from None


def _settle(found: dict[str, Any], where: str) -> dict[str, Any]:
    """Leave out what says nothing, and refuse with advice what people ask of a logarithm."""
    found = {key: value for key, value in found.items() if value is not None}
    if found.get("log") is True and found.get("low") == 0:
        raise InputError(
            f"{where}: low=0 with log: a logarithmic scale begins above 0; give a small low such "
            "as 1e-6, leave log out, or list choices with 0 among them"
        )
    if found.get("log") is False:
        del found["log"]
    if found.get("log") is True and found.get("type") == "int" and found.get("step") == 1:
        del found["step"]  # as Optuna says it, in its short form
    choices = found.get("choices")
    if isinstance(choices, list) and None in choices:
        raise InputError(
            f"{where}: choices hold null, which is no value that a search can propose; leave it "
            "out, or search that choice by itself"
        )
    if isinstance(found.get("when"), Mapping):
        found["when"] = {
            key: value if isinstance(value, list) else [value]
            for key, value in found["when"].items()
        }
    return found
