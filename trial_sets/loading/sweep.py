"""What Weights & Biases writes: the configuration of a sweep, or of one run."""

from collections.abc import Iterator, Mapping
from typing import Any

from trial_sets.errors import InputError
from trial_sets.strict_json import bare, shorten

_KEYS = frozenset(
    {
        *("method", "parameters", "program", "metric", "name", "description", "project", "entity"),
        *("early_terminate", "command", "run_cap", "controller", "job", "image_uri", "$schema"),
    }
)
_USED = frozenset({"method", "parameters", "name", "description", "$schema"})
_SPECIFICATION = frozenset(
    {"value", "values", "min", "max", "distribution", "probabilities", "parameters", "mu", "q"}
)
_SAID = frozenset({"value", "values", "desc", "description"})
_OF_RUNS = frozenset({"_wandb", "wandb_version"})  # W&B's own keys in a run's configuration


def is_sweep(content: Mapping[str, Any]) -> bool:
    """Tell whether an object is a sweep's configuration."""
    parameters = content.get("parameters")
    if not isinstance(parameters, Mapping) or not content.keys() <= _KEYS:
        return False
    return "method" in content or any(
        isinstance(said, Mapping) and said.keys() & _SPECIFICATION for said in parameters.values()
    )


def read_sweep(content: Mapping[str, Any], where: str) -> dict[str, list[Any]]:
    """Return the values of every hyperparameter of a sweep.

    Raises
    ------
    InputError
        If the sweep draws at random, or searches: then no list of trials is fixed beforehand.
    """
    method = content.get("method", "grid")
    if method != "grid":
        raise InputError(
            f"{where}: the sweep's method is {shorten(method)}, which chooses trials while it "
            "runs: give method: grid with lists of values, or the trials themselves"
        )
    return dict(_list_axes(content["parameters"], where))


def read_run_values(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the configuration that W&B keeps of one run, ``lr: {value: 0.001}``; else None."""
    said = {key: value for key, value in content.items() if key not in _OF_RUNS}
    if not said or not all(_is_value(value) for value in said.values()):
        return None
    return {key: value["value"] for key, value in said.items()}


def list_unused(content: Mapping[str, Any]) -> list[str]:
    """Return the keys of a sweep that trials have no use for."""
    return [name for name in content if name not in _USED]


def list_swept(
    parameters: Mapping[str, Any], groups: tuple[str, ...] = ()
) -> Iterator[tuple[str, Any]]:
    """Yield what is said of each hyperparameter of a sweep, ``optim.lr`` for one in a group."""
    for key, said in parameters.items():
        if isinstance(said, Mapping) and isinstance(said.get("parameters"), Mapping):
            yield from list_swept(said["parameters"], (*groups, key))
        else:
            yield ".".join((*groups, key)), said


def _list_axes(parameters: Mapping[str, Any], where: str) -> Iterator[tuple[str, list[Any]]]:
    for name, said in list_swept(parameters):
        if not isinstance(said, Mapping):
            yield name, said if isinstance(said, list) else [said]
        elif not said.keys() - _SAID - {"distribution"} and _is_of_values(said):
            yield name, said["values"] if "values" in said else [said["value"]]
        else:
            raise InputError(
                f"{where}: {bare(name)} is {shorten(said)}, which lists no values: "
                "give values: [...], of which every one is tried"
            )


def _is_value(said: object) -> bool:
    return isinstance(said, Mapping) and "value" in said and said.keys() <= {"value", "desc"}


def _is_of_values(said: Mapping[str, Any]) -> bool:
    if said.get("distribution", "categorical") not in {"categorical", "constant"}:
        return False
    return isinstance(said["values"], list) if "values" in said else "value" in said
