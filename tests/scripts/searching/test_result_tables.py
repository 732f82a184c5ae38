"""What a person reads of a search."""

import io
from typing import Any

from rich.console import Console

from runner.summaries.search_summary import LineState, SearchLine, SearchSummary
from scripts.running.result_table import print_next
from scripts.searching.result_tables import describe_search, print_search
from trial_sets.records.search_info import name_trial
from trial_sets.task import AUC


def line(number: int, state: LineState = "complete", score: float | None = None,
         **said: object) -> SearchLine:  # fmt: skip
    made = {
        "number": number, "name": name_trial(number), "state": state, "score": score,
        "values": {"dropout": number / 7}, "fit": name_trial(number), "epochs": 3, "seconds": 2.0,
        "is_default": False, "why": "",
    }  # fmt: skip
    return SearchLine.model_validate({**made, **said})


def make(*lines: SearchLine, best: tuple[int, ...] = (), **said: object) -> SearchSummary:
    counts: dict[LineState, int] = {}
    for one in lines:
        counts[one.state] = counts.get(one.state, 0) + 1
    made = {
        "study": "tiny", "run": "run", "search": "s", "folder": "outputs/[x]", "metric": AUC,
        "rope": 0.005, "sampler": "tpe", "pruner": "none", "seed": 0, "asked": 10,
        "counts": counts, "trials": lines, "best": best, "default": None, "baselines": {},
        "failed_baselines": {}, "stop": None,
    }  # fmt: skip
    return SearchSummary.model_validate({**made, **said})


def test_counts_reasons_and_the_stop_are_said() -> None:
    summary = make(
        line(0, score=0.7), line(1, "pruned"), line(2, "failed", why="error: row 7 is odd"),
        line(3, "failed", why="error: row 9 is odd"), line(4, "infeasible", why="too wide"),
        stop="none of the last 3 was better",
    )  # fmt: skip
    assert list(describe_search(summary)) == [
        "4 of 10 trials ended: 1 complete, 1 pruned and 2 failed; beside them 1 infeasible.",
        "Failed: trial-00002 and trial-00003: error: row 7 is odd",
        "Infeasible: trial-00004: too wide",
        "The search has ended early: none of the last 3 was better.",
    ]


def test_more_than_was_asked_for_is_not_said_to_be_of_it() -> None:
    assert next(describe_search(make(*map(line, range(3)), asked=2))) == (
        "3 trials ended: 3 complete."
    )
    assert next(describe_search(make(line(0), asked=5))) == "1 of 5 trials ended: 1 complete."
    assert next(describe_search(make(line(0), asked=1))) == "1 of 1 trial ended: 1 complete."
    assert next(describe_search(make(asked=None))) == "0 trials ended: none."


def test_the_best_is_held_against_the_base_and_the_baselines() -> None:
    base = line(0, score=0.70, is_default=True)
    said = list(describe_search(make(
        base, line(1, score=0.72), best=(1, 0), default=0, baselines={"mean": 0.5, "ridge": 0.75},
    )))  # fmt: skip
    assert "trial-00001 is 0.0200 AUC better than the base (trial-00000)." in said
    assert (
        "Baselines on the same rows: mean 0.5000, ridge 0.7500; trial-00001 is 0.0300 AUC worse "
        "than the best of them, ridge."
    ) in said
    assert said[-1] == (
        "This is exploratory: the best of 2 trials looks better than it is, since it was chosen "
        "for it; nothing is confirmed by it."
    )


def test_a_gain_below_the_rope_a_best_base_and_none_are_told_apart() -> None:
    base, other = line(0, score=0.70, is_default=True), line(1, score=0.703)
    (small,) = [
        s for s in describe_search(make(base, other, best=(1, 0), default=0)) if "base" in s
    ]
    assert small == (
        "trial-00001 is 0.0030 AUC better, less than the ROPE, than the base (trial-00000)."
    )
    said = [*describe_search(make(base, line(1, score=0.6), best=(0, 1), default=0))]
    assert "The base itself is the best: no trial of the search beats it." in said
    said = [*describe_search(make(other, best=(1,)))]
    assert "The base is no trial of this search: nothing tells what searching has gained." in said


def test_the_table_has_a_row_a_trial_and_acts_on_nothing_it_holds() -> None:
    console = Console(file=io.StringIO(), width=120)
    said = {"dropout": 0.123456789, "words": "[red]\x1b[2J"}
    print_search(make(line(0, score=0.7, values=said), best=(0,)), console)
    print_next([("go [on]", "run_search --name '[x]'")], console)
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    for words in ("trial-00000", "0.1235", "0.7000", "[red]", "outputs/[x]", "go [on]: run_search"):
        assert words in shown
    assert "\x1b" not in shown


NAMES = {f"a_rather_long_name_{n}": 0.1234 + n for n in range(6)}


def show_wide(n_lines: int = 5, **said: Any) -> str:
    lines = [line(n, score=0.7, values=NAMES, is_default=n == 0) for n in range(n_lines)]
    console = Console(file=io.StringIO(), color_system=None, **said)
    print_search(make(*lines, best=(*range(1, n_lines), 0)), console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_in_a_file_no_name_or_value_is_cut_or_folded() -> None:
    shown = show_wide(width=80).splitlines()
    (heading,) = [text for text in shown if text.split()[:1] == ["trial"]]
    assert heading.split() == ["trial", *NAMES, "val", "AUC", "time"]
    (row,) = [text for text in shown if text.split()[:1] == ["trial-00003"]]
    assert row.split() == ["trial-00003", *(f"{x:.4g}" for x in NAMES.values()), "0.7000", "2", "s"]


def test_on_a_narrow_terminal_the_table_is_turned_and_nothing_is_cut() -> None:
    shown = show_wide(width=80, force_terminal=True)
    assert "\u2026" not in shown
    assert max(map(len, shown.split("This is")[0].splitlines()[:12])) <= 80
    for name, value in NAMES.items():
        (row,) = [text for text in shown.splitlines() if text.split()[:1] == [name]]
        assert row.split() == [name, *5 * [f"{value:.4g}"]]
    assert " a_rather_long_name_0  a_" in show_wide(width=240, force_terminal=True)


def test_of_many_trials_a_narrow_terminal_shows_as_many_as_fit() -> None:
    shown = show_wide(10, width=80, force_terminal=True)
    assert "00006   00007" in shown
    assert "00008" not in shown
    (row,) = [text for text in shown.splitlines() if text.split()[:1] == ["a_rather_long_name_5"]]
    assert row.split() == ["a_rather_long_name_5", *7 * ["5.123"]]


def test_columns_that_tell_nothing_are_left_out() -> None:
    console = Console(file=io.StringIO(), width=120)
    alike = [line(n, score=0.7, epochs=None, seconds=0.01) for n in range(2)]
    print_search(make(*alike, best=(0, 1)), console)
    assert isinstance(console.file, io.StringIO)
    assert "epochs" not in console.file.getvalue()
    assert " s" not in console.file.getvalue().split("This is")[0].splitlines()[3]
