"""A study and its space become one: every value is one that a configuration can take."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.trial_sets.conftest import FREE_SET, FREE_STUDY, FULL, SET_A, STUDY
from tests.trial_sets.loading.conftest import WHOLE, Write
from trial_sets.configuration import Configuration, FreeConfiguration, LstmConfiguration
from trial_sets.errors import InputError
from trial_sets.loading.search_study import SearchStudy, load_search_study
from trial_sets.loading.study_folder import load_study
from trial_sets.space import Dimension, SearchSpace
from trial_sets.study import Study

SPACE: dict[str, Any] = {
    "lr": {"type": "float", "low": 1e-5, "high": 1e-2, "log": True},
    "num_layers": {"type": "int", "low": 1, "high": 3},
    "optim": ["Adam", "sgd"],
    "momentum": {"type": "float", "low": 0.0, "high": 0.99, "when": {"optimiser": "SGD"}},
}
LSTM: dict[str, Any] = {
    **STUDY,
    "task": "regression",
    "trainer": "lstm",
    "label": {"target": "log_range"},
    "base": {"hidden_size": 16, "n_layers": 1, "dropout": 0.0, "learning_rate": 1e-3},
    "controls": {},
}


def test_a_space_is_read_in_the_words_of_the_study(write: Write) -> None:
    found = load_search_study(write(WHOLE, SPACE))
    assert list(found.space.dimensions) == ["learning_rate", "n_layers", "optimizer", "momentum"]
    assert found.space.dimensions["optimizer"].values == ("adam", "sgd")
    assert found.space.dimensions["momentum"].when == {"optimizer": ("sgd",)}
    assert found.default == {"learning_rate": 1e-3, "n_layers": 1, "optimizer": "adam"}
    assert found.complete(found.default) == found.study.base
    assert found.study.sets == ()
    assert "lr as learning_rate" in found.study.notices[0]


def test_a_point_is_the_base_with_its_values(write: Write) -> None:
    found = load_search_study(write(WHOLE, SPACE))
    point = {"learning_rate": 1e-4, "n_layers": 3, "optimizer": "sgd", "momentum": 0.9}
    expected = Configuration(**{**FULL, **point})
    assert found.complete(point) == expected
    without = {"learning_rate": 1e-4, "n_layers": 3, "optimizer": "adam"}
    assert found.complete(without) == Configuration(**{**FULL, **without})
    assert found.elsewhere == {"momentum": 0.0}
    varied = {"learning_rate", "n_layers", "optimizer", "momentum"}
    assert found.fixed == {k: v for k, v in expected.settings.items() if k not in varied}


def test_a_point_outside_the_space_is_refused(write: Write) -> None:
    found = load_search_study(write(WHOLE, SPACE))
    with pytest.raises(InputError, match=r"^study own: learning_rate=0\.5 lies above high=0\.01$"):
        found.complete({"learning_rate": 0.5, "n_layers": 1, "optimizer": "adam"})
    with pytest.raises(InputError, match="momentum does not vary beside the other values"):
        found.complete({"learning_rate": 1e-4, "n_layers": 1, "optimizer": "adam", "momentum": 0})


def test_values_that_do_not_go_together_are_refused_point_by_point(write: Write) -> None:
    space = {"d_model": {"type": "int", "low": 8, "high": 64}, "n_heads": [2, 4]}
    found = load_search_study(write(WHOLE, space))
    assert found.complete({"d_model": 12, "n_heads": 4}).settings["d_model"] == 12
    fault = "d_model=13 is not divisible by n_heads=4"
    assert found.find_fault({"d_model": 13, "n_heads": 4}) == fault
    assert "batch_size" not in found.fixed  # its default is one of d_model
    batches = [found.complete({"d_model": n, "n_heads": 2}).settings["batch_size"] for n in (8, 64)]
    assert batches == [128, 128]


def test_the_corners_of_a_space_are_its_smallest_and_largest_configuration(write: Write) -> None:
    space = {"d_model": {"type": "int", "low": 8, "high": 100}, "n_heads": [2, 4, 8], **SPACE}
    found = load_search_study(write(WHOLE, space))
    small, large = (found.find_corner(largest=largest) for largest in (False, True))
    assert small is not None
    assert large is not None
    names = ("d_model", "n_heads", "n_layers", "learning_rate", "optimizer")
    assert [small.settings[name] for name in names] == [8, 2, 1, 1e-5, "adam"]
    assert [large.settings[name] for name in names] == [100, 4, 3, 1e-2, "sgd"]  # 8 is no divisor
    space = {"d_model": {"type": "int", "low": 9, "high": 45, "step": 9}, "n_heads": [2, 4]}
    found = load_search_study(write(WHOLE, space))
    large = found.find_corner(largest=True)
    assert large is not None
    assert (large.settings["d_model"], large.settings["n_heads"]) == (36, 4)
    fixed = {"d_model": {"type": "int", "low": 15, "high": 99, "step": 1}}
    assert load_search_study(write(WHOLE, fixed)).find_corner(largest=True) is None


def test_options_stand_in_every_configuration(write: Write) -> None:
    found = load_search_study(write(WHOLE, SPACE), None, {"epochs": 3, "context": 200})
    assert found.default is not None
    assert found.complete(found.default).epochs == found.fixed["epochs"] == 3
    assert found.study.longest_context() == found.fixed["context"] == 200


def test_the_widest_context_of_the_space_is_known(write: Write) -> None:
    for context in ([40, 400], {"type": "int", "low": 40, "high": 400, "step": 40}):
        folder = write(WHOLE, {"seq_len": context})
        study = load_search_study(folder).study
        assert study.longest_context() == 400
        assert Study.model_validate_json(study.model_dump_json(by_alias=True)).widest_context == 0


def test_sets_beside_a_space_are_those_of_the_study(write: Write) -> None:
    folder = write(WHOLE | {"controls": STUDY["controls"]}, SPACE)
    (folder / "A.json").write_text(json.dumps(SET_A))
    found = load_search_study(folder)
    assert found.study.sets == load_study(folder).sets
    assert [trial_set.name for trial_set in found.study.sets] == ["A"]


def test_a_networks_study_without_a_space_can_be_lent_one(write: Write) -> None:
    rate = {"learning_rate": Dimension(type="float", low=1e-7, high=10.0, log=True)}
    lent = SearchSpace(dimensions=rate)
    assert load_search_study(write(FREE_STUDY), otherwise=lent).space != lent
    assert load_search_study(write(WHOLE), otherwise=lent).space == lent
    assert load_search_study(write(WHOLE, SPACE), otherwise=lent).space != lent


def test_a_set_that_is_called_space_stays_one(write: Write) -> None:
    folder = write(WHOLE | {"controls": STUDY["controls"]}, SET_A)
    assert [trial_set.name for trial_set in load_study(folder).sets] == ["space"]
    with pytest.raises(InputError, match="nothing says what a search varies"):
        load_search_study(folder)


def test_a_study_without_sets_is_refused_where_sets_are_needed(write: Write) -> None:
    with pytest.raises(InputError, match="holds no set beside study"):
        load_study(write(WHOLE, SPACE))


def test_options_of_a_trainer_of_ones_own_may_vary(write: Write) -> None:
    study = {**WHOLE, "base": {**FULL, "options": {"alpha": 0.5, "beta": 1}}}
    found = load_search_study(
        write(study, {"options.alpha": {"type": "float", "low": 0, "high": 1}})
    )
    assert found.default == {"options.alpha": 0.5}
    assert found.complete({"options.alpha": 0.25}).settings["options.alpha"] == 0.25
    assert found.complete({"options.alpha": 0.25}).settings["options.beta"] == 1
    assert found.fixed["options.beta"] == 1


def test_the_lstm_is_searched_in_its_own_words(write: Write) -> None:
    space = {
        "hidden_size": {"type": "int", "low": 64, "high": 256, "step": 64},
        "num_layers": {"type": "int", "low": 1, "high": 3},
        "dropout": {"type": "float", "low": 0.0, "high": 0.4},
        "lr": {"type": "float", "low": 1e-4, "high": 5e-3, "log": True},
        "batch_size": [32, 64, 128],
    }
    study = {**LSTM, "base": {**LSTM["base"], "min_delta": 0.0}}
    found = load_search_study(write(study, space))
    assert found.default is None  # 16 is no hidden size of the space
    point = {"hidden_size": 128, "n_layers": 2, "dropout": 0.2, "learning_rate": 1e-3}
    made = found.complete({**point, "batch_size": 64})
    assert isinstance(made, LstmConfiguration)
    assert {name: made.settings[name] for name in point} == point


FREE_SPACE = {"rate": {"type": "float", "low": 1e-3, "high": 0.1, "log": True}, "act": ["relu"]}


def test_the_parameters_of_a_study_are_its_space(write: Write) -> None:
    found = load_search_study(write(FREE_STUDY, None))
    assert list(found.space.dimensions) == ["rate", "depth", "act", "bias"]
    assert found.space.dimensions["rate"].log
    assert found.fixed == {"model.width": 8}
    assert found.default == {"rate": 0.01, "depth": 3, "act": "relu", "bias": False}
    made = found.complete({"rate": 1, "depth": 8, "act": "gelu", "bias": True} | {"rate": 0.1})
    assert isinstance(made, FreeConfiguration)
    assert list(made.parameters.values()) == [0.1, 8, "gelu", True, 8]
    assert load_study(_with_set(found, write)).parameters == found.study.parameters


def _with_set(found: SearchStudy, write: Write) -> Path:
    folder = write(FREE_STUDY, None)
    (folder / "A.json").write_text(json.dumps(FREE_SET))
    return folder


def test_a_space_may_narrow_what_a_study_declares(write: Write) -> None:
    found = load_search_study(write(FREE_STUDY, FREE_SPACE))
    assert list(found.space.dimensions) == ["rate", "act"]
    assert found.fixed["depth"] == 3
    assert found.complete({"rate": 0.05, "act": "relu"}).settings["depth"] == 3


def test_a_conditional_parameter_has_the_bases_value_elsewhere(write: Write) -> None:
    space = {"bias": {"type": "bool"}, "depth": {"choices": [4, 5.0], "when": {"bias": True}}}
    found = load_search_study(write(FREE_STUDY, space))
    assert found.elsewhere == {"depth": 3}
    assert found.complete({"bias": False}).settings["depth"] == 3
    assert found.complete({"bias": True, "depth": 5}).settings["depth"] == 5
    assert found.space.dimensions["depth"].values == (4, 5)


@pytest.mark.parametrize(
    ("study", "space", "overrides", "message"),
    [
        ({**WHOLE}, None, {}, "nothing says what a search varies: write space.json beside study"),
        (
            STUDY,
            {"dropout": [0.1, 0.2]},
            {},
            "study.json: learning_rate has no value: give it in b",
        ),
        (
            STUDY,
            {
                "opt": ["adam", "sgd"],
                "lr": [1e-3],
                "dropout": {"choices": [0.1], "when": {"opt": "sgd"}},
            },
            {},
            "study.json: dropout varies beside some values of optimizer alone, and base has no va",
        ),
        (WHOLE, SPACE, {"learning_rate": 0.1}, "--learning_rate: the search varies learning_rate"),
        (WHOLE, {"epochs": [1, 2]}, {"epochs": 3}, "--epochs: the search varies epochs; leave the"),
        (WHOLE, SPACE, {"context": 8}, "context=8"),
        (LSTM, {"lr": [1e-3, 1e-2]}, {}, "min_delta is missing: say, in base, which gain in RMSE"),
        (
            {**FREE_STUDY, "base": {}, "controls": {}},
            {"rate": [0.1]},
            {},
            "study.json: depth has no value: give it in base, or let the space vary it",
        ),
        (FREE_STUDY, {"rate": [0.1]}, {"epochs": 3}, "declares no parameter of this name"),
        (
            {
                **FREE_STUDY,
                "parameters": {"x": {"type": "float"}},
                "base": {"x": 1},
                "controls": {},
            },
            None,
            {},
            "no parameter has both low and high, or choices, so that nothing varies",
        ),
    ],
)
def test_what_stays_open_is_refused_before_anything_runs(
    write: Write, study: object, space: object, overrides: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        load_search_study(write(study, space), None, overrides)
    assert str(caught.value).count("\n") == 0


def test_a_space_elsewhere_goes_before_that_of_the_folder(write: Write, tmp_path: Path) -> None:
    other = tmp_path / "narrow.yaml"
    other.write_text("lr: {type: float, low: 1e-4, high: 1e-3, log: true}\n")
    found = load_search_study(write(WHOLE, SPACE), other)
    assert found.space.dimensions["learning_rate"].low == 1e-4
    assert list(found.space.dimensions) == ["learning_rate"]


def test_two_spaces_in_a_folder_are_refused(write: Write) -> None:
    folder = write(WHOLE, SPACE)
    (folder / "space.yml").write_text("lr: [0.1]\n")
    with pytest.raises(InputError, match=r"holds space\.json and space\.yml; leave one"):
        load_search_study(folder)
