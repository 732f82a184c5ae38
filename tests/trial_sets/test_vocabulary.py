"""Hyperparameters, notes, groups and templates are told apart by their words."""

import pytest

from trial_sets.aliases import SEEDS
from trial_sets.vocabulary import find_field, find_kind, is_group, is_hyperparameter, is_template


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
    assert (find_field(name), is_hyperparameter(name)) == (field, hyperparameter)


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
    assert is_group(name) is group


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
    assert find_kind(group, name) == kind
