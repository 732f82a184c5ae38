"""The nearest valid word is suggested."""

import pytest

from trial_sets.configuration import Configuration
from trial_sets.errors import suggest


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("droput", "dropout"),
        ("Dropout", "dropout"),
        ("layers", "n_layers"),
        ("heads", "n_heads"),
        ("lr", "learning_rate"),
        ("WD", "weight_decay"),
        ("bs", "batch_size"),
        ("learning-rate", "learning_rate"),
    ],
)
def test_slips_and_initials_are_answered_with_the_hyperparameter(word: str, nearest: str) -> None:
    assert suggest(word, Configuration.model_fields) == f"; did you mean {nearest}?"


@pytest.mark.parametrize(
    ("word", "choices", "ending"),
    [
        ("q", ["T5", "T15"], "; valid: T15, T5"),
        ("q", [], "; there are none"),
        ("", ["A"], "; valid: A"),
    ],
)
def test_without_a_near_word_all_are_listed(word: str, choices: list[str], ending: str) -> None:
    assert suggest(word, choices) == ending
