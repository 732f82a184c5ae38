"""What is said of a search, from trials made by hand."""

from pathlib import Path

from runner.search.outcome import SearchOutcome
from runner.search.trials import SearchTrial
from runner.storage.outputs import RunFolder
from runner.summaries.search_summary import (
    SearchStanding,
    SearchSummary,
    list_best_values,
    summarize_search,
)
from tests.runner.conftest import fit, record
from trial_sets.loading.study_folder import load_study
from trial_sets.records.search_info import SearchInfo, SearchStop, name_trial
from trial_sets.space import Dimension, SearchSpace

SPACE = SearchSpace(dimensions={"dropout": Dimension(type="float", low=0, high=1)})
INFO = SearchInfo(name="s", run="run", sampler="random", seed=4, fit_seed=3, space=SPACE)
STOP = SearchStop(rule="hours=2", n_ended=6, at="2026-01-28T12:00:00+00:00", sentence="2 hours")


def trial(number: int, dropout: float, state: str = "complete", **said: object) -> SearchTrial:
    made = {"number": number, "values": {"dropout": dropout}, "state": state}
    return SearchTrial(**{**made, "fit": name_trial(number), **said})  # type: ignore[arg-type]


TRIALS = (
    trial(0, 0.1, score=0.99, foreign="mine.db"),
    trial(1, 0.2, score=0.6, is_default=True),
    trial(2, 0.3, score=0.8),
    trial(3, 0.4, "pruned", score=0.9),
    trial(4, 0.5, "failed", failure="error: x"),
    trial(5, 0.3, score=0.8, fit=name_trial(2)),
    trial(6, 0.6, "infeasible", infeasible="d_model is odd"),
    trial(7, 0.7, score=0.7),
    trial(8, 0.8, "running"),
)


def summarize(folder: Path) -> SearchSummary:
    outcome = SearchOutcome(TRIALS, 1, STOP)
    place = RunFolder(folder / "run").of_search("s")
    for number in (1, 2, 7):
        one = fit(name_trial(number), dropout=TRIALS[number].values["dropout"])
        place.write_record(record(one, TRIALS[number].score or 0.0), None)
    return summarize_search(SearchStanding(load_study(folder), INFO, place, outcome, 20))


def test_every_trial_has_a_line_with_what_became_of_it(tiny_study: Path) -> None:
    summary = summarize(tiny_study)
    assert [line.state for line in summary.trials] == [
        *("foreign", "complete", "complete", "pruned", "failed", "repeated", "infeasible"),
        *("complete", "running"),
    ]
    assert [summary.find_line(n).why for n in (0, 4, 6)] == [
        *("mine.db", "error: x", "d_model is odd"),
    ]
    assert [line.fit for line in summary.trials if line.fit] == [
        name_trial(n) for n in (1, 2, 2, 7)
    ]


def test_what_counts_as_ended_is_what_was_asked_for(tiny_study: Path) -> None:
    summary = summarize(tiny_study)
    assert (summary.ended, summary.asked, summary.stop) == (6, 20, "2 hours")


def test_the_best_were_trained_here_to_their_end_and_are_named_once(tiny_study: Path) -> None:
    summary = summarize(tiny_study)
    assert (summary.best, summary.default) == ((2, 7, 1), 1)
    assert {name: line.number for name, line in list_best_values(summary, 2).items()} == {
        "BEST1": 2,
        "BEST2": 7,
        "BEST0": 1,
    }
    assert list(list_best_values(summary, 3)) == ["BEST1", "BEST2", "BEST3"]
