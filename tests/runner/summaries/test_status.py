"""How things stand, said from the files alone."""

from pathlib import Path

import pytest

from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from runner.storage.claims import Claims
from runner.storage.liveness import describe_self
from runner.summaries.status import FitStatus, survey
from tests.runner.conftest import pruned_record, record, write_claim
from trial_sets.records.record import Failure


@pytest.fixture
def request_all(tiny_study: Path, tmp_path: Path) -> Request:
    return Request(study=str(tiny_study), sets=("all",), device="cpu", output=tmp_path / "outputs")


def state_of(request: Request, name: str) -> FitStatus:
    (found,) = [fit for fit in survey(make_plan(request)).fits if fit.names[0] == name]
    return found


def folder_of(plan: Plan, name: str) -> Path:
    return plan.folder.fit(name, 3)


def test_every_planned_fit_has_a_state(request_all: Request) -> None:
    plan = make_plan(request_all)
    fits = {planned.fit.name: planned.fit for planned in plan.fits}
    plan.folder.write_record(record(fits["A1"]), None)
    failure = Failure(kind="diverged", message="not finite")
    plan.folder.write_record(record(fits["A2"], failure=failure), None)
    summary = survey(make_plan(request_all))
    assert [(fit.names, fit.state, fit.why) for fit in summary.fits] == [
        (("A1",), "done", ""),
        (("A2", "B1"), "failed", "diverged: not finite"),
        (("K",), "missing", ""),
    ]
    assert summary.counts == {"done": 1, "failed": 1, "missing": 1}


def test_what_ends_between_plan_and_look_is_not_missing(request_all: Request) -> None:
    """Of a large run some seconds lie between them."""
    plan = make_plan(request_all)
    fits = [planned.fit for planned in plan.fits]
    plan.folder.write_record(record(fits[0]), None)
    failure = Failure(kind="diverged", message="not finite")
    plan.folder.write_record(record(fits[1], failure=failure), None)
    assert [fit.state for fit in survey(plan).fits] == ["done", "failed", "missing"]


def test_a_pruned_fit_is_not_done(request_all: Request) -> None:
    plan = make_plan(request_all)
    plan.folder.write_record(pruned_record(plan.fits[0].fit, 0.6), None)
    found = state_of(request_all, "A1")
    assert (found.state, found.why) == (
        "missing", "a search has pruned it: it is trained to its end",
    )  # fmt: skip


def test_a_fit_runs_as_long_as_its_runner_lives(request_all: Request) -> None:
    folder = folder_of(make_plan(request_all), "A1")
    with Claims() as claims:
        claims.take(folder)
        found = state_of(request_all, "A1")
        assert found.state == "running"
        assert found.by.endswith(f"process {claims.runner.pid}")
        assert found.since
    assert state_of(request_all, "A1").state == "interrupted"


def test_nothing_runs_once_its_process_is_gone(request_all: Request) -> None:
    folder = folder_of(make_plan(request_all), "A1")
    write_claim(folder, describe_self().model_copy(update={"born": "1"}))
    assert state_of(request_all, "A1").state == "interrupted"


def test_a_runner_that_cannot_be_seen_runs_by_its_last_sign_of_life(request_all: Request) -> None:
    plan = make_plan(request_all)
    elsewhere = describe_self().model_copy(update={"machine": "another"})
    write_claim(folder_of(plan, "A1"), elsewhere, age_s=3600)
    found = state_of(request_all, "A1")
    assert found.state == "running"
    assert found.why.startswith("last sign of life 2")
    assert found.why.endswith("; its process cannot be seen from here")
    plan.folder.write_record(record(plan.fits[0].fit), None)
    assert state_of(request_all, "A1").state == "done"


def test_a_damaged_record_is_missing_and_named(request_all: Request) -> None:
    plan = make_plan(request_all)
    plan.folder.write_record(record(plan.fits[0].fit), None)
    path = folder_of(plan, "A1") / "record.json"
    path.write_text(path.read_text()[:50])
    found = state_of(request_all, "A1")
    assert found.state == "missing"
    assert "record.json: not valid JSON" in found.why
