"""Words that say the opposite of a claim are found, and nothing else."""

from typing import Any

import pytest

from trial_sets.claim import Claim
from trial_sets.claims.words import contradicts

A2_BEATS_A1: dict[str, Any] = {"better": ("A2",), "than": ("A1", "K")}


@pytest.mark.parametrize(
    ("words", "is_opposite"),
    [
        ("A1 beats A2", True),
        ("a1 outperforms a2", True),
        ("K and A1 beat A2", True),
        ("A2 is worse than A1", True),
        ("A2 loses to K", True),
        ("A2 beats A1", False),
        ("A1 is worse than A2", False),
        ("A1 does not beat A2", False),
        ("More dropout beats less", False),
        ("The current best beats A2", False),
        ("A22 is beaten by none", False),
        ("A2 beats A1, which beats A2 without revin", False),
    ],
)
def test_the_sides_of_a_verb_are_read(words: str, is_opposite: bool) -> None:
    assert contradicts(Claim.model_validate({"if": words, **A2_BEATS_A1})) is is_opposite


@pytest.mark.parametrize(
    ("form", "words", "is_opposite"),
    [
        ("rises_with", "AUC falls with dropout", True),
        ("rises_with", "AUC decreases", True),
        ("falls_with", "AUC increases with dropout", True),
        ("rises_with", "AUC rises with dropout", False),
        ("rises_with", "it rises, then falls", False),
        ("falls_with", "AUC falls", False),
        ("falls_with", "the more the worse", False),
    ],
)
def test_a_trend_is_not_turned_round(form: str, words: str, is_opposite: bool) -> None:
    assert contradicts(Claim.model_validate({"if": words, form: "dropout"})) is is_opposite
