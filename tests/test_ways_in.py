"""The pages for newcomers can be followed word for word, to a report with verdicts."""

from pathlib import Path

import pytest

from tests.pages import follow, list_sections

PAGES = ("table.md", "function.md", "script.md", "results.md")
SECTIONS = {
    f"{page}: {heading}": text for page in PAGES for heading, text in list_sections(page).items()
}


@pytest.mark.parametrize("section", SECTIONS)
def test_a_page_can_be_followed_word_for_word(
    section: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")
    commands = follow(SECTIONS[section])
    assert commands[-1].startswith("analyze")
