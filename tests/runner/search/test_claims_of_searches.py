"""What a search has scored is known to every claim that comes after it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from runner.batch.claim_entry import enter_claims
from runner.batch.look_traces import find_uncounted
from runner.planning.plan import make_plan
from runner.planning.request import Request
from runner.search.planning import SearchPlan, plan_search
from runner.search.request import SearchRequest
from tests.conftest import write_tiny_study
from tests.runner.search.conftest import run
from trial_sets.records.claim_ledger import read_claims
from trial_sets.records.claim_lines import ClaimLine, ScoredLine
from trial_sets.records.looks import LookLedger


def plan_in(folder: Path) -> SearchPlan:
    request = Request(
        study=str(folder / "tiny"), output=folder / "outputs", device="cpu", jobs=1, baselines=False
    )
    return plan_search(SearchRequest(request, sampler="grid"))


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Search the dropout of the tiny study's trials with the built-in network; return where."""
    folder = tmp_path_factory.mktemp("searched")
    space = write_tiny_study(folder) / "space.json"
    space.write_text(json.dumps({"dropout": {"choices": [0.2, 0.3]}}))
    assert len(run(plan_in(folder)).list_state("complete")) == 2
    return folder


@pytest.fixture
def plan(pattern: Path, tmp_path: Path) -> SearchPlan:
    """Return the plan of a search that has ended, in a folder of its own."""
    shutil.copytree(pattern, tmp_path, dirs_exist_ok=True)
    return plan_in(tmp_path)


def test_a_claim_about_what_a_search_has_scored_knows_it(plan: SearchPlan) -> None:
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


def test_what_was_not_entered_the_records_tell(plan: SearchPlan) -> None:
    plan.run.outputs.claims.unlink()
    batch = make_plan(replace(plan.asked.request, sets=("A",)))
    enter_claims(batch, scoring=False)
    (claim,) = [entry for _, entry in read_claims(plan.run.outputs.claims).list_kind(ClaimLine)]
    assert len(claim.known) == 1


def test_a_search_has_looked_at_its_validation_period(plan: SearchPlan) -> None:
    (look,) = find_uncounted(plan.run.outputs, LookLedger())
    assert (look.role, look.run) == ("validation", plan.info.run)
    shutil.rmtree(plan.folder.path / plan.folder.section)
    assert find_uncounted(plan.run.outputs, LookLedger()) == []
