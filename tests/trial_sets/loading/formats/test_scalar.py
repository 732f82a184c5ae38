"""A plain word means what YAML 1.2 says, and never what only YAML 1.1 made of it."""

import pytest

from trial_sets.loading.formats.scalar import read_scalar


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("1e-4", 1e-4), ("1E5", 1e5), ("5e-05", 5e-5), ("+1.5e+3", 1500.0), ("1e0", 1.0)),
        *(("0.3", 0.3), (".5", 0.5), ("5.", 5.0), ("-0.0", -0.0), ("-.5", -0.5)),
        *(("0", 0), ("128", 128), ("-3", -3), ("+3", 3), ("1" * 100, int("1" * 100))),
        *(("true", True), ("False", False), ("null", None), ("~", None), ("", None)),
    ],
)
def test_numbers_booleans_and_null_are_read(text: str, value: object) -> None:
    found = read_scalar(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    ["no", "yes", "on", "off", "N", "010", "00.5", "1_000", "0x10", "0o7", "1:30", "2020-01-01",
     ".inf", "-.INF", ".nan", "1e400", "1" * 101, "e5", ".", "-", "1e", "1e-", "1.2.3", "١", "adam",
     "tRue", "nuLL", "1 ", "NaN", "Infinity"],
)  # fmt: skip
def test_everything_else_is_the_text_that_it_is(text: str) -> None:
    assert read_scalar(text) == text
