"""Other people's words for a trial become those of the patch transformer, and that is said."""

from typing import Any

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.translation import Translator


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        ({"lr": 1, "wd": 2, "batch": 3}, {"learning_rate": 1, "weight_decay": 2, "batch_size": 3}),
        ({"model": {"hidden_size": 8}, "optim.lr": 1}, {"d_model": 8, "learning_rate": 1}),
        ({"optimizer": {"type": "AdamW", "lr": 1}}, {"optimizer": "adamw", "learning_rate": 1}),
        ({"lr_scheduler": {"name": "Cosine"}, "opt": "Adam"},
         {"schedule": "cosine", "optimizer": "adam"}),
        ({"name": "wide", "lr": 1}, {"note": "wide", "learning_rate": 1}),
        ({"desc": "x"}, {"note": "x"}),
        ({"options": {"lr": 1}, "budget": "2M"}, {"options": {"lr": 1}, "budget": "2M"}),
        ({"droput": 1, "model": {"name": "lstm"}}, {"droput": 1, "model.name": "lstm"}),
        ({"optimizer": 3}, {"optimizer": 3}),
        ({}, {}),
    ],
)  # fmt: skip
def test_words_are_translated(entry: dict[str, Any], fields: dict[str, Any]) -> None:
    assert Translator().translate(entry, "own.py") == fields


def test_all_trials_together_have_one_notice_of_names_and_one_of_groups() -> None:
    words = Translator()
    assert words.notices() == ()
    words.translate({"dropout": 0.1, "note": "x", "notes_": "y"}, "own.py")
    assert words.notices() == ()
    words.translate({"lr": 1, "train": {"bs": 2}}, "own.py")
    words.translate({"lr": 2, "train": {"bs": 3}, "description": "x"}, "own.py")
    assert words.notices() == (
        "groups were flattened: train",
        "names were read as the patch transformer's: lr as learning_rate and bs as batch_size",
    )


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"lr": 1, "learning_rate": 1}, r"own\.py: lr and learning_rate both give learning_rate"),
        ({"a": {"lr": 1}, "b": {"lr": 1}}, r'"a\.lr" and "b\.lr" both give learning_rate'),
        ({"a": {"x": 1}, "a.x": 1}, r'"a\.x" and "a\.x" both give "a\.x"'),
        ({"note": "x", "notes": "y"}, r"note and notes both give note"),
        ({"seed": 1}, r"own\.py: seed is no part of a configuration: .* as many as --seeds says$"),
        ({"train": {"random_state": 1}}, r'"train\.random_state" is no part of a configuration'),
    ],
)
def test_what_is_said_twice_or_a_seed_is_refused(entry: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Translator().translate(entry, "own.py")
