"""The report waits until every fit is there; what a search has found is reported anyway."""

import json

import pytest

from scripts.submitting import report_job
from scripts.submitting.report_job import count_unfinished, report_on
from tests.stand_ins import StandIns

RUN = {"folder": "outputs/tiny/run", "counts": {"done": 3, "failed": 1}}
SEARCH = {"folder": "outputs/tiny/run/_search-first", "search": "first", "counts": {"running": 2}}


def test_a_run_is_whole_when_nothing_is_to_be_run() -> None:
    assert count_unfinished(RUN) == 0
    counts = {"done": 3, "missing": 2, "interrupted": 1, "running": 1, "failed": 1}
    assert count_unfinished({**RUN, "counts": counts}) == 4
    assert count_unfinished(SEARCH) == 0


@pytest.mark.parametrize(
    ("standing", "code", "said"),
    [
        (RUN, 5, "analyze outputs/tiny/run\n"),
        (SEARCH, 5, "analyze outputs/tiny/run/_search-first\n"),
        ({**RUN, "counts": {"done": 3, "missing": 2}}, 1, ""),
    ],
)
def test_fits_that_are_missing_are_named_in_place_of_a_report(
    programs: StandIns,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    standing: dict[str, object],
    code: int,
    said: str,
) -> None:
    programs.make("runner", f"echo \"$@\" > words; echo '{json.dumps(standing)}'")
    programs.make("analyze", 'echo "analyze $@"; exit 5')
    monkeypatch.setattr(report_job, "call_module", lambda *_: ["analyze"])
    assert report_on(["runner", "--set", "A"]) == code
    out, err = capfd.readouterr()
    assert out == said
    assert ("2 of 5 fits are not there" in err) == (code == 1)
    assert programs.read("words") == "--set A --status --json\n"


def test_a_command_that_does_not_say_how_things_stand_ends_the_job(programs: StandIns) -> None:
    programs.make("runner", "exit 2")
    assert report_on(["runner"]) == 2
