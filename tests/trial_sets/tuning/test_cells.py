import pytest

from trial_sets.tuning.cells import escape_words, write_code, write_number, write_option


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-4, "1e-4"), (5e-3, "5e-3"), (0.4, "0.4"), (0.0, "0"), (256, "256"), (0, "0"),
        (1.5e-5, "1.5e-5"), (0.30000000000000004, "0.3"), (10**9, "1e9"), (-0.001, "-1e-3"),
        (1_000_000, "1000000"), (3.0, "3"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_in_proposals(value: float, text: str) -> None:
    assert write_number(value) == write_option(value) == text


def test_words_format_nothing_in_a_cell() -> None:
    assert escape_words("a|b *c* `d`\n<e>") == "a\\|b \\*c\\* \\`d\\` \\<e>"
    assert write_option(True) == "true"
    assert write_option("x|y") == "x\\|y"
    assert write_code("a`b|c") == "`a'b c`"
