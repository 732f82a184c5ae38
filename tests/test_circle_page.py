"""The worked example can be followed from its search to its last look, word for word."""

import json
from pathlib import Path

import pytest

from tests.pages import DOCS, follow, list_sections

TEXT = (DOCS / "circle.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_circle_can_be_followed_word_for_word() -> None:
    commands = follow(TEXT)
    assert sum(command.startswith("run_supplementary") for command in commands) == 7
    assert any("--evaluate-test" in command for command in commands)


def test_a_short_circle_comes_to_verdicts_on_claims_that_were_fixed_before() -> None:
    """On one validation period, up to the verdicts of the second round."""
    head = TEXT.partition("## The first round")[0].replace('"folds": 3', '"folds": 1')
    sections = list_sections("circle.md")
    wanted = ["The first round: a search", "The proposal", "The second round"]
    follow("\n".join([head, *(sections[name] for name in wanted)]), is_held=False)
    (report,) = Path("outputs/digits-2").glob("*/report.md")
    assert "any of A1 or A2 beats BASE** (fixed since" in report.read_text()
    entered = [json.loads(line) for line in Path("outputs/claims.jsonl").read_text().splitlines()]
    assert sum(line.get("study") == "digits-2" for line in entered) >= 4
