"""A plan of looks: each claim goes on until it is decided, and stands as it was decided."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from analysis.report.sections.checklist import describe_verdict
from analysis.verdicts.verdict import Verdict
from scripts.running import until_decided
from tests.looked import LookBench
from trial_sets.records.claim_ledger import read_claims

STOPS = {"better": "confirmed", "worse": "refuted", "alike": "futile", "close": "undecided"}
SEEDS = {"better": 2, "worse": 2, "alike": 4, "close": 10}


def list_fits(names: list[str], seeds: range) -> list[str]:
    return [f"{name} {seed}" for seed in seeds for name in names]


def by_name(told: dict[str, Any], key: str) -> dict[str, Any]:
    return {claim["sentence"].split()[0]: claim[key] for claim in told["claims"]}


def test_each_claim_goes_on_until_it_is_decided(looked: LookBench) -> None:
    told = looked.call()
    assert told.exit_code == 0
    assert looked.batches == [
        list_fits(["better", "worse", "alike", "close", "K"], range(2)),
        list_fits(["alike", "close", "K"], range(2, 4)),
        list_fits(["close", "K"], range(4, 7)),
        list_fits(["close", "K"], range(7, 10)),
    ]
    assert "Looks at 2,4,7,10 seeds, to find a difference of 0.02 AUC\n" in told.stderr
    for words in (
        "Look 1 of 4 (2 seeds): 4 claims open\n",
        "Look 1 of 4 (2 seeds), set A, better beats K: confirmed: +0.1",
        "Look 1 of 4 (2 seeds), set A, worse beats K: refuted (reversed): -0.1",
        "Look 1 of 4 (2 seeds), set A, alike beats K: open, confirmed in the end with probability",
        "Look 2 of 4 (4 seeds), set A, alike beats K: stopped for futility: +0.0017",
        "Look 4 of 4 (10 seeds), set A, close beats K: undecided: +0.01",
    ):
        assert words in told.stderr
    assert "Claim of set A: better beats K: confirmed at look 1 of 4 (2 seeds): +0.1" in told.stdout
    log = next((looked.outputs / "tiny").glob("*/progress.log")).read_text().splitlines()
    assert len([line for line in log if " look " in line]) == 8


def test_a_program_is_told_what_was_decided(decided: LookBench) -> None:
    told = decided.decide()
    assert (told["looks"], told["design"], told["complete"]) == ([2, 4, 7, 10], 0.02, 28)
    assert by_name(told, "stop") == STOPS
    assert by_name(told, "seeds") == SEEDS
    assert by_name(told, "threshold") == dict(zip(SEEDS, (0.001, 0.001, 0.01, 0.04), strict=True))


def test_the_plan_is_in_the_ledger_before_the_first_fit(decided: LookBench) -> None:
    lines = read_claims(decided.outputs / "claims.jsonl").lines
    assert [line.kind for line in lines[:5]] == [*["claim"] * 4, "scored"]
    assert {line["looks"] for line in decided.list_lines("claim")} == {(2, 4, 7, 10)}
    stops = decided.list_lines("stop")
    assert [(stop["verdict"], len(stop["seeds"])) for stop in stops] == [
        ("confirmed", 2),
        ("refuted", 2),
        ("futile", 4),
        ("undecided", 10),
    ]
    assert [len(look["seeds"]) for look in decided.list_lines("look")] == [2, 2, 2, 2, 4, 4, 7, 10]


def test_who_calls_again_is_told_the_same_and_nothing_runs(looked: LookBench) -> None:
    first = looked.decide()
    ledger, n_batches = (looked.outputs / "claims.jsonl").read_bytes(), len(looked.batches)
    assert looked.decide() == first
    assert (looked.outputs / "claims.jsonl").read_bytes() == ledger
    assert len(looked.batches) == n_batches


def test_analyze_says_what_each_look_said_whatever_is_run_later(decided: LookBench) -> None:
    told = decided.decide()
    decided.call("--seeds", 10, until=False)  # the trials of all claims get all seeds
    rows = {name: decided.row(name) for name in STOPS}
    for key, found in (
        ("verdict", {name: row.judgement.verdict.value for name, row in rows.items()}),
        ("p_value", {name: row.judgement.p_holm for name, row in rows.items()}),
        ("threshold", {name: row.judgement.threshold for name, row in rows.items()}),
        ("seeds", {name: len(row.case.seeds) for name, row in rows.items()}),
        ("high", {n: row.judgement.inference and row.judgement.inference.high
                  for n, row in rows.items()}),
    ):  # fmt: skip
        assert found == by_name(told, key), key
    assert rows["alike"].judgement.verdict is Verdict.INCONCLUSIVE
    assert rows["alike"].judgement.reasons[0] == "stopped for futility at look 2 of 4 (4 seeds)"
    assert describe_verdict(rows["alike"]) == "inconclusive, stopped for futility"
    assert len(decided.list_lines("look")) == 8


@pytest.mark.parametrize(
    "n_fits",
    [pytest.param(4, marks=pytest.mark.slow), 10, 13, pytest.param(20, marks=pytest.mark.slow)],
)
def test_an_interrupted_batch_goes_on_at_the_same_look(looked: LookBench, n_fits: int) -> None:
    looked.interrupt_after = n_fits
    told = looked.call()
    assert told.exit_code == 130
    assert "Interrupted; finished fits are kept" in told.stderr
    assert by_name(looked.decide(), "seeds") == SEEDS
    assert len([fit for batch in looked.batches for fit in batch]) == 28
    assert [len(look["seeds"]) for look in looked.list_lines("look")] == [2, 2, 2, 2, 4, 4, 7, 10]
    assert len(looked.list_lines("stop")) == 4


def test_a_look_that_was_entered_is_not_taken_again(
    looked: LookBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the runner is killed between judging a claim and stopping it."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(until_decided, "enter_stops", die)
        assert looked.call().exit_code == 130
    assert len(looked.list_lines("look")) == 4
    assert by_name(looked.decide(), "stop") == STOPS
    assert looked.batches[1] == list_fits(["alike", "close", "K"], range(2, 4))
    assert len(looked.list_lines("look")) == 8


@pytest.mark.parametrize("n_batch", [0, 1, pytest.param(3, marks=pytest.mark.slow)])
def test_a_runner_that_another_overtakes_enters_nothing_twice(
    looked: LookBench, monkeypatch: pytest.MonkeyPatch, n_batch: int
) -> None:
    """As when two share each look, and one judges it once the other has taken all."""

    def run_and_fall_behind(*request: Any) -> Any:
        plan = looked.run_batch(*request)
        if len(looked.batches) > n_batch:
            monkeypatch.setattr(until_decided, "run_batch", looked.run_batch)
            assert by_name(looked.decide(), "stop") == STOPS
        return plan

    monkeypatch.setattr(until_decided, "run_batch", run_and_fall_behind)
    told = looked.decide()
    assert (by_name(told, "stop"), by_name(told, "seeds")) == (STOPS, SEEDS)
    assert len({fit for batch in looked.batches for fit in batch}) == 28
    assert [len(look["seeds"]) for look in looked.list_lines("look")] == [2, 2, 2, 2, 4, 4, 7, 10]
    assert len(looked.list_lines("stop")) == 4


def test_looks_may_be_others(looked: LookBench) -> None:
    told = looked.decide("--looks", "3,5")
    assert told["looks"] == [3, 5]
    assert by_name(told, "seeds") == {"better": 3, "worse": 3, "alike": 3, "close": 5}
    assert by_name(told, "threshold")["better"] == pytest.approx(0.0193, abs=1e-4)
    assert by_name(told, "threshold")["close"] == pytest.approx(0.0442, abs=1e-4)
    assert all({fit[-1] for fit in batch} <= set("01234") for batch in looked.batches)


def test_a_batch_that_goes_on_finds_its_looks_in_the_ledger(looked: LookBench) -> None:
    looked.interrupt_after = 4
    assert looked.call("--looks", "3,5").exit_code == 130
    assert looked.decide()["looks"] == [3, 5]


def test_looks_that_hold_are_not_changed(looked: LookBench) -> None:
    looked.interrupt_after = 4
    looked.call("--looks", "3,5")
    told = looked.call("--looks", "2,5")
    assert (told.exit_code, told.stderr) == (
        2,
        "Error: looks at 2,5: the claims were fixed with looks at 3,5, which hold, since their "
        "trials have been scored\n",
    )


def test_the_studys_own_looks_are_taken(looked: LookBench) -> None:
    looked.write(looks=[2, 3])
    assert looked.decide()["looks"] == [2, 3]
    told = looked.call("--looks", "2,4")
    assert (told.exit_code, told.stderr) == (
        2,
        "Error: --looks 2,4: study tiny declares looks at 2,3, which hold; leave out --looks\n",
    )


@pytest.mark.parametrize(
    ("seeds", "nearest"), [(5, ", or say --looks 2,4,5"), (2, ", or say --looks 2"), (1, "")]
)
def test_too_few_seeds_are_said(looked: LookBench, seeds: int, nearest: str) -> None:
    looked.seeds = seeds
    looked.write()
    told = looked.call()
    count = "1 seed" if seeds == 1 else f"{seeds} seeds"
    assert (told.exit_code, told.stderr) == (
        2,
        "Error: --until-decided: the last look, of 2,4,7,10, wants 10 seeds, and study tiny "
        f"declares {count}: declare more{nearest}\n",
    )


def test_a_claim_whose_fit_failed_waits_and_the_others_go_on(looked: LookBench) -> None:
    looked.failing = {("close", 1)}
    told = looked.call("--json")
    assert told.exit_code == 1
    said = json.loads(told.stdout)
    assert by_name(said, "verdict")["close"] == "pending"
    assert "close seed 1 failed (error: no luck)" in by_name(said, "text")["close"]
    assert by_name(said, "stop")["alike"] == "futile"
    assert said["failed"] == 1
    looked.failing = set()
    assert by_name(looked.decide(), "seeds")["close"] > 2


def test_who_wants_to_refute_lets_a_futile_claim_go_on(decided: LookBench) -> None:
    told = decided.decide("--no-futility")
    assert decided.batches[-2:] == [
        list_fits(["alike"], range(4, 7)),
        list_fits(["alike"], range(7, 10)),
    ]
    assert by_name(told, "seeds") == {**SEEDS, "alike": 10}
    assert decided.row("alike").case.seeds == tuple(range(10))
    assert decided.row("better").case.seeds == (0, 1)


def test_a_claim_without_a_plan_is_charged_its_looks(looked: LookBench) -> None:
    looked.call("--seeds", 1, until=False)
    told = looked.call("--json")
    assert "Some claims were fixed without a plan of looks before their trials" in told.stderr
    said = json.loads(told.stdout)
    assert set(by_name(said, "threshold").values()) == {0.05}
    assert by_name(said, "stop")["worse"] == "refuted"


def test_seeds_beyond_the_plan_are_a_look_of_their_own(looked: LookBench) -> None:
    looked.seeds = 12
    looked.write()
    looked.decide()
    looked.call("--seeds", 12, until=False)
    row = looked.row("close")
    assert (len(row.case.seeds), row.look_number, row.judgement.is_planned) == (12, 5, False)
    assert looked.row("alike").case.seeds == (0, 1, 2, 3)
    looked.decide()  # and what is beyond the plan is not looked at again
    assert [len(look["seeds"]) for look in looked.list_lines("look")][-2:] == [10, 12]


def test_a_stop_on_other_results_does_not_hold(decided: LookBench) -> None:
    folder = next((decided.outputs / "tiny").iterdir()) / "alike"
    content = (folder / "seed-0" / "predictions.npz").read_bytes()
    for seed in (1, 2):  # as if they had been run again, with another outcome
        record = json.loads((folder / f"seed-{seed}" / "record.json").read_text())
        del record["sha256"]
        record["predictions_sha256"] = hashlib.sha256(content).hexdigest()
        (folder / f"seed-{seed}" / "record.json").write_text(json.dumps(record))
        (folder / f"seed-{seed}" / "predictions.npz").write_bytes(content)
    row = decided.row("alike")
    assert row.dating.stop is None
    assert row.look_number == 3
    words = "stopped for futility at look 2 of 4 (4 seeds), on other results than there are now"
    assert words in row.dating.notes


def test_the_smaller_the_difference_the_sooner_it_is_futile(looked: LookBench) -> None:
    assert by_name(looked.decide("--design", 0.01), "seeds")["alike"] == 2


def test_a_claim_after_the_results_is_left_out(decided: LookBench) -> None:
    decided.claims = [
        *({"better": [name], "than": ["K"]} for name in decided.trials),
        {"better": ["close"], "than": ["alike"]},
    ]
    decided.write()
    n_batches = len(decided.batches)
    told = decided.call()
    assert told.exit_code == 0
    assert (
        "set A: close beats alike: post hoc, so that no look decides it: first seen after"
        in told.stderr
    )
    assert len(decided.batches) == n_batches


def test_what_no_number_of_seeds_decides_is_looked_at_once(looked: LookBench) -> None:
    about_another = {"metric": "val_brier", "direction": "minimize", "by": 0.01}
    looked.claims = [{"better": ["close"], "than": ["K"], **about_another}]
    looked.write()
    for _ in range(2):
        told = looked.call()
        assert (told.exit_code, len(looked.batches)) == (0, 1), told.output
        assert "inconclusive, and no number of seeds decides it (rows not acc" in told.stdout


def test_a_claim_about_what_no_record_holds_is_pending(looked: LookBench) -> None:
    looked.claims = [{"better": ["close"], "than": ["K"], "metric": "n_parameters", "by": 1}]
    looked.write()
    told = looked.decide()
    assert told["claims"][0]["verdict"] == "pending", told["claims"]


def test_without_a_ledger_nothing_runs(looked: LookBench) -> None:
    looked.outputs.mkdir()
    (looked.outputs / "claims.jsonl").write_text("notes\n")
    told = looked.call()
    assert (told.exit_code, looked.batches) == (2, [])
    assert "claims.jsonl" in told.stderr


def test_a_look_that_cannot_be_entered_stops_the_batch(
    looked: LookBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.verdicts.judged_looks.open_claims", refuse)
    told = looked.call()
    assert told.exit_code == 1
    assert "Stopped: a look at the claims settles nothing: it cannot be entered" in told.stderr
    assert len(looked.batches) == 1
