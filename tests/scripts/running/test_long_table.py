"""A long table is cut for a person, who is told so."""

from io import StringIO

from rich.console import Console

from scripts.running.long_table import MOST_ROWS, keep_best, keep_first, tell_rest


def test_a_table_that_can_be_read_is_whole_and_nothing_is_said() -> None:
    rows, screen = list(range(MOST_ROWS)), Console(file=StringIO())
    assert keep_first(rows) == keep_best(rows, float) == rows
    tell_rest(len(rows), screen)
    assert screen.file.getvalue() == ""  # type: ignore[attr-defined]


def test_of_a_longer_one_the_first_or_the_best_are_shown_in_their_order() -> None:
    rows = list(range(MOST_ROWS + 2))
    assert keep_first(rows) == rows[:-2]
    assert keep_best(rows, lambda row: -abs(row - 1)) == rows[:-2]
    assert keep_best(rows, float) == rows[2:]


def test_where_the_rest_is_is_said() -> None:
    screen = Console(file=StringIO(), width=100)
    tell_rest(20_001, screen, "best")
    said = screen.file.getvalue()  # type: ignore[attr-defined]
    assert said == "The best 1,000 of 20,001 rows; --json prints them all.\n"
