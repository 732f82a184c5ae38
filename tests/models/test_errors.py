import pytest

from models.errors import listed, nearest, place


def test_the_nearest_choice_is_found_without_regard_to_case() -> None:
    assert nearest("CLOSED", ["open", "close", "High"]) == " (nearest: 'close')"
    assert nearest("high", ["open", "High"]) == " (nearest: 'High')"


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    assert nearest("temperature", ["open", "close"]) == ""


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({}, "prices.csv"),
        ({"row": 0}, "prices.csv, row 1"),
        ({"row": 16, "date": "2001-02-03"}, "prices.csv, row 17 (2001-02-03)"),
        ({"row": 0, "column": "High"}, "prices.csv, row 1, column High"),
    ],
)
def test_a_place_counts_rows_from_one(known: dict[str, object], sentence: str) -> None:
    assert place("prices.csv", **known) == sentence  # type: ignore[arg-type]


def test_a_long_list_is_cut() -> None:
    assert listed("abc", most=2) == "'a', 'b' and 1 more"
    assert listed("ab", most=2) == "'a', 'b'"
