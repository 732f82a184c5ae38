"""What a plan of looks would run, at most, before it runs and while it does."""

import json
from typing import Any

from tests.looked import LookBench


def show(looked: LookBench, *words: str) -> dict[str, Any]:
    return dict(json.loads(looked.call(*words, "--json").stdout))


def count_fits(told: dict[str, Any]) -> list[tuple[int, int]]:
    return [(look["fits_to_run"], look["fits"]) for look in told["looks"]]


def test_a_plan_says_what_each_look_runs_at_most(looked: LookBench) -> None:
    told = show(looked, "--dry-run")
    assert [look["seeds"] for look in told["looks"]] == [2, 4, 7, 10]
    assert count_fits(told) == [(10, 10), (10, 10), (15, 15), (15, 15)]
    assert told["fits_to_run"] == 50
    assert sum(look["seconds"] for look in told["looks"]) > 0
    shown = looked.call("--dry-run").stdout
    assert "Look 3 of 4 (7 seeds): 15 fits to run, 0 finished, at most about" in shown
    assert "In all 50 fits to run at most, at most about" in shown
    assert "They are to find a difference of 0.02 AUC" in shown
    assert not looked.outputs.exists()


def test_what_was_decided_runs_no_more(looked: LookBench) -> None:
    looked.interrupt_after = 13
    looked.call()
    told = show(looked, "--dry-run")
    assert count_fits(told) == [(0, 10), (3, 6), (9, 9), (9, 9)]
    texts = {claim["sentence"]: claim["decision"] for claim in told["claims"]}
    assert texts == {
        "better beats K": "confirmed at look 1 of 4 (2 seeds)",
        "worse beats K": "refuted at look 1 of 4 (2 seeds)",
        "alike beats K": None,
        "close beats K": None,
    }
    assert show(looked, "--status")["counts"] == {"done": 13, "missing": 21}
    shown = looked.call("--dry-run").stdout
    assert "and 1 control x 2 to 10 seeds: 21 fits to run, 13 finished" in shown
    assert [claim["sentence"] for claim in told["power"]["claims"]] == [
        "alike beats K",
        "close beats K",
    ]
    head = "at Holm's first step and the last look of 2,4,7,10 seeds that the plan reaches"
    assert f"Power on 488 validation rows, {head}" in shown


def test_nothing_is_left_once_all_is_decided(decided: LookBench) -> None:
    assert sum(fits for fits, _ in count_fits(show(decided, "--dry-run"))) == 0
    assert show(decided, "--status")["counts"] == {"done": 28}
    assert count_fits(show(decided, "--dry-run", "--no-futility"))[2:] == [(3, 9), (3, 9)]


def test_claims_are_fixed_with_their_looks(looked: LookBench) -> None:
    told = looked.call("--fix-claims", "--looks", "3,6")
    assert told.exit_code == 0
    assert {tuple(line["looks"]) for line in looked.list_lines("claim")} == {(3, 6)}
    assert looked.call("--fix-claims", "--looks", "3,5").exit_code == 0  # nothing was scored
    assert show(looked, "--dry-run")["looks"][0]["seeds"] == 2
    assert looked.decide("--looks", "3,5")["looks"] == [3, 5]


def test_a_list_says_when_the_claims_are_looked_at(looked: LookBench) -> None:
    looked.write(looks=[2, 5])
    assert show(looked, "--list")["looks"] == [2, 5]
    assert "Looks at 2,5 seeds\n" in looked.call("--list", until=False).stdout


def test_what_was_decided_in_another_run_is_said_to_be(decided: LookBench) -> None:
    (run,) = (path.name for path in (decided.outputs / "tiny").iterdir())

    def list_decisions(*words: object) -> list[str | None]:
        told = decided.call(*words, "--json", until=False)
        return [claim["decision"] for claim in json.loads(told.stdout)["claims"]]

    assert list_decisions("--list")[0] == f"confirmed at look 1 of 4 (2 seeds) in run {run}"
    assert list_decisions("--dry-run")[0] == "confirmed at look 1 of 4 (2 seeds)"
    assert list_decisions("--dry-run", "--folds", 2) == [None] * 4
