"""What the command tells of what a batch left."""

from pathlib import Path

import pytest

from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from runner.summaries.results import ResultLine, summarize_results
from tests.runner.conftest import record
from trial_sets.records.record import Failure


@pytest.fixture
def plan(tiny_study: Path, tmp_path: Path) -> Plan:
    return make_plan(
        Request(study=str(tiny_study), sets=("A",), seeds=2, device="cpu", output=tmp_path / "o")
    )


def write(plan: Plan, name: str, seed: int, val_auc: float, failure: Failure | None = None) -> None:
    (fit,) = [p.fit for p in plan.fits if (p.fit.name, p.fit.seed) == (name, seed)]
    plan.folder.write_record(record(fit, val_auc, failure), None)


def lines_of(plan: Plan) -> dict[str, ResultLine]:
    return {line.names[0]: line for line in summarize_results(plan).lines}


def test_a_mean_is_over_the_complete_seeds(plan: Plan) -> None:
    write(plan, "A1", 3, 0.6)
    write(plan, "A1", 5, 0.8)
    write(plan, "A2", 5, 0.9)
    lines = lines_of(plan)
    assert (lines["A1"].val, lines["A1"].mean_val) == ((0.6, 0.8), pytest.approx(0.7))
    assert (lines["A2"].seeds, lines["A2"].mean_val) == ((5,), 0.9)
    assert (lines["K"].seeds, lines["K"].mean_val) == ((), None)
    summary = summarize_results(plan)
    assert (summary.complete, summary.failed, summary.test_looks) == (3, 3, None)


def test_a_reason_that_seeds_share_is_said_once(plan: Plan) -> None:
    failure = Failure(kind="crashed", message="gone")
    write(plan, "A1", 3, 0.0, failure)
    write(plan, "A1", 5, 0.0, failure)
    assert lines_of(plan)["A1"].failures == ("crashed: gone",)


def test_a_record_that_cannot_be_used_is_said_and_does_not_count(plan: Plan) -> None:
    write(plan, "A1", 3, 0.6)
    (plan.folder.fit("A1", 3) / "record.json").write_text("{")
    line = lines_of(plan)["A1"]
    assert line.seeds == ()
    assert len(line.failures) == 1
    assert line.failures[0].startswith("its record cannot be used: ")
