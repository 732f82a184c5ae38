"""The table of the files that are read: the page and the command say the same."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from scripts.analyze import main
from scripts.formats import GROUPS, render_tables

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "formats.md"


def test_the_page_holds_the_tables_and_nothing_else_below_its_introduction() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text[text.index("## ") :] == "\n".join(render_tables()).rstrip() + "\n"


def test_the_command_prints_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    result = CliRunner().invoke(main, ["--formats", "no-such-file.csv"])
    assert (result.exit_code, result.stderr) == (0, "")
    printed = " ".join(result.stdout.split())
    for _, forms in GROUPS:
        for form in forms:
            for text in (form.form, form.read):
                assert " ".join(text.replace("`", "").split()[:3]) in printed


def test_every_row_says_what_is_read_and_what_is_not() -> None:
    rows = [form for _, forms in GROUPS for form in forms]
    assert len({(form.tool, form.form) for form in rows}) == len(rows)
    assert all(form.tool and form.form and form.read and form.not_read for form in rows)
