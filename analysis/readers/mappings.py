"""Objects inside a trial, flattened: configurations, metrics, and what W&B and Keras wrap."""

from collections.abc import Iterable
from typing import Any

from trial_sets.metric_names import squash_name


def _list_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names of what holds hyperparameters, and of what holds metrics, without saying a name of its own.
_PARAMS = _list_words(
    "param params parameter parameters config configuration configs hyperparameter "
    "hyperparameters hyper_parameters hyperparams hparams hps hp args kwargs settings "
    "trial_params trial_config best_params best_config params_dict suggested_params"
)
_METRICS = _list_words("user_attrs metric metrics summary result results scores")
_DEEPEST = 8


def is_params_holder(name: str) -> bool:
    """Say whether an object or column of this name holds hyperparameters."""
    return squash_name(name) in _PARAMS


def is_metrics_holder(name: str) -> bool:
    """Say whether an object or column of this name holds metrics or other results."""
    return squash_name(name) in _METRICS


def flatten_mapping(mapping: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """Return `{"model": {"depth": 2}}` as `{"model.depth": 2}`.

    A value that W&B keeps with a description (`{"value": 2, "desc": null}`) is the value, and a
    list of `{"name": ..., "value": ...}` an object.
    """
    flat: dict[str, Any] = {}
    for name, value in mapping.items():
        inner = unwrap(value)
        if isinstance(inner, dict) and inner and depth < _DEEPEST:
            flat |= flatten_mapping(inner, f"{prefix}{name}.", depth + 1)
        else:
            flat[f"{prefix}{name}"] = inner
    return flat


def unwrap(value: object) -> object:
    """Return the object that other tools keep inside another one."""
    if isinstance(value, dict) and "value" in value and value.keys() <= {"value", "desc"}:
        return value["value"]
    if isinstance(value, dict) and isinstance(value.get("values"), dict) and "space" in value:
        return value["values"]
    if isinstance(value, list) and value and all(map(_is_named_value, value)):
        return {str(item["name"]): item["value"] for item in value}
    return value


def settle_nones(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write a None that was chosen among words, or beside one single number, as a word.

    What is not there at all stays missing; a None among several numbers does too.
    """
    chosen: dict[str, set[object]] = {}
    with_none: set[str] = set()
    for record in records:
        for name, value in record.items():
            if value is None:
                with_none.add(name)
            else:
                chosen.setdefault(name, set()).add(value if _is_number(value) else "a word")
    words = {name for name in with_none if _is_category(chosen.get(name, ()))}
    if not words:
        return records
    return [
        {name: "None" if value is None and name in words else value for name, value in r.items()}
        for r in records
    ]


def _is_category(values: Iterable[object]) -> bool:
    found = set(values)
    return "a word" in found or len(found) == 1


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_named_value(item: object) -> bool:
    return isinstance(item, dict) and "value" in item and isinstance(item.get("name"), str)
