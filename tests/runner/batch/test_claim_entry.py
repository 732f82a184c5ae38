"""Claims are entered before anything is scored, once, whoever runs and however often."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from runner.batch import claim_entry
from runner.batch.claim_entry import enter_claims, list_variants
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from trial_sets.claims.binding import bind_claims
from trial_sets.records.claim_ledger import read_claims
from trial_sets.records.claim_lines import ClaimLine, ScoredLine
from trial_sets.records.request import StudyOverrides


@pytest.fixture
def asked(tiny_study: Path, tmp_path: Path) -> Request:
    return Request(study=str(tiny_study), sets=("all",), output=tmp_path / "outputs")


@pytest.fixture
def plan(asked: Request) -> Plan:
    return make_plan(asked)


def kinds(plan: Plan) -> list[str]:
    ledger = read_claims(plan.outputs.claims)
    assert ledger.find_break() is None
    return [line.kind for line in ledger.lines]


def test_claims_come_before_what_is_scored(plan: Plan) -> None:
    entered = enter_claims(plan)
    ledger = read_claims(plan.outputs.claims)
    claim, scored = ledger.lines
    assert isinstance(claim, ClaimLine)
    assert isinstance(scored, ScoredLine)
    assert (entered.head, entered.note) == (ledger.head, None)
    (bound,) = bind_claims(plan.declared)
    assert (claim.study, claim.sentence, claim.rope) == ("tiny", "A2 beats A1", 0.005)
    assert claim.digest == claim.declared == bound.digest(0.005)
    assert [trial.key for trial in claim.claiming] == [plan.fits[1].fit.key]
    assert claim.rows == scored.rows
    assert claim.rows.rows == plan.data.sketches["validation"]
    assert {trial.key for trial in scored.trials} == {planned.fit.key for planned in plan.fits}
    assert (scored.run, scored.claims, scored.found) == (plan.info.run, (claim.declared,), False)


def test_claims_are_entered_as_declared_and_as_they_run(asked: Request) -> None:
    plan = make_plan(replace(asked, overrides=StudyOverrides(epochs=1)))
    declared, running = list_variants(plan)
    assert declared.declared == running.declared == declared.claim.digest(0.005)
    assert running.claim.digest(0.005) != running.declared
    enter_claims(plan)
    assert kinds(plan) == ["claim", "claim", "scored"]


def test_trials_that_an_override_makes_one_are_entered_as_declared(
    asked: Request, tiny_study: Path
) -> None:
    path = tiny_study / "A.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "trials": {"A1": {"epochs": 3}, "A2": {"epochs": 4}}}))
    (tiny_study / "B.json").unlink()
    plan = make_plan(replace(asked, overrides=StudyOverrides(epochs=1)))
    assert [variant.study for variant in list_variants(plan)] == [plan.declared]


def test_nothing_new_is_known_without_the_data(asked: Request, plan: Plan) -> None:
    enter_claims(plan)
    plan.folder.write_run_info(plan.info)
    plan.data.write_note(plan.folder)
    later = make_plan(asked)
    before = later.outputs.claims.read_bytes()
    assert enter_claims(later).head == read_claims(later.outputs.claims).head
    assert later.outputs.claims.read_bytes() == before
    assert "dataset" not in vars(later.data)


def test_runners_that_begin_together_enter_each_thing_once(asked: Request) -> None:
    plans = [make_plan(asked) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        heads = {entered.head for entered in pool.map(enter_claims, plans)}
    assert kinds(plans[0]) == ["claim", "scored"]
    assert len(heads) == 1


def test_a_study_of_many_trials_has_several_lines(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim_entry, "MOST_TRIALS", 2)
    enter_claims(plan)
    assert kinds(plan) == ["claim", "scored", "scored"]


def test_another_study_that_scores_the_same_tells_of_its_family(
    asked: Request, plan: Plan, tiny_study: Path
) -> None:
    enter_claims(plan)
    other = tiny_study.with_name("other")
    shutil.copytree(tiny_study, other)
    enter_claims(make_plan(replace(asked, study=str(other))))
    lines = read_claims(plan.outputs.claims).lines
    assert [(line.kind, line.study) for line in lines[2:]] == [
        ("claim", "other"),
        ("scored", "other"),
    ]
    assert isinstance(lines[2], ClaimLine)
    assert [known.run for known in lines[2].known] == [plan.info.run]


def test_a_ledger_that_cannot_be_used_is_told_of_and_left_alone(plan: Plan) -> None:
    path = plan.outputs.claims
    path.parent.mkdir()
    path.write_text("notes of mine\n")
    entered = enter_claims(plan)
    assert entered.head is None
    assert entered.note is not None
    assert "none can be confirmed" in entered.note
    assert path.read_text() == "notes of mine\n"


def test_a_ledger_that_cannot_be_written_stops_nothing(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(claim_entry, "open_claims", refuse)
    entered = enter_claims(plan)
    assert (entered.head, entered.note) == (
        None,
        f"The claims are undated, and none can be confirmed: {plan.outputs.claims}: "
        "Permission denied",
    )
