"""Groups within a configuration are told from trials by what they are called and hold."""

from typing import Any

import pytest

from trial_sets.loading.groups import flatten, hold_groups, is_single, look_like_groups


@pytest.mark.parametrize(
    ("content", "single"),
    [
        ({"lr": 1}, True),
        ({"model": {"d_model": 8}, "optim": {"lr": 1}}, True),
        ({"Model_Config": {"d_model": 8}, "training_args": {"lr": 1}}, True),
        ({"lr": 1, "mixer": {"d_model": 8}}, True),
        ({"note": "x", "params": {"lr": 1}}, True),
        ({"options": {"x": 1}}, True),
        ({"dropout": {"x": 1}}, True),
        ({"A1": {"lr": 1}}, False),
        ({"depth": {"n_layers": 8}, "width": {"d_model": 8}}, False),
        ({"baseline": {"lr": 1}, "deeper": {}}, False),
        ({"name": "x"}, False),
        ({}, False),
    ],
)
def test_one_configuration_is_told_from_trials(content: dict[str, Any], single: bool) -> None:
    assert is_single(content) is single


SHAPE, TRAINING = {"d_model": 8, "heads": 2}, {"lr": 1, "wd": 0.1}


@pytest.mark.parametrize(
    ("content", "doubtful"),
    [
        ({"mixer": SHAPE, "sgd": TRAINING}, True),
        ({"mixer": {**SHAPE, "dropout": 0.1}, "sgd": TRAINING}, True),
        ({"m1": SHAPE, "s2": TRAINING}, False),
        ({"mixer": {**SHAPE, "lr": 1}, "sgd": TRAINING}, False),
        ({"wide": {"d_model": 8}, "fast": TRAINING}, False),
        ({"wide": SHAPE, "deep": {"n_layers": 8, "patch": 4}}, False),
        ({"mixer": SHAPE, "sgd": TRAINING, "x": 1}, False),
        ({"mixer": SHAPE}, False),
        ({"mixer": {}, "sgd": {}}, False),
    ],
)
def test_shape_here_and_training_there_may_be_groups(
    content: dict[str, Any], doubtful: bool
) -> None:
    assert look_like_groups(content) is doubtful


@pytest.mark.parametrize(
    ("name", "content", "doubtful"),
    [
        ("A1", {"mixer": {"d_model": 8}, "sgd": {"lr": 1}}, True),
        ("A1", {"mixer": {"d_model": 8}}, True),
        ("first", {"mixer": {"d_model": 8}, "sgd": {"lr": 1}}, True),
        ("first", {"baseline": {"d_model": 8}}, False),
        ("A50", {"A1": {"d_model": 8}, "A2": {"lr": 1}}, False),
        ("A50", {"wide": {"d_model": 8}, "wider": {"d_model": 16}}, False),
        ("A1", {}, False),
    ],
)
def test_what_shares_nothing_within_a_name_may_be_groups(
    name: str, content: dict[str, Any], doubtful: bool
) -> None:
    assert hold_groups(name, content) is doubtful


def test_hyperparameters_are_taken_out_of_their_groups() -> None:
    entry = {
        "lr": 1,
        "model": {"d_model": 8, "encoder": {"depth": 2}},
        "optim.wd": 0.1,
        "train/epochs": 5,
        "clf__bs": 3,
        "options": {"x": {"y": 1}},
        "data.path": "x",
        "empty": {},
    }
    assert list(flatten(entry)) == [
        (("lr",), 1),
        (("model", "d_model"), 8),
        (("model", "encoder", "depth"), 2),
        (("optim", "wd"), 0.1),
        (("train", "epochs"), 5),
        (("clf", "bs"), 3),
        (("options",), {"x": {"y": 1}}),
        (("data.path",), "x"),
    ]
