"""What a page on several rounds says of each before any verdict."""

from dataclasses import replace
from pathlib import Path

from analysis.report.sections.rounds.overview import render_rounds
from analysis.rounds.review import review_rounds
from analysis.rounds.round import Round
from tests.analysis.rounds.written import read_round, write_rounds


def shorten(one: Round) -> Round:
    """Return a round as one that was run with two epochs."""
    assert one.run is not None
    info = one.run.info.model_copy(update={"overrides": {"epochs": 2}})
    return replace(one, run=replace(one.run, info=info))


def test_a_round_that_was_not_run_as_its_study_says_is_said_to_be_that(tmp_path: Path) -> None:
    one, other = map(read_round, write_rounds(tmp_path / "outputs"), (1, 2))
    page = render_rounds(review_rounds([one, shorten(other)], enter=False))
    assert "Round 2 ran with epochs 2 in place of what its trials say, and its claims" in page
    assert "Round 1 ran with" not in page
