"""A study of declared parameters is resolved layer by layer, and its mistakes are named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.trial_sets.conftest import FREE_SET, FREE_STUDY, STUDY, changed, make_free_study
from trial_sets.configuration import FreeConfiguration
from trial_sets.errors import InputError
from trial_sets.linting.linter import lint_study
from trial_sets.loading.overriding import override_study
from trial_sets.loading.study_folder import load_study
from trial_sets.study import Study

Write = Callable[..., Path]


def test_a_trial_has_its_own_values_over_the_sets_and_the_studys(write_study: Write) -> None:
    content = {**FREE_SET, "base": {"depth": 1, "rate": 1}}
    study = load_study(write_study(FREE_STUDY, A=content))
    first = study.find_trial("A1").configuration
    assert isinstance(first, FreeConfiguration)
    assert list(first.parameters.items()) == [
        *(("rate", 1.0), ("depth", 4), ("act", "relu"), ("bias", False), ("model.width", 8)),
    ]
    assert (first.settings, first.context, first.epochs) == (first.parameters, 1, None)
    assert study.base == study.find_trial("BASE").configuration
    assert study.find_trial("A2").note == "deeper"
    assert [claim.better for _, claim in study.expectations()] == [("A1",)]
    assert (study.metric.name, study.task, list(study.parameters)) == (
        *("rmse", "regression", ["rate", "depth", "act", "bias", "model.width"]),
    )


def test_a_free_study_survives_the_file(write_study: Write) -> None:
    study = load_study(write_study(FREE_STUDY, A=FREE_SET))
    again = Study.model_validate_json(study.model_dump_json(by_alias=True))
    assert again == study
    assert [t.configuration.key for t in again.trials()] == (
        [t.configuration.key for t in study.trials()]
    )


def test_epochs_and_context_of_these_names_are_known() -> None:
    found = FreeConfiguration(parameters={"epochs": 7, "context": 20})
    assert (found.epochs, found.context) == (7, 20)
    assert FreeConfiguration(parameters={"epochs": 7.5}).epochs is None


STUDY_MISTAKES: list[tuple[tuple[Any, ...], Any, str]] = [
    (("parameters",), {}, r"study\.json: parameters=\{\}, expected at least 1 item"),
    (("parameters", "depth"), 3, r"parameters: depth=3, expected an object"),
    (("parameters", "depth", "low"), 9, r"parameter depth: low=9 is above high=8"),
    (("parameters", "1x"), {"type": "int"}, r"the name \"1x\" is not letters, digits, _, \. and -"),
    (("parameters", "note"), {"type": "str"}, r"parameters: note is what a trial says beside its"),
    (("parameters", "seed"), {"type": "int"}, r"parameters: seed is no parameter: every trial run"),
    (("base", "dept"), 3, r"study\.json: base: unknown parameter \"dept\"; did you mean depth\?"),
    (("base", "depth"), "3", r"study\.json: base: depth=\"3\", expected a value of type int"),
    (("base", "depth"), [3], r"base: depth=\[3\], expected finite number, text, true or false$"),
    (("base", "depth"), ..., r"control BASE: the parameter depth has no value; give it in the tr"),
    (("base",), [], r"base=\[\], expected an object"),
    (("controls", "BASE", "depth"), 2.5, r"control BASE: depth=2\.5, expected a value of type in"),
    (("controls", "BASE", "dept"), 2, r"control BASE: unknown parameter \"dept\"; did you mean d"),
    (("trainer",), "patch_transformer", r"trainer=patch_transformer has hyperparameters of its o"),
    (("task",), "clasification", r"task=\"clasification\", expected 'binary', 'multiclass', 'reg"),
    (("task",), "none", r"study\.json: task \"none\" needs a metric: \{\"name\""),
    (("metric",), {"name": "auc"}, r"metric 'auc' is no metric of task regression; valid: mae"),
    (
        ("metric",),
        {"name": "r2", "direct": 1},
        r"metric: unknown key \"direct\"; did you mean di",
    ),
    (("metric",), {"name": "r2", "direction": "up"}, r"direction=\"up\", expected 'maximize' or"),
    (("rope",), ..., r"rope is missing: say which difference of RMSE is practically nothing"),
    (("label",), {"threshold": 0.02}, r"label: threshold tells two classes apart, and task is reg"),
    (("split",), {"kind": "stratified"}, r"split: kind=stratified keeps the shares of classes, "),
]


@pytest.mark.parametrize(("path", "value", "message"), STUDY_MISTAKES)
def test_a_mistake_in_a_free_study_is_named(
    write_study: Write, path: tuple[Any, ...], value: object, message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        load_study(write_study(changed(FREE_STUDY, path, value), A=FREE_SET))
    assert "\n" not in str(caught.value)
    assert "more)" not in str(caught.value)


SET_MISTAKES: list[tuple[tuple[Any, ...], Any, str]] = [
    (
        ("trials", "A1", "depth"),
        [1, 2],
        r"trial A1: depth=\[1, 2\], expected finite number, text, ",
    ),
    (("trials", "A1", "depth"), {"x": 1}, r"trial A1: depth=\{\"x\": 1\}, expected finite number"),
    (("trials", "A1", "depth"), None, r"trial A1: depth=null, expected finite number, text, true"),
    (("trials", "A1", "depth"), 10**400, r"trial A1: depth=10+\.\.\., expected finite number"),
    (("trials", "A1", "depth"), True, r"A\.json: set A, trial A1: depth=true, expected a value of"),
    (("trials", "A1", "bias"), 0, r"trial A1: bias=0, expected a value of type bool"),
    (("trials", "A1", "act"), 3, r"trial A1: act=3, expected one of \"relu\" or \"gelu\""),
    (("trials", "A1", "dropout"), 0.1, r"unknown parameter \"dropout\"; valid: act, bias, depth"),
    (("trials", "A1", "Depth"), 1, r"trial A1: unknown parameter \"Depth\"; did you mean depth\?"),
    (("trials", "A1", "options"), {"depth": 1}, r"trial A1: options=\{\"depth\": 1\}, expected f"),
    (("trials", "A1", "note"), 3, r"trial A1: note=3, expected string"),
    (("trials", "A1"), 3, r"trials: A1=3, expected an object"),
    (("base",), {"dept": 3}, r"A\.json: set A: base: unknown parameter \"dept\"; did you mean de"),
    (("expectations",), [], r"set A: expectations and claims are two names of one key"),
    (("claims", 0, "than"), ["A9"], r"A\.json: set A, claim 1: there is no trial 'A9'; did you "),
    (("claims", 0, "metric"), "mae", r"claim 1: a claim about mae needs `by` above 0"),
    (("claims", 0, "beter"), ["A1"], r"set A: claim 1: unknown key \"beter\"; did you mean better"),
    (("claims",), [{"rises_with": "depht"}], r"claim 1: there is no hyperparameter 'depht'; did "),
    (("claims",), [{"rises_with": "act"}], r"claim 1: act of A1 is no number, so nothing rises"),
]


@pytest.mark.parametrize(("path", "value", "message"), SET_MISTAKES)
def test_a_mistake_in_a_free_set_is_named(
    write_study: Write, path: tuple[Any, ...], value: object, message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        load_study(write_study(FREE_STUDY, A=changed(FREE_SET, path, value)))
    assert "\n" not in str(caught.value)
    assert "more)" not in str(caught.value)


def test_an_option_that_is_no_plain_value_has_one_sentence(write_study: Write) -> None:
    content = changed(STUDY, ("base", "options"), {"x": [1]})
    with pytest.raises(InputError, match=r"base, options: x=\[1\], expected finite number.*false$"):
        load_study(write_study(content))


def test_a_trend_along_a_declared_parameter_is_bound() -> None:
    study = make_free_study({"A1": {"depth": 4}, "A2": {"depth": 5}}, {"rises_with": "depth"})
    assert [claim.hyperparameter for _, claim in study.expectations()] == ["depth"]
    assert lint_study(study) == ()


def test_an_option_overrides_a_declared_parameter_alone() -> None:
    study = make_free_study({"A1": {"depth": 4}, "A2": {"depth": 5}})
    changed = override_study(study, {"rate": 1})
    assert {trial.configuration.settings["rate"] for trial in changed.trials()} == {1.0}
    with pytest.raises(InputError, match=r"^--epochs: study own declares no parameter of this nam"):
        override_study(study, {"epochs": 2})
    with pytest.raises(InputError, match=r"depth=2\.5, expected a value of type int"):
        override_study(study, {"depth": 2.5})


AGREEMENTS: list[tuple[dict[str, Any], str | None]] = [
    ({"label": {"target": "return"}}, r"label: target=return is a number, and task is binary"),
    ({"label": {"target": "return"}, "task": "multiclass"}, r"and task is multiclass; expected re"),
    ({"label": {"direction": "up"}, "task": "multiclass"}, r"tells two classes apart, .* column$"),
    (
        {"label": {"threshold": 0.1}, "split": {"kind": "random"}},
        r"threshold looks at the rows tha",
    ),
    ({"label": {"column": "y"}, "split": {"kind": "random"}}, None),
    ({"split": {"kind": "random"}}, None),
    ({"split": {"kind": "stratified"}, "task": "multiclass"}, None),
    ({"label": {"column": "y"}, "task": "multiclass"}, None),
]


@pytest.mark.parametrize(("said", "message"), AGREEMENTS)
def test_task_label_and_rows_go_together(
    write_study: Write, said: dict[str, Any], message: str | None
) -> None:
    content = changed(STUDY, ("base", "min_delta"), 0.001)
    folder = write_study({**content, **said})
    if message is None:
        assert load_study(folder).task == said.get("task", "binary")
        return
    with pytest.raises(InputError, match=message):
        load_study(folder)


REGRESSION = {**STUDY, "task": "regression"}


def test_the_networks_least_gain_has_to_be_declared_where_it_is_none_of_auc(
    write_study: Write,
) -> None:
    with pytest.raises(
        InputError,
        match=r"min_delta is missing: say, in the base of study\.json, which gain in RMSE counts",
    ):
        load_study(write_study(REGRESSION))
    study = load_study(write_study(changed(REGRESSION, ("base", "min_delta"), 12.5)))
    assert {t.configuration.settings["min_delta"] for t in study.trials()} == {12.5}
    assert load_study(write_study(FREE_STUDY, A=FREE_SET)).task == "regression"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({}, r"min_delta=1, expected a gain in AUC less than 1"),
        ({"metric": {"name": "accuracy"}}, r"min_delta=1, expected a gain in accuracy less than 1"),
        ({"metric": {"name": "log_loss"}}, None),
    ],
)
def test_a_least_gain_that_no_share_can_reach_is_refused(
    write_study: Write, said: dict[str, Any], message: str | None
) -> None:
    folder = write_study(changed({**STUDY, **said}, ("base", "min_delta"), 1))
    if message is None:
        assert load_study(folder).metric.name == "log_loss"
        return
    with pytest.raises(InputError, match=message):
        load_study(folder)


def test_a_rope_in_the_wrong_unit_is_refused(write_study: Write) -> None:
    with pytest.raises(InputError, match=r"rope=5, expected a difference of AUC less than 0\.5"):
        load_study(write_study({**STUDY, "rope": 5}))
    assert load_study(write_study({**FREE_STUDY, "rope": 5}, A=FREE_SET)).rope == 5
    assert json.loads(load_study(write_study(STUDY)).model_dump_json())["rope"] == 0.01
