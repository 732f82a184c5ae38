"""Steps that no batch could resolve are found before it runs."""

from typing import Any

import pytest

from tests.trial_sets.conftest import make_free_study, make_study
from trial_sets.configuration import FreeConfiguration
from trial_sets.linting.spacing import lint_spacing
from trial_sets.parameter import Parameter

STEPS: list[tuple[str, list[Any], list[str]]] = [
    ("dropout", [0.2, 0.3], []),
    ("dropout", [0.12, 0.14], []),
    ("dropout", [0.2, 0.21], ["dropout 0.2 and 0.21"]),
    ("dropout", [0.21, 0.22, 0.2], ["dropout 0.2, 0.21 and 0.22"]),
    ("dropout", [0.41, 0.2, 0.4, 0.21], ["dropout 0.2 and 0.21", "dropout 0.4 and 0.41"]),
    ("label_smoothing", [0.01], ["label_smoothing 0 and 0.01"]),
    ("learning_rate", [8e-5, 9e-5], []),
    ("learning_rate", [1.05e-4, 1e-4], []),
    ("learning_rate", [1.04e-4, 1e-4], ["learning_rate 0.0001 and 0.000104"]),
    ("weight_decay", [1e-9], []),
    ("weight_decay", [1e-4, 1.01e-4], ["weight_decay 0.0001 and 0.000101"]),
    ("d_model", [18], []),
    ("d_model", [128, 130], ["d_model 128 and 130"]),
    ("n_layers", [2, 3], []),
    ("epochs", [51], ["epochs 50 and 51"]),
    ("gradient_clip", [1.0], []),
    ("optimizer", ["adamw"], []),
    ("revin", [False], []),
    ("options", [{"depth": 3}, {"depth": 4}], []),
    ("options", [{"rate": 0.1}, {"rate": 0.101}], ["options.rate 0.1 and 0.101"]),
    ("options", [{"rate": 0.1, "on": True}, {"rate": 0.101, "on": False}], []),
]  # fmt: skip


@pytest.mark.parametrize(("field", "values", "found"), STEPS)
def test_a_step_is_too_small_below_a_fiftieth_or_five_percent(
    field: str, values: list[Any], found: list[str]
) -> None:
    study = make_study({f"A{i}": {field: value} for i, value in enumerate(values)})
    said = [finding.what for finding in lint_spacing(study)]
    assert said == [f"{text} are too close to be told apart" for text in found]


def test_the_crowded_trials_are_named_with_the_step_that_would_do() -> None:
    study = make_study({"A1": {"dropout": 0.2}, "A2": {"dropout": 0.21}, "A3": {"dropout": 0.4}})
    (finding,) = lint_spacing(study)
    assert (finding.where, finding.mend) == ("trials A1 and A2", "leave steps of at least 0.02")


def test_near_values_at_different_bases_are_not_a_step() -> None:
    trials = {"A1": {"dropout": 0.2}, "A2": {"dropout": 0.21, "n_layers": 4}}
    assert not list(lint_spacing(make_study(trials)))


def test_a_long_crowd_is_one_finding() -> None:
    trials = {f"A{i}": {"dropout": 0.2 + i / 1000} for i in range(300)}
    (finding,) = lint_spacing(make_study(trials))
    assert finding.where.endswith("A9, A10 and 289 more")


FREE_STEPS: list[tuple[str, list[Any], list[str]]] = [
    ("depth", [4, 5], []),  # whole numbers are never too close
    ("rate", [0.01, 0.0102], ["rate 0.01 and 0.0102"]),  # a factor where the scale is logarithmic
    ("rate", [0.01, 0.011], []),
    ("share", [0.5, 0.504], ["share 0.5 and 0.504"]),  # a hundredth of the range
    ("share", [0.5, 0.51], []),
    ("act", ["relu", "gelu"], []),
]


@pytest.mark.parametrize(("field", "values", "found"), FREE_STEPS)
def test_the_steps_of_declared_parameters_follow_their_scale(
    field: str, values: list[Any], found: list[str]
) -> None:
    share = Parameter(type="float", low=0.0, high=1.0)
    study = make_free_study({"A1": {}})
    named = study.model_copy(update={"parameters": {**study.parameters, "share": share}})
    (first,) = named.sets[0].trials
    trials = tuple(
        first.model_copy(
            update={
                "name": f"A{number}",
                "configuration": FreeConfiguration(
                    parameters={**first.configuration.settings, "share": 0.1, field: value}
                ),
            }
        )
        for number, value in enumerate(values)
    )
    sets = (named.sets[0].model_copy(update={"trials": trials}),)
    spaced = named.model_copy(update={"sets": sets, "controls": ()})
    said = [finding.what for finding in lint_spacing(spaced)]
    assert said == [f"{text} are too close to be told apart" for text in found]
