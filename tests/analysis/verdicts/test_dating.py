"""A claim is fixed before its trials are scored, or it is not: every way round that is known."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from analysis.verdicts.dating import Dating
from runner.batch.claim_entry import enter_claims
from runner.planning.plan import make_plan
from tests.claimed import DECLARED, REVERSED, Bench
from trial_sets.records.layout import RunLayout


@pytest.fixture
def bench(tiny_study: Path, tmp_path: Path) -> Bench:
    return Bench(tiny_study, tmp_path / "outputs")


def said(dating: Dating) -> str:
    return "; ".join(dating.reasons)


def rewrite(bench: Bench, lines: list[dict[str, Any]]) -> None:
    """Write lines with a chain that is in order."""
    previous, texts = None, []
    for line in lines:
        texts.append(json.dumps({**line, "previous": previous}))
        previous = hashlib.sha256(texts[-1].encode()).hexdigest()
    bench.ledger.write_text("".join(f"{text}\n" for text in texts))


def test_a_first_run_fixes_its_claims(bench: Bench) -> None:
    dating = bench.only(bench.batch())
    assert (dating.status, dating.reasons, dating.notes, dating.plan) == ("fixed", (), (), None)
    assert dating.is_fixed
    assert dating.since == bench.read_lines()[0]["time"]


def test_more_seeds_later_leave_it_fixed(bench: Bench) -> None:
    bench.batch(seeds=1)
    n = len(bench.read_lines())
    assert bench.only(bench.batch(seeds=2)).is_fixed
    assert len(bench.read_lines()) == n


def test_one_set_and_then_another_are_fixed_together(bench: Bench) -> None:
    bench.batch(trials=("A1",), sets=())
    assert bench.only(bench.batch(trials=("A2",), sets=())).is_fixed


def test_a_short_run_of_everything_spoils_nothing(bench: Bench) -> None:
    short = bench.batch(epochs=1)
    real = bench.batch()
    assert real.info.run != short.info.run
    assert bench.only(real).is_fixed
    assert bench.only(short).is_fixed


def test_an_interrupted_batch_goes_on(bench: Bench) -> None:
    bench.batch(kill_after=1)
    assert bench.only(bench.batch()).is_fixed


def test_a_trial_added_before_it_is_scored_has_its_claim_fixed(bench: Bench) -> None:
    bench.batch()
    path = bench.study / "A.json"
    content = json.loads(path.read_text())
    content["trials"]["A3"] = {"dropout": 0.4}
    content["expectations"].append({"better": ["A3"], "than": ["A1"]})
    path.write_text(json.dumps(content))
    first, added = bench.date(bench.batch()).claims
    assert first.is_fixed
    assert added.is_fixed
    assert "A1 had been scored (run " in added.notes[0]


def test_a_longer_trial_is_not_known_by_a_shorter_one_of_the_study(bench: Bench) -> None:
    path = bench.study / "A.json"
    content = json.loads(path.read_text())
    content["trials"] = {"A1": {"epochs": 2}, "A2": {"epochs": 3}}
    path.write_text(json.dumps(content))
    (bench.study / "B.json").unlink()
    bench.batch()
    content["trials"]["A3"] = {"epochs": 4}
    content["expectations"].append({"better": ["A3"], "than": ["A1"]})
    path.write_text(json.dumps(content))
    assert [dating.status for dating in bench.date(bench.batch()).claims] == ["fixed", "fixed"]


def test_a_claim_fixed_by_hand_is_fixed(bench: Bench) -> None:
    enter_claims(make_plan(bench.ask()), scoring=False)
    assert [line["kind"] for line in bench.read_lines()] == ["claim"]
    assert bench.only(bench.batch()).is_fixed


def test_a_claim_turned_round_is_named(bench: Bench) -> None:
    bench.batch()
    bench.declare(REVERSED)
    dated = bench.date(bench.batch())
    assert dated.claims[0].status == "post hoc"
    assert "first seen after A1 had been scored (run sp500-" in said(dated.claims[0])
    assert 'what was fixed is the reverse: "A2 beats A1"' in said(dated.claims[0])
    assert [claim.sentence for claim in dated.withdrawn] == ["A2 beats A1"]


def test_a_claim_added_is_named(bench: Bench) -> None:
    bench.batch()
    bench.declare(DECLARED, {"better": ["A2"], "than": ["K"]})
    first, added = bench.date(bench.batch()).claims
    assert first.is_fixed
    assert added.status == "post hoc"
    assert "first seen after A2 had been scored" in said(added)


def test_a_lower_rope_is_named(bench: Bench) -> None:
    bench.batch()
    bench.change_study(rope=0.001)
    dating = bench.only(bench.batch())
    assert dating.status == "post hoc"
    assert "the ROPE was 0.005 when the claim was fixed" in said(dating)


def test_another_rope_of_the_report_is_named(bench: Bench) -> None:
    dating = bench.only(bench.batch(), rope=0.001)
    assert (dating.status, dating.since) == ("post hoc", None)
    assert said(dating) == "the ROPE was 0.005 when the claim was fixed"


def test_a_lower_margin_is_named(bench: Bench) -> None:
    bench.declare({**DECLARED, "by": 0.02})
    bench.batch()
    bench.declare({**DECLARED, "by": 0.01})
    dating = bench.only(bench.batch())
    assert dating.status == "post hoc"
    assert 'fixed as "A2 beats A1 by at least 0.02"' in said(dating)


def test_a_claim_moved_to_another_study_is_named(bench: Bench) -> None:
    bench.batch()
    other = bench.renamed("copy")
    dating = other.only(other.batch())
    assert dating.status == "post hoc"
    assert "first seen after A2 had been scored (run sp500-" in said(dating)
    assert "fixed for the study tiny, not for this one" in said(dating)


def test_a_run_of_another_length_after_a_look_is_named(bench: Bench) -> None:
    plan = bench.batch()
    assert bench.look(plan, [3]) == 1
    again = bench.batch(epochs=13)
    dating = bench.only(again)
    assert dating.status == "post hoc"
    assert "first seen after A2 had been scored (run sp500-" in said(dating)
    assert "fixed for a run of another length, or of other configurations" in said(dating)
    assert bench.look(again, [3]) == 2
    assert bench.only(plan).is_fixed


def test_another_length_in_the_study_itself_is_named(bench: Bench) -> None:
    bench.batch()
    base = json.loads((bench.study / "study.json").read_text())["base"]
    bench.change_study(base={**base, "epochs": 13})
    assert bench.only(bench.batch()).status == "post hoc"


def test_a_deleted_ledger_dates_nothing(bench: Bench) -> None:
    plan = bench.batch()
    bench.ledger.unlink()
    assert bench.only(plan).status == "undated"
    assert "there is no claims.jsonl beside the run" in said(bench.only(plan))
    bench.ledger.touch()
    assert "claims.jsonl is empty" in said(bench.only(plan))
    bench.batch(seeds=2)
    dating = bench.only(plan)
    assert dating.status == "undated"
    assert "it was rewritten or deleted, or they were copied in" in said(dating)


def test_a_deleted_ledger_and_all_fits_run_again_are_post_hoc(bench: Bench) -> None:
    bench.batch()
    bench.ledger.unlink()
    dating = bench.only(bench.batch(force=True, auc=0.71))
    assert dating.status == "post hoc"
    assert "first seen after A2 had been scored" in said(dating)


def test_an_edited_line_is_noticed(bench: Bench) -> None:
    plan = bench.batch()
    text = bench.ledger.read_text()
    bench.ledger.write_text(text.replace('"rope":0.005', '"rope":0.001', 1))
    assert bench.only(plan).status == "undated"
    assert "not what was written: line 1 was changed" in said(bench.only(plan))
    entered = enter_claims(make_plan(bench.ask()))
    assert entered.head is None
    assert entered.note is not None
    assert "line 1 was changed" in entered.note


def test_an_edited_last_line_is_noticed(bench: Bench) -> None:
    plan = bench.batch()
    text = bench.ledger.read_text()
    start = text.rindex('{"version"')
    bench.ledger.write_text(text[:start] + text[start:].replace('"found":false', '"found":true'))
    assert bench.only(plan).status == "undated"


def test_a_chain_made_anew_is_noticed(bench: Bench) -> None:
    bench.declare(REVERSED)
    bench.batch()
    bench.declare(DECLARED)
    plan = bench.batch()
    lines = bench.read_lines()
    late = lines.pop()
    rewrite(bench, [{**late, "known": []}, *lines])
    assert bench.only(plan).status == "undated"
    assert "it was rewritten or deleted" in said(bench.only(plan))


def test_a_line_added_by_hand_with_an_old_time_is_post_hoc(bench: Bench) -> None:
    plan = bench.batch()
    head = hashlib.sha256(bench.ledger.read_bytes().splitlines()[-1]).hexdigest()
    claimed = bench.read_lines()[0]
    bench.declare(REVERSED)
    stranger = Bench(bench.study, bench.outputs.with_name("elsewhere"))
    enter_claims(make_plan(stranger.ask()), scoring=False)
    forged = {**stranger.read_lines()[0], "previous": head, "time": "2001-01-01T00:00:00+00:00"}
    with bench.ledger.open("a") as file:
        file.write(json.dumps(forged) + "\n")
    plan.folder.write_run_info(make_plan(bench.ask()).info)
    dating = bench.only(plan)
    assert claimed["sentence"] == "A2 beats A1"
    assert dating.status == "post hoc"
    assert "first seen after A1 had been scored" in said(dating)


def test_an_edited_run_json_is_post_hoc(bench: Bench) -> None:
    plan = bench.batch()
    path = plan.folder.run_json
    content = json.loads(path.read_text())
    content["study"]["sets"][0]["expectations"][0] |= {"better": ["A1"], "than": ["A2"], "if": None}
    path.write_text(json.dumps(content))
    dating = bench.only(plan)
    assert dating.status == "post hoc"
    assert said(dating) == 'what was fixed is the reverse: "A2 beats A1"'


def test_other_rows_in_run_json_find_no_claim(bench: Bench) -> None:
    plan = bench.batch()
    text = plan.folder.run_json.read_text()
    text = text.replace(plan.info.data.fingerprint, "0" * 64).replace('"sp500"', '"other"')
    plan.folder.run_json.write_text(text)
    assert said(bench.only(plan)) == "it was never fixed"


def test_records_of_another_run_are_left_out_and_named(bench: Bench) -> None:
    plan = bench.batch()
    other = bench.batch(data=plan_data())
    shutil.copytree(other.folder.fit("A1", 3), plan.folder.fit("A1", 3), dirs_exist_ok=True)
    run = bench.run_of(plan)
    assert [note for note in run.notes if f'belongs to the run "{other.info.run}"' in note]
    assert run.find_named("A1") is None


def plan_data() -> Any:
    from trial_sets.records.request import DataRequest  # noqa: PLC0415

    return DataRequest(val_start="2016-06-01")


def test_records_of_another_outputs_folder_are_undated(bench: Bench) -> None:
    plan = bench.batch()
    stranger = Bench(bench.study, bench.outputs.with_name("elsewhere"))
    better = stranger.batch(auc=0.9, seeds=2)
    for name in ("A1", "A2"):
        shutil.rmtree(plan.folder.path / name)
        shutil.copytree(better.folder.path / name, plan.folder.path / name)
    dating = bench.only(plan)
    assert dating.status == "undated"
    assert "records of A2 and A1 were written with: it was rewritten" in said(dating)


def test_records_without_a_head_are_undated(bench: Bench) -> None:
    plan = bench.batch()
    path = plan.folder.fit("A2", 3) / "record.json"
    content = json.loads(path.read_text())
    old = {k: v for k, v in content.items() if k not in {"claims_head", "run", "sha256"}}
    path.write_text(json.dumps({**old, "schema_version": 1}))
    assert bench.only(plan).status == "undated"
    assert said(bench.only(plan)) == "records of A2 are older than the ledger of claims"


def test_force_after_an_added_claim_is_post_hoc(bench: Bench) -> None:
    bench.declare()
    bench.batch()
    bench.declare(DECLARED)
    assert bench.only(bench.batch(force=True)).status == "post hoc"


def test_records_deleted_before_a_claim_is_added_were_scored_all_the_same(bench: Bench) -> None:
    bench.declare()
    plan = bench.batch()
    shutil.rmtree(plan.folder.path)
    bench.declare(DECLARED)
    dating = bench.only(bench.batch())
    assert dating.status == "post hoc"
    assert "first seen after A2 had been scored" in said(dating)


def test_runs_from_before_the_ledger_are_found(bench: Bench) -> None:
    plan = bench.batch()
    bench.ledger.unlink()
    shutil.rmtree(plan.folder.path / "A2")
    bench.declare(DECLARED, {"better": ["A1"], "than": ["K"]})
    bench.batch()
    assert [(line["kind"], line.get("found")) for line in bench.read_lines()] == [
        ("scored", True), ("claim", None), ("claim", None), ("scored", False)
    ]  # fmt: skip
    first, second = bench.date(plan).claims
    assert first.is_fixed is False  # A1, its reference, has a head of the deleted ledger
    assert second.status == "undated"


def test_claims_that_a_study_no_longer_declares_stay_in_the_family(bench: Bench) -> None:
    bench.declare(DECLARED, {"better": ["A2"], "than": ["K"]})
    bench.batch()
    bench.declare(DECLARED)
    dated = bench.date(bench.batch())
    assert dated.claims[0].is_fixed
    assert [claim.sentence for claim in dated.withdrawn] == ["A2 beats K"]


def test_a_claim_changed_before_anything_ran_is_not_withdrawn(bench: Bench) -> None:
    bench.declare(REVERSED)
    enter_claims(make_plan(bench.ask()), scoring=False)
    bench.declare(DECLARED)
    dated = bench.date(bench.batch())
    assert dated.claims[0].is_fixed
    assert dated.withdrawn == ()


def test_the_plan_of_looks_is_the_one_that_was_fixed(bench: Bench) -> None:
    enter_claims(make_plan(bench.ask()), scoring=False)
    bench.change_study(looks=[2, 4])
    plan = bench.batch()
    assert bench.only(plan).plan == (2, 4)
    bench.change_study(looks=[2])
    dating = bench.only(bench.batch())
    assert (dating.status, dating.plan) == ("fixed", (2, 4))
    assert "fixed with looks at 2 and 4 seeds, which holds" in dating.notes[0]


def test_seeds_added_one_by_one_are_looks_one_by_one(bench: Bench) -> None:
    plan = bench.batch(seeds=1)
    assert [bench.look(plan, [3]) for _ in range(2)] == [1, 1]
    bench.batch(seeds=2)
    assert [bench.look(plan, [3, 5]) for _ in range(2)] == [2, 2]
    assert bench.only(plan).is_fixed
    assert [line["kind"] for line in bench.read_lines()].count("look") == 2


def test_results_made_again_are_another_look_at_the_same_seeds(bench: Bench) -> None:
    plan = bench.batch()
    assert bench.look(plan, [3]) == 1
    bench.batch(force=True, auc=0.8)
    assert bench.look(plan, [3]) == 2


def test_a_look_removed_after_more_seeds_is_noticed(bench: Bench) -> None:
    plan = bench.batch(seeds=1)
    bench.look(plan, [3])
    bench.batch(seeds=2)
    rewrite(bench, [line for line in bench.read_lines() if line["kind"] != "look"])
    assert bench.only(plan).status == "undated"


def test_a_run_folder_outside_an_outputs_folder_is_undated(bench: Bench, tmp_path: Path) -> None:
    plan = bench.batch()
    moved = tmp_path / "a" / "b" / "c"
    shutil.copytree(plan.folder.path, moved)
    assert RunLayout(moved).outputs.claims.exists() is False
    assert bench.only(plan).is_fixed
