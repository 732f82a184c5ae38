"""What no configuration can take is refused with the limits of the field, before anything runs."""

import re

import pytest

from tests.trial_sets.conftest import FREE_STUDY
from tests.trial_sets.loading.conftest import WHOLE, Write
from trial_sets.errors import InputError
from trial_sets.loading.search_study import load_search_study

NETWORK_MISTAKES: list[tuple[object, str]] = [
    ({"dropout": {"type": "float", "low": 0, "high": 1.5}}, "dropout=1.5, expected less than 1"),
    ({"dropout": [0.1, 1.0]}, "dropout=1.0, expected less than 1"),
    ({"n_layers": [0.5, 1]}, "n_layers=0.5, expected integer"),
    ({"n_layers": {"type": "float", "low": 0.5, "high": 3}}, "n_layers=0.5, expected integer"),
    (
        {"n_layers": {"type": "float", "low": 1, "high": 3}},
        "n_layers takes whole numbers: give type int",
    ),
    ({"n_layers": {"type": "int", "low": 0, "high": 3}}, "n_layers=0, expected greater than or"),
    ({"opt": ["adam", "lion"]}, "optimizer=\"lion\", expected 'adam', 'adamw', 'sgd' or 'rmspro"),
    ({"opt": {"type": "int", "low": 1, "high": 2}}, "optimizer=1, expected 'adam', 'adamw', 's"),
    ({"revin": [0, 1]}, "revin=0, expected boolean"),
    ({"learning_rate": ["high"]}, 'learning_rate="high", expected number'),
    ({"droput": [0.1]}, 'unknown hyperparameter "droput"; did you mean dropout?'),
    ({"d_ff": [128]}, 'unknown hyperparameter "d_ff"; did you mean d_ff_ratio?'),
    ({"seed": [1, 2]}, "seed is no hyperparameter: every trial of a search is trained with the f"),
    ({"options": {"a": [1]}}, 'unknown hyperparameter "options"'),
    ({"lr": [0.1], "learning_rate": [0.2]}, "lr and learning_rate both give learning_rate"),
    (
        {"momentum": [0.9], "opt": ["adam", "sgd"]},
        'optimizer="adam" goes with nothing beside it: momentum=0.9 has no effect with optimizer',
    ),
    ({"momentum": [0.9]}, "of 1,000 points none is valid: momentum=0.9 has no effect with optim"),
    ({"schedule": ["constant", "step"]}, 'schedule="step" goes with nothing beside it: schedule'),
    ({}, "holds {}, expected hyperparameters by name"),
    ([], "holds [], expected hyperparameters by name"),
    ("{", "not valid JSON at line 1"),
    ('{"lr": [1], "lr": [2]}', "the key 'lr' stands twice in one object"),
]


@pytest.mark.parametrize(("space", "message"), NETWORK_MISTAKES)
def test_a_space_that_no_configuration_can_take_is_refused(
    write: Write, space: object, message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        load_search_study(write(WHOLE, space))
    assert str(caught.value).count("\n") == 0
    assert "space.json: " in str(caught.value)


FREE_MISTAKES: list[tuple[object, str]] = [
    (
        {"rate": {"type": "float", "low": 1e-3, "high": 0.5}},
        "rate: 0.5 lies above high=0.1, as study.json declares it",
    ),
    ({"depth": {"type": "int", "low": 0, "high": 3}}, "depth: 0 lies below low=1, as study.json"),
    ({"depth": {"type": "float", "low": 1, "high": 3}}, "depth: its values are whole numbers, as "),
    ({"act": ["relu", "tanh"]}, 'act: "tanh" is not one of "relu" or "gelu", as study.json'),
    ({"act": [1]}, "act: 1 is no str, as study.json declares it"),
    ({"bias": [0, 1]}, "bias: 0 is no bool, as study.json declares it"),
    ({"rat": [0.1]}, 'unknown hyperparameter "rat"; did you mean rate?'),
    ({"model.widht": [3]}, 'unknown hyperparameter "model.widht"'),
]


@pytest.mark.parametrize(("space", "message"), FREE_MISTAKES)
def test_a_space_lies_within_what_a_study_declares(
    write: Write, space: object, message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        load_search_study(write(FREE_STUDY, space))
    assert str(caught.value).count("\n") == 0


@pytest.mark.parametrize(
    ("declared", "said", "message"),
    [
        ({"type": "float", "low": 0, "high": 1, "step": 0.25}, [0.25, 0.5], None),
        ({"type": "float", "low": 0, "high": 1, "step": 0.25}, [0.3], "0.3 is no whole number of"),
        (
            {"type": "float", "low": 0, "high": 1, "step": 0.25},
            {"type": "float", "low": 0, "high": 0.5, "step": 0.5},
            None,
        ),
        (
            {"type": "float", "low": 0, "high": 1, "step": 0.25},
            {"type": "float", "low": 0, "high": 0.5},
            "its values go in steps of 0.25",
        ),
        ({"choices": [1, 2, 3]}, {"type": "int", "low": 1, "high": 2}, None),
        ({"choices": [1, 2, 4]}, {"type": "int", "low": 1, "high": 4}, "goes beyond its choices"),
        ({"choices": [0.1, 0.2]}, {"type": "float", "low": 0.1, "high": 0.2}, "goes beyond its ch"),
        ({"type": "float"}, {"type": "int", "low": 1, "high": 4}, None),
    ],
)
def test_steps_and_choices_are_narrowed_to_some_of_them(
    write: Write, declared: object, said: object, message: str | None
) -> None:
    study = {
        **FREE_STUDY,
        "parameters": {"x": declared, "y": {"type": "bool"}},
        "base": {"x": 1},
        "controls": {},
    }
    study["base"] = {}
    folder = write(study, {"x": said, "y": [True, False]})
    if message is None:
        assert load_search_study(folder).space.dimensions["x"]
    else:
        with pytest.raises(InputError, match=re.escape(message)):
            load_search_study(folder)
