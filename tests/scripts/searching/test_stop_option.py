"""The rules by which a search ends early, as a person says them."""

import pytest
from click.testing import CliRunner

from scripts.run_search import main
from scripts.searching.stop_option import show_stop
from trial_sets.records.search_info import StopRule


def read(*words: str) -> tuple[StopRule, ...]:
    arguments = [part for word in words for part in ("--stop", word)]
    stops = main.make_context("run_search", arguments).params["stops"]
    assert isinstance(stops, tuple)
    return stops


def test_a_rule_alone_has_the_usual_limit() -> None:
    said = [(stop.kind, stop.limit) for stop in read("gain", "same-best", "no-better")]
    assert said == [("gain", 0.001), ("same-best", 20), ("no-better", 30)]


@pytest.mark.parametrize("text", ["gain=0.05", "same-best=3", "no-better=100", "gain=1e-05"])
def test_a_rule_is_shown_as_it_is_read(text: str) -> None:
    (stop,) = read(text)
    assert show_stop(stop) == text


@pytest.mark.parametrize(
    "text", ["", "gian", "gain=", "gain=0", "gain=1", "gain=nan", "gain=x", "same-best=0",
             "same-best=2.5", "no-better=inf", "no-better=-1", "no-better=1e9"],
)  # fmt: skip
def test_another_rule_is_refused(text: str) -> None:
    told = CliRunner().invoke(main, ["--stop", text])
    assert told.exit_code == 2
    assert "expected" in told.stderr


def test_a_kind_stands_once() -> None:
    told = CliRunner().invoke(main, ["--stop", "gain", "--stop", "gain=0.1"])
    assert (told.exit_code, "gain stands twice" in told.stderr) == (2, True)
