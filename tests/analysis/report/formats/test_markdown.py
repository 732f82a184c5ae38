import pytest

from analysis.report.formats.markdown import bold, escape_text, pipe_table


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("weight_decay", "weight_decay"),
        ("a|b", r"a\|b"),
        ("`code`", r"\`code\`"),
        ("two\nlines\t and  more", "two lines and more"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a & b", "a &amp; b"),
        ("[link](x)", r"\[link\](x)"),
        ("**bold** _it_", r"\*\*bold\*\* \_it\_"),
        ("$x$ ~y~", r"\$x\$ \~y\~"),
        ("back\\slash", r"back\\slash"),
        ("at www.a.com", "at www\u2060.a.com"),
        ("HTTPS://a.com", "HTTPS\u2060://a.com"),
        ("mailto:a@b.c", "mailto\u2060:a\u2060@b.c"),
        ("x@y xmpp:u", "x\u2060@y xmpp\u2060:u"),
        ("lr: 0.1 @ 5", "lr: 0.1 @ 5"),
        ("bell\x07 and \u202eturned", "bell? and ?turned"),
    ],
)
def test_names_cannot_act(name: str, escaped: str) -> None:
    assert escape_text(name) == escaped


def test_long_names_are_cut_unless_told() -> None:
    assert len(escape_text("x" * 1000)) == 80
    assert len(escape_text("x" * 1000, longest=None)) == 1000


def test_a_table_is_aligned_and_takes_cells_as_they_are() -> None:
    assert pipe_table(["name", "n"], [["a", "1"], [bold("b"), "10"]]).splitlines() == [
        "| name   |   n |",
        "|:-------|----:|",
        "| a      |   1 |",
        "| **b**  |  10 |",
    ]


def test_an_empty_table_keeps_its_head() -> None:
    assert pipe_table(["a", "b"], []).splitlines() == ["| a   | b   |", "|-----|-----|"]
