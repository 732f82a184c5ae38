"""Markdown tables of a file's keys, made from its schema so that they cannot fall behind it."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from trial_sets.configuration import StrictModel
from trial_sets.writing.json_schema import schema_of

PARTS = {
    "LabelRule": "a label",
    "Overrides": "hyperparameters",
    "TrialEntry": "a trial",
    "Claim": "an expectation",
    "MetricChoice": "a metric",
    "SplitRule": "a split",
    "Parameter": "a parameter",
    "Dimension": "a dimension",
    "Origin": "where a proposed round comes from",
}
BOUNDS = {
    "exclusiveMinimum": "above {}",
    "minimum": "from {}",
    "exclusiveMaximum": "below {}",
    "maximum": "up to {}",
    "maxLength": "at most {} characters",
}


def describe_keys(model: type[StrictModel], omit: Collection[str] = ()) -> str:
    """Return a table of a model's keys: key, values, default, meaning.

    Parameters
    ----------
    model
        A file, or a part of one.
    omit
        Keys that are explained elsewhere.
    """
    schema = schema_of(model)
    lines = ["| key | values | default | meaning |", "| --- | --- | --- | --- |"]
    for key, part in schema["properties"].items():
        if key not in omit:
            default = "required" if key in schema.get("required", []) else _describe_default(part)
            cells = (f"`{key}`", _describe_values(part), default, part["description"])
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _describe_default(part: Mapping[str, Any]) -> str:
    """Return a default as JSON, or nothing where it depends on other keys."""
    return f"`{json.dumps(part['default'])}`" if "default" in part else ""


def _describe_values(part: Mapping[str, Any]) -> str:
    """Say in words what a key may hold."""
    match part:
        case {"anyOf": choices}:
            return ", or ".join(_describe_values(choice) for choice in choices)
        case {"enum": choices} | {"const": str(choices)}:
            choices = [choices] if isinstance(choices, str) else choices
            return " or ".join(f"`{choice}`" for choice in choices)
        case {"$ref": str(reference)}:
            return PARTS[reference.rsplit("/", 1)[-1]]
        case {"type": "array", "items": items}:
            return f"list of: {_describe_values(items)}"
        case {"type": "object"}:
            by_name = [
                *part.get("patternProperties", {}).values(),
                part.get("additionalProperties"),
            ]
            return f"by name: {_describe_values(by_name[0])}"
    word = "name" if "pattern" in part and "maxLength" not in part else part["type"]
    bounds = (text.format(_number(part[key])) for key, text in BOUNDS.items() if key in part)
    return ", ".join([word, *bounds])


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"
