"""The nearest valid word is suggested."""

import pytest

from models.errors import DataError
from runner.errors import INPUT_ERRORS, RunError
from trial_sets.configuration import Configuration
from trial_sets.errors import InputError, suggest


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
        ("batch", "batch_size"),
        ("hidden_size", "d_model"),
        ("seq_len", "context"),
        ("depth", "n_layers"),
        ("numHeads", "n_heads"),
        ("early_stopping_patience", "patience"),
    ],
)
def test_slips_and_other_words_are_answered_with_the_hyperparameter(
    word: str, nearest: str
) -> None:
    assert suggest(word, Configuration.model_fields) == f"; did you mean {nearest}?"


@pytest.mark.parametrize("word", ["seed", "random_state"])
def test_a_seed_among_hyperparameters_is_answered_with_the_option(word: str) -> None:
    ending = suggest(word, Configuration.model_fields)
    assert ending == "; seeds are given to the command, for every trial the same: --seeds"
    assert suggest("seed", ["seeds", "base"]) == "; did you mean seeds?"


@pytest.mark.parametrize(
    ("word", "choices", "ending"),
    [
        ("q", ["T5", "T15"], "; valid: T15, T5"),
        ("q", [], "; there are none"),
        ("device", ["revin", "patch"], "; valid: patch, revin"),
        ("", ["A"], "; valid: A"),
    ],
)
def test_without_a_near_word_all_are_listed(word: str, choices: list[str], ending: str) -> None:
    assert suggest(word, choices) == ending


@pytest.mark.parametrize("kind", [InputError, DataError, RunError])
def test_what_a_person_can_mend_is_no_librarys_value_error(kind: type[Exception]) -> None:
    assert not issubclass(kind, ValueError)


def test_the_errors_are_one_tree_beside_the_data_s() -> None:
    assert issubclass(RunError, InputError)
    assert set(INPUT_ERRORS) == {InputError, DataError}
