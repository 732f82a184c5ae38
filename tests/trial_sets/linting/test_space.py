"""The space's linter knows the common mistakes, and leaves a good space alone."""

from typing import Any

import pytest

from tests.trial_sets.conftest import make_free_study
from tests.trial_sets.linting.conftest import RATE, USUAL, lint, make_bare_study, only
from trial_sets.linting.remark import Remark
from trial_sets.linting.role import SearchFacts, tell_role
from trial_sets.linting.space import lint_space
from trial_sets.space import SearchSpace


def test_a_good_space_is_left_alone() -> None:
    dimensions = {
        **USUAL,
        "batch_size": {"choices": [32, 64, 128]},
        "n_layers": {"type": "int", "low": 1, "high": 3},
        "dropout": {"type": "float", "low": 0.0, "high": 0.4},
        "weight_decay": {"type": "float", "low": 1e-6, "high": 1e-2, "log": True},
    }
    facts = SearchFacts(20_000, 1_000, 200_000, "tpe", 50)
    assert lint(dimensions, facts) == ()


def test_a_grid_has_at_most_a_hundred_points() -> None:
    def grid(*counts: int) -> tuple[Remark, ...]:
        names = ("patience", "context", "epochs", "stride")
        dimensions = {
            name: {"type": "int", "low": 1, "high": count}
            for name, count in zip(names, counts, strict=False)
        }
        return lint(dimensions, SearchFacts(sampler="grid"), learning_rate=1e-4)

    assert grid(10, 10) == grid(4, 5, 5) == ()
    said = "space: a grid of it has more than 100 points, of which most differ in what hardly mat"
    assert only(grid(5, 5, 5)).startswith(said)
    assert "more than 100 points" in str(grid(10**9)[-1])
    conditional = {
        "schedule": {"choices": ["constant", "step"]},
        "step_size": {"type": "int", "low": 1, "high": 9, "when": {"schedule": ["step"]}},
        "patience": {"type": "int", "low": 1, "high": 10},
    }
    assert lint(conditional, SearchFacts(sampler="grid"), learning_rate=1e-4) == ()  # 10 + 90
    wider = {**conditional, "patience": {"type": "int", "low": 2, "high": 12}}
    assert "100 points" in only(lint(wider, SearchFacts(sampler="grid"), learning_rate=1e-4))


@pytest.mark.parametrize(("n_trials", "is_remarked"), [(None, True), (139, True), (140, False)])
def test_many_dimensions_need_many_trials(n_trials: int | None, is_remarked: bool) -> None:
    names = ("dropout", "label_smoothing", "gradient_clip", "patience", "stride")
    dimensions = {**USUAL, **{name: {"choices": [0.1, 0.2]} for name in names}}
    remarks = lint(dimensions, SearchFacts(n_trials=n_trials))
    assert bool(remarks) is is_remarked
    if remarks:
        assert "7 hyperparameters vary at once" in only(remarks)
        assert "plan 140 trials or more" in only(remarks)


def test_a_base_outside_of_the_space_is_said() -> None:
    found = only(lint({**USUAL, "n_layers": {"choices": [2, 3]}}, default=None))
    assert found == (
        "space: the base lies outside of it: n_layers=1 is not one of 2 or 3, so that no trial "
        "says whether searching helps at all; widen the space until it holds the base, or take a "
        "base within"
    )
    study = make_bare_study().model_copy(update={"base": None})
    found = only(lint(USUAL, default=None, study=study))
    assert found.startswith("space: the base is not a full configuration within it, so that no tri")


def test_what_does_not_vary_is_no_dimension() -> None:
    assert only(lint({**USUAL, "epochs": {"choices": [5]}})) == (
        "dimension epochs: has one value, 5; give it in the base of study.json"
    )
    assert "has one value, 0.2" in only(
        lint({**USUAL, "dropout": {"type": "float", "low": 0.2, "high": 0.2}})
    )


def test_a_dimension_that_varies_nowhere_is_said() -> None:
    nested = {
        **USUAL,
        "schedule": {"choices": ["constant", "step"]},
        "step_size": {"choices": [1, 2], "when": {"schedule": ["step"]}},
        "gamma": {
            "choices": [0.1, 0.5],
            "when": {"schedule": ["constant"], "step_size": [1]},
        },
    }
    assert only(lint(nested)).startswith("dimension gamma: its condition never holds beside those")
    nested["gamma"]["when"] = {"schedule": ["constant", "step"], "step_size": [1]}
    assert lint(nested) == ()


def test_other_peoples_names_mean_the_same() -> None:
    study = make_free_study({"A1": {"depth": 4}})
    dimensions: dict[str, Any] = {
        "optim.lr": {"type": "float", "low": 1e-4, "high": 1e-2},
        "wd": {"choices": [0.01, 0.1]},
        "l2": {"type": "float", "low": 0.1, "high": 0.5},
        "base_lr": {**RATE},
    }
    space = SearchSpace.model_validate({"dimensions": dimensions}, strict=False)
    found = lint_space(study, space, {"opt": "Adam"}, {}, None)
    assert [remark.where for remark in found] == [
        'dimensions "optim.lr" and base_lr',
        'dimension "optim.lr"',
        "dimension l2",
        "dimension wd",
    ]
    assert [tell_role(name) for name in dimensions] == [
        *("learning_rate", "weight_decay", "l2", "learning_rate"),
    ]
