"""Ranges and choices in the words of Optuna and of W&B are read as dimensions."""

import json
import math
import re
from typing import Any

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.distribution import is_distribution, read_distribution


def optuna(name: str, **attributes: object) -> dict[str, Any]:
    return {"name": name, "attributes": attributes}


LOG = {"type": "float", "low": 1e-5, "high": 0.1, "log": True}
OPTUNA: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (optuna("FloatDistribution", step=None, low=1e-5, high=0.1, log=True), LOG),
    (
        optuna("FloatDistribution", step=0.1, low=0.0, high=0.5, log=False),
        {"type": "float", "low": 0.0, "high": 0.5, "step": 0.1},
    ),
    (
        optuna("IntDistribution", log=False, step=64, low=64, high=256),
        {"type": "int", "low": 64, "high": 256, "step": 64},
    ),
    (
        optuna("IntDistribution", log=True, step=1, low=1, high=256),
        {"type": "int", "low": 1, "high": 256, "log": True},
    ),
    (optuna("CategoricalDistribution", choices=["a", "b"]), {"choices": ["a", "b"]}),
    (
        optuna("UniformDistribution", low=0.0, high=0.5),
        {"type": "float", "low": 0.0, "high": 0.5},
    ),
    (optuna("LogUniformDistribution", low=1e-5, high=0.1), LOG),
    (
        optuna("DiscreteUniformDistribution", low=0.0, high=0.5, q=0.1),
        {"type": "float", "low": 0.0, "high": 0.5, "step": 0.1},
    ),
    (
        optuna("IntUniformDistribution", low=1, high=9, step=2),
        {"type": "int", "low": 1, "high": 9, "step": 2},
    ),
    (
        optuna("IntLogUniformDistribution", low=1, high=9, step=1),
        {"type": "int", "low": 1, "high": 9, "log": True},
    ),
    ({"type": "categorical", "choices": [1, 2]}, {"choices": [1, 2]}),
    ({"type": "float", "low": 1e-5, "high": 0.1, "log": True, "step": None}, LOG),
    (
        {"type": "int", "low": 1, "high": 9, "log": True, "step": 1},
        {"type": "int", "low": 1, "high": 9, "log": True},
    ),
]


@pytest.mark.parametrize(("said", "dimension"), OPTUNA)
def test_every_generation_of_optuna_is_read(
    said: dict[str, Any], dimension: dict[str, Any]
) -> None:
    assert read_distribution(said, "lr") == dimension
    assert read_distribution(json.dumps(said), "lr") == dimension
    assert is_distribution(said)


SWEEPS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"values": [1, 2]}, {"choices": [1, 2]}),
    ({"distribution": "categorical", "values": ["a"]}, {"choices": ["a"]}),
    ({"value": 5}, {"choices": [5]}),
    ({"distribution": "constant", "value": 5}, {"choices": [5]}),
    ({"min": 1, "max": 4}, {"type": "int", "low": 1, "high": 4}),
    ({"min": 0, "max": 0.5}, {"type": "float", "low": 0, "high": 0.5}),
    ({"distribution": "uniform", "min": 0, "max": 1}, {"type": "float", "low": 0, "high": 1}),
    ({"distribution": "int_uniform", "min": 1, "max": 4}, {"type": "int", "low": 1, "high": 4}),
    ({"distribution": "log_uniform_values", "min": 1e-5, "max": 0.1}, LOG),
    (
        {"distribution": "log_uniform", "min": math.log(1e-5), "max": math.log(0.1)},
        {**LOG, "low": pytest.approx(1e-5), "high": pytest.approx(0.1)},
    ),
    (
        {"distribution": "q_uniform", "min": 64, "max": 300, "q": 64},
        {"type": "int", "low": 64, "high": 256, "step": 64},
    ),
    (
        {"distribution": "q_uniform", "min": 0.05, "max": 0.5, "q": 0.1},
        {"type": "float", "low": 0.1, "high": 0.5, "step": 0.1},
    ),
    (
        {"distribution": "q_uniform", "min": 1, "max": 3},
        {"type": "int", "low": 1, "high": 3, "step": 1},
    ),
    (
        {"distribution": "q_log_uniform_values", "min": 16, "max": 256, "q": 1},
        {"type": "int", "low": 16, "high": 256, "log": True},
    ),
]


@pytest.mark.parametrize(("said", "dimension"), SWEEPS)
def test_what_a_sweep_draws_evenly_is_read(said: dict[str, Any], dimension: dict[str, Any]) -> None:
    assert read_distribution(said, "lr") == dimension
    assert is_distribution(said)


def test_a_list_is_choices_and_one_value_of_a_condition_a_list() -> None:
    assert read_distribution([1, 2], "lr") == {"choices": [1, 2]}
    said = {"type": "bool", "when": {"act": "relu", "depth": [1, 2]}}
    assert read_distribution(said, "lr")["when"] == {"act": ["relu"], "depth": [1, 2]}
    assert not is_distribution({"lr": {"type": "float"}, "type": {"choices": [1]}})
    assert not is_distribution([1, 2])


MISTAKES: list[tuple[object, str]] = [
    (3, "lr: 3, expected a range such as"),
    ("high", 'lr: "high", expected a range such as'),
    (None, "lr: null, expected a range such as"),
    ("{", "lr: not valid JSON at line 1"),
    ({"attributes": 3, "name": "FloatDistribution"}, "is no distribution of Optuna"),
    (optuna("FlotDistribution", low=0, high=1), "did you mean FloatDistribution?"),
    (optuna("CategoricalDistribution", choices=[None, 1]), "choices hold null, which is no value"),
    (
        optuna("FloatDistribution", low=0.0, high=1.0, log=True),
        "lr: low=0 with log: a logarithmic scale begins above 0; give a small low such as 1e-6, "
        "leave log out, or list choices with 0 among them",
    ),
    ({"type": "float", "low": 0, "high": 1, "log": True}, "low=0 with log: a logarithmic scale"),
    (
        {"distribution": "log_uniform_values", "min": 0, "max": 0.1},
        "low=0 with log: a logarithmic scale begins above 0",
    ),
    (
        {"distribution": "log_uniform", "min": 1e-5, "max": 0.1},
        "lr: distribution log_uniform is given logarithms, so that min=1e-05 means 1.00001; for "
        "the ends themselves say log_uniform_values",
    ),
    ({"distribution": "log_uniform", "min": 1, "max": 1e4}, "max=10000 is the logarithm of no nu"),
    ({"distribution": "normal", "mu": 0, "sigma": 1}, 'distribution "normal" has no ends that a s'),
    ({"distribution": "inv_log_uniform_values", "min": 1, "max": 2}, "has no ends that a search c"),
    ({"distribution": ["uniform"], "min": 1, "max": 2}, "has no ends that a search c"),
    ({"mu": 1}, 'lr: {"mu": 1} has no ends that a search could look between; give min and max'),
    ({"values": [1, 2], "probabilities": [0.5, 0.5]}, "probabilities are not read: a search trie"),
    ({"distribution": "categorical"}, "distribution categorical lacks values"),
    ({"distribution": "uniform", "min": 1}, "lr: max is missing"),
    ({"distribution": "uniform", "min": "1", "max": 2}, 'min="1", expected a number'),
    ({"distribution": "uniform", "min": True, "max": 2}, "min=true, expected a number"),
    ({"distribution": "q_uniform", "min": 1, "max": 2, "q": 0}, "q=0, expected a number above 0"),
    ({"distribution": "q_uniform", "min": 1, "max": 2, "q": 5}, "no multiple of q=5 lies between"),
    (
        {"distribution": "q_uniform", "min": 1, "max": 1e300, "q": 1e-300},
        "min and max are too far apart for steps of 1e-300",
    ),
    (
        {"distribution": "q_log_uniform_values", "min": 16, "max": 256, "q": 8},
        "q=8 goes without a logarithmic scale: no steps are equal on it; leave q out",
    ),
]


@pytest.mark.parametrize(("said", "message"), MISTAKES)
def test_what_is_not_understood_is_refused_with_a_sentence(said: object, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        read_distribution(said, "lr")
    assert str(caught.value).startswith("lr: ")
    assert "\n" not in str(caught.value)
