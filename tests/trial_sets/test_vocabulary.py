"""Hyperparameters, notes, groups and templates are told apart by their words."""

import pytest

from trial_sets.aliases import SEEDS
from trial_sets.vocabulary import NETWORK, DeclaredVocabulary, is_template


@pytest.mark.parametrize(
    ("name", "field", "hyperparameter"),
    [
        *(
            ("lr", "learning_rate", True),
            ("d_model", "d_model", True),
            ("options", "options", True),
        ),
        *(("note", "note", False), ("comment", "note", False), ("budget", "budget", False)),
        *(("seed", SEEDS, False), ("device", None, False), ("", None, False)),
    ],
)
def test_a_key_means_a_field(name: str, field: str | None, hyperparameter: bool) -> None:
    assert (NETWORK.find_field(name), NETWORK.is_hyperparameter(name)) == (field, hyperparameter)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        *(("model", True), ("Model_Config", True), ("optimizer_kwargs", True), ("hparams", True)),
        *(
            ("train-args", True),
            ("A1", False),
            ("model1", False),
            ("mixer", False),
            ("depth", False),
        ),
    ],
)
def test_a_group_is_known_by_its_name(name: str, group: bool) -> None:
    assert NETWORK.is_group(name) is group


@pytest.mark.parametrize(
    ("name", "template"),
    [
        *(("base", True), ("Base_Config", True), (".x", True), ("_x", True), ("x-y", True)),
        *(("baseline", False), ("A1", False), ("", False)),
    ],
)
def test_a_template_is_known_by_its_name(name: str, template: bool) -> None:
    assert is_template(name) is template


@pytest.mark.parametrize(
    ("group", "name", "kind"),
    [
        *(("optimizer", "type", "optimizer"), ("lr_scheduler", "name", "schedule")),
        *(("model", "name", None), ("optimizer", "momentum", None)),
    ],
)
def test_what_an_optimizer_is_called_is_its_kind(group: str, name: str, kind: str | None) -> None:
    assert NETWORK.find_kind(group, name) == kind


OWN = DeclaredVocabulary(("rate", "model.width", "max-depth", "act", "trial", "desc"))


@pytest.mark.parametrize(
    ("name", "field", "hyperparameter"),
    [
        *(("rate", "rate", True), ("Rate", "rate", True), ("MaxDepth", "max-depth", True)),
        *(("max_depth", "max-depth", True), ("model.width", "model.width", True)),
        *(("desc", "desc", True), ("note", "note", False), ("notes", "note", False)),
        *(("budget", "budget", False), ("seed", SEEDS, False), ("lr", None, False)),
        *(("dropout", None, False), ("d_model", None, False), ("options", None, False)),
    ],
)
def test_a_key_means_a_declared_parameter(
    name: str, field: str | None, hyperparameter: bool
) -> None:
    assert (OWN.find_field(name), OWN.is_hyperparameter(name)) == (field, hyperparameter)


def test_a_spelling_of_two_parameters_means_neither() -> None:
    both = DeclaredVocabulary(("lr", "LR"))
    assert (both.find_field("lr"), both.find_field("LR"), both.find_field("Lr")) == (
        *("lr", "LR", None),
    )


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("optim.rate", ["optim", "rate"]),
        ("optim/rate", ["optim", "rate"]),
        ("optim__rate", ["optim", "rate"]),
        ("model.width", ["model.width"]),
        ("net.model.width", ["net", "model.width"]),
        ("model.lr", ["model.lr"]),
    ],
)
def test_a_key_is_taken_apart_as_far_as_it_is_no_parameters(key: str, parts: list[str]) -> None:
    assert OWN.split(key) == parts


def test_a_parameters_name_may_stand_in_the_groups_of_its_parts() -> None:
    assert OWN.join(("net", "model", "width")) == ("net", "model.width")
    assert OWN.join(("net", "rate")) == ("net", "rate")


def test_a_name_that_a_parameter_has_is_no_trials_and_no_group() -> None:
    assert not OWN.is_identity("trial")
    assert OWN.is_identity("name")
    assert OWN.is_group("options")
    assert not DeclaredVocabulary(("model",)).is_group("model")
    assert OWN.find_kind("act", "type") == "act"
    assert OWN.find_kind("optimizer", "type") is None
