"""What a search has scored is known to every claim that comes after it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

from runner.batch.claim_entry import enter_claims
from runner.batch.look_traces import find_uncounted
from runner.planning.plan import make_plan
from runner.planning.request import Request
from runner.search.planning import SearchPlan, plan_search
from runner.search.request import SearchRequest
from tests.runner.search.conftest import run
from trial_sets.records.claim_ledger import read_claims
from trial_sets.records.claim_lines import ClaimLine, ScoredLine
from trial_sets.records.looks import LookLedger


def search(tiny_study: Path, output: Path) -> SearchPlan:
    """Search the dropout of the tiny study's trials with the built-in network."""
    (tiny_study / "space.json").write_text(json.dumps({"dropout": {"choices": [0.2, 0.3]}}))
    request = Request(study=str(tiny_study), output=output, device="cpu", jobs=1, baselines=False)
    plan = plan_search(SearchRequest(request, sampler="grid"))
    assert len(run(plan).list_state("complete")) == 2
    return plan


def test_a_claim_about_what_a_search_has_scored_knows_it(tiny_study: Path, tmp_path: Path) -> None:
    plan = search(tiny_study, tmp_path / "outputs")
    ledger = read_claims(plan.run.outputs.claims)
    (line,) = ledger.lines
    assert isinstance(line, ScoredLine)
    assert (line.run, line.found) == (plan.info.run, True)
    keys = {record.key for record in plan.folder.records()}
    assert {trial.key for trial in line.trials} == keys
    batch = make_plan(replace(plan.asked.request, sets=("A",)))
    assert batch.info.run == plan.info.run  # its fits are comparable with those of sets
    enter_claims(batch)
    (claim,) = [entry for _, entry in read_claims(plan.run.outputs.claims).list_kind(ClaimLine)]
    assert {trial.key for trial in claim.claiming} <= keys
    assert len(claim.known) == 1


def test_what_was_not_entered_the_records_tell(tiny_study: Path, tmp_path: Path) -> None:
    plan = search(tiny_study, tmp_path / "outputs")
    plan.run.outputs.claims.unlink()
    batch = make_plan(replace(plan.asked.request, sets=("A",)))
    enter_claims(batch, scoring=False)
    (claim,) = [entry for _, entry in read_claims(plan.run.outputs.claims).list_kind(ClaimLine)]
    assert len(claim.known) == 1


def test_a_search_has_looked_at_its_validation_period(tiny_study: Path, tmp_path: Path) -> None:
    plan = search(tiny_study, tmp_path / "outputs")
    (look,) = find_uncounted(plan.run.outputs, LookLedger())
    assert (look.role, look.run) == ("validation", plan.info.run)
    shutil.rmtree(plan.folder.path / plan.folder.section)
    assert find_uncounted(plan.run.outputs, LookLedger()) == []
