"""Every known way round the ledger of claims leaves a claim unfixed, and is named."""

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
from trial_sets.records.request import DataRequest


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
    plan = bench.batch(seeds=2)
    assert bench.look(plan, [3, 5]) == 1
    again = bench.batch(seeds=2, epochs=13)
    dating = bench.only(again)
    assert dating.status == "post hoc"
    assert "first seen after A2, at another length, had been scored (run sp500-" in said(dating)
    assert "fixed for a run of another length, or of other configurations" in said(dating)
    assert bench.look(again, [3, 5]) == 2
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
    other = bench.batch(data=DataRequest(val_start="2016-06-01"))
    shutil.copytree(other.folder.fit("A1", 3), plan.folder.fit("A1", 3), dirs_exist_ok=True)
    run = bench.run_of(plan)
    assert [note for note in run.notes if f'belongs to the run "{other.info.run}"' in note]
    assert run.find_named("A1") is None


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


def test_looks_cut_off_the_end_are_noticed(bench: Bench) -> None:
    plan = bench.batch(seeds=2)
    before = bench.ledger.read_bytes()
    bench.look(plan, [3])
    once = bench.ledger.read_bytes()
    bench.look(plan, [3, 5])
    assert bench.only(plan).is_fixed
    for shorter in (before, once):
        bench.ledger.write_bytes(shorter)
        assert bench.only(plan).status == "undated"
        assert said(bench.only(plan)) == (
            "looks at the run's claims were cut off the ledger of claims, or changed: the head "
            "that claims-head.json keeps is no line of it"
        )
    bench.batch(seeds=2, force=True)
    assert bench.only(plan).status == "undated"


def test_an_edited_last_look_is_noticed(bench: Bench) -> None:
    plan = bench.batch(seeds=2)
    bench.look(plan, [3, 5])
    text = bench.ledger.read_text()
    bench.ledger.write_text(text.replace('"seeds":[3,5],"folds"', '"seeds":[3],"folds"'))
    assert bench.only(plan).status == "undated"
    assert "were cut off the ledger of claims, or changed" in said(bench.only(plan))


def test_a_kept_head_that_cannot_be_read_dates_nothing(bench: Bench) -> None:
    plan = bench.batch()
    plan.folder.claims_head.write_text('{"schema_version":1,"head":"none"}')
    assert bench.only(plan).status == "undated"
    assert "claims-head.json: head" in said(bench.only(plan))


def test_a_run_of_before_the_head_was_kept_stays_as_it_is(bench: Bench) -> None:
    plan = bench.batch()
    bench.look(plan, [3])
    plan.folder.claims_head.unlink()
    assert bench.only(plan).is_fixed


def test_a_look_removed_after_more_seeds_is_noticed(bench: Bench) -> None:
    plan = bench.batch(seeds=1)
    bench.look(plan, [3])
    bench.batch(seeds=2)
    rewrite(bench, [line for line in bench.read_lines() if line["kind"] != "look"])
    assert bench.only(plan).status == "undated"
