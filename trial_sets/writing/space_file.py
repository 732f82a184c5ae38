"""The space of a search as a file: ours, JSON or YAML, or Optuna's distributions."""

import json
import re
from decimal import Decimal
from typing import Any, Literal

from trial_sets.errors import InputError
from trial_sets.space import Dimension, SearchSpace
from trial_sets.strict_json import bare
from trial_sets.wording import join_words

SpaceForm = Literal["json", "yaml", "optuna"]
_MOST_SHOWN = 12


def write_space(space: SearchSpace, form: SpaceForm = "json") -> str:
    """Return the text of a space's file.

    Parameters
    ----------
    space
        The hyperparameters that vary.
    form
        ``json`` and ``yaml`` for `load_space`; ``optuna`` for an object of texts by name, each of
        which ``optuna.distributions.json_to_distribution`` takes, as does `load_space`.

    Raises
    ------
    InputError
        If a dimension is conditional, which Optuna's distributions cannot say.
    """
    if form == "optuna":
        return f"{json.dumps(list_distributions(space), indent=2)}\n"
    dimensions = {name: _describe(dimension) for name, dimension in space.dimensions.items()}
    if form == "json":
        return f"{json.dumps({'dimensions': dimensions}, indent=2)}\n"
    lines = (f"  {name}: {_write_yaml(said)}\n" for name, said in dimensions.items())
    return f"dimensions:\n{''.join(lines)}"


def list_distributions(space: SearchSpace) -> dict[str, str]:
    """Return Optuna's distributions by name, as its ``distribution_to_json`` writes them.

    Raises
    ------
    InputError
        If a dimension is conditional: nothing that Optuna keeps of a space says where it varies.
    """
    conditional = [bare(name) for name, dimension in space.dimensions.items() if dimension.when]
    if conditional:
        names = join_words(conditional, most=_MOST_SHOWN)
        verb = "varies" if len(conditional) == 1 else "vary"
        raise InputError(f"{names} {verb} under a condition, which Optuna's distributions lack")
    return {
        name: json.dumps(describe_distribution(dimension))
        for name, dimension in space.dimensions.items()
    }


def describe_distribution(dimension: Dimension) -> dict[str, Any]:
    """Return the object whose JSON Optuna keeps of a distribution, its condition left out.

    Its upper end is a value: Optuna moves one that no step leads to, with a warning.
    """
    if not dimension.is_range:
        choices = list(dimension.values or ())
        return {"name": "CategoricalDistribution", "attributes": {"choices": choices}}
    assert dimension.low is not None
    assert dimension.high is not None
    attributes: dict[str, Any]
    if dimension.kind == "int":
        low, step = int(dimension.low), int(dimension.step or 1)
        high = low + (int(dimension.high) - low) // step * step
        attributes = {"log": dimension.log, "step": step, "low": low, "high": high}
        return {"name": "IntDistribution", "attributes": attributes}
    end = _settle_high(dimension.low, dimension.high, dimension)
    attributes = {"step": dimension.step, "low": dimension.low, "high": end, "log": dimension.log}
    return {"name": "FloatDistribution", "attributes": attributes}


def _settle_high(low: float, high: float, dimension: Dimension) -> float:
    """Return the largest float that steps lead to, in decimals as Optuna counts them."""
    if dimension.step is None:
        return high
    first, last, step = (Decimal(str(number)) for number in (low, high, dimension.step))
    try:
        return high if (last - first) % step == 0 else float((last - first) // step * step + first)
    except ArithmeticError:  # more steps than decimals can count
        return high


def _describe(dimension: Dimension) -> dict[str, Any]:
    """Return the keys that a dimension needs, whole numbers as such."""
    said = dimension.model_dump(exclude_defaults=True)
    if dimension.kind == "int" and dimension.is_range:
        said |= {key: int(said[key]) for key in ("low", "high", "step") if key in said}
    return said


def _write_yaml(said: dict[str, Any]) -> str:
    """Return a mapping on one line whose texts no reader takes for anything else."""
    parts = (f"{key}: {_escape(json.dumps(v, ensure_ascii=False))}" for key, v in said.items())
    return f"{{{', '.join(parts)}}}"


def _escape(text: str) -> str:
    """Return JSON as YAML has it: what lies beyond 16 bits has an escape of its own there."""
    return re.sub(r"[^ -~]", lambda found: _escape_character(ord(found[0])), text)


def _escape_character(number: int) -> str:
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
