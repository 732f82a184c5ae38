"""How numbers and long lists are printed."""

from scripts.text import align


def test_columns_are_as_wide_as_their_widest_cell_and_no_line_ends_in_spaces() -> None:
    rows = [("fit", "why"), ("A1", ""), ("日本", "a line\nand another")]
    assert align(rows).splitlines() == [
        "fit   why",
        "────  ──────────────────",
        "A1",
        "日本  a line and another",
    ]
