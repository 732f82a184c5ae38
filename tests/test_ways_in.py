"""The pages for newcomers can be followed word for word, to a report with verdicts."""

from pathlib import Path

import pytest

from tests.pages import Command, check_shown, follow, list_sections

PAGES = ("table.md", "function.md", "script.md", "results.md")
SECTIONS = {
    f"{page}: {heading}": text for page in PAGES for heading, text in list_sections(page).items()
}
SLOW = {"table.md: Rows with dates"}


@pytest.mark.parametrize(
    "section",
    [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in SECTIONS],
)
def test_a_page_can_be_followed_word_for_word(
    section: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")
    assert set(SECTIONS) >= SLOW
    commands = follow(SECTIONS[section])
    assert any(command.startswith("analyze") for command in commands)


def test_what_a_page_shows_is_held_against_what_is_printed() -> None:
    check_shown(Command("analyze", "A1 beats BASE ... confirmed"), "A1 beats  BASE\n yes confirmed")
    for shown in ("A2 beats BASE", "confirmed ... A1", "A1\nA1"):
        with pytest.raises(AssertionError, match="is not in"):
            check_shown(Command("analyze", shown), "A1 beats BASE yes confirmed")
