"""The page on searches can be followed word for word."""

from pathlib import Path

import pytest

from tests.pages import follow, list_sections

SECTIONS = list_sections("search.md")
SLOW = {"The built-in LSTM"}


@pytest.mark.parametrize(
    "section",
    [
        pytest.param(
            name, marks=[pytest.mark.slow, pytest.mark.timeout(900)] if name in SLOW else []
        )
        for name in SECTIONS
    ],
)
def test_the_page_can_be_followed_word_for_word(
    section: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")
    assert set(SECTIONS) >= SLOW
    assert any(command.startswith("run_search") for command in follow(SECTIONS[section]))
