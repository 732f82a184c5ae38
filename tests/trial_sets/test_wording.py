import pytest

from trial_sets.wording import join_words, tame_text


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


@pytest.mark.parametrize(
    ("text", "tamed"),
    [
        ("red \x1b[31mink", "red ?[31mink"),
        ("\x1b]0;title\x07", "?]0;title?"),
        ("C1 \x9b31m and \x85", "C1 ?31m and ?"),
        ("\u202etxt.exe \u2066a\u2069\u200f", "?txt.exe ?a??"),
        ("one\ntwo\r\nthree\tfour\u2028five", "one two  three four five"),
        ("surrogate \udce9", "surrogate ?"),
        ("\ufeffbom\u00adhyphen\x7f\x00", "?bom?hyphen??"),
    ],
)
def test_what_would_act_on_a_screen_does_not(text: str, tamed: str) -> None:
    assert tame_text(text) == tamed


@pytest.mark.parametrize(
    "text",
    ["plain", "\u6f22\u5b57 \u304b\u306a", "\u00e9 e\u0301 \u00df", "\u0645\u06cc\u200c\u062e",
     "\U0001f469\u200d\U0001f467 \u2764\ufe0f \U0001f1e9\U0001f1ea",
     "\u0430\u0301 \u03b1 \u0e01\u0e34"],
)  # fmt: skip
def test_letters_of_every_script_and_emoji_stay(text: str) -> None:
    assert tame_text(text) == text
