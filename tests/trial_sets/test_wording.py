import pytest

from trial_sets.wording import join_words


@pytest.mark.parametrize(
    ("words", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_words_join_as_in_a_sentence(words: list[str], text: str) -> None:
    assert join_words(words) == text
    assert join_words(tuple(words), most=3) == text


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("ABCDEFGHIJKL", "A, B, C, D, E, F, G, H, I, J, K and L"),
        ("ABCDEFGHIJKLM", "A, B, C, D, E, F, G, H, I, J, K and 2 more"),
    ],
)
def test_a_long_list_ends_with_a_count(words: str, text: str) -> None:
    assert join_words(words, most=12) == text
