"""The table of forms says what is so."""

from dataclasses import fields
from pathlib import Path

from trial_sets.loading.forms import FORMS
from trial_sets.loading.trial_dict import SUFFIXES


def test_every_row_is_whole_and_stands_once() -> None:
    for form in FORMS:
        texts = [getattr(form, field.name) for field in fields(form)]
        assert all(text.isprintable() and text == text.strip() and text for text in texts)
        assert not any("|" in text for text in texts)  # which would end a cell of a table
    assert len({(form.tool, form.form) for form in FORMS}) == len(FORMS)


def test_the_page_has_every_row() -> None:
    page = (Path(__file__).parents[3] / "docs" / "files.md").read_text(encoding="utf-8")
    for form in FORMS:
        assert f"| {form.tool} | {form.form} | {form.read} | {form.not_read} |" in page


def test_every_ending_that_is_read_is_named() -> None:
    said = " ".join(form.form for form in FORMS)
    assert all(suffix in said for suffix in SUFFIXES)
