"""A fit that is told to stop leaves a record of its own kind, and the batch goes on."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from runner.batch import run as batch_run
from runner.batch.bookkeeper import Bookkeeper
from runner.batch.events import Event, FitEnded
from runner.batch.queue import Group
from runner.batch.run import run_plan
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from tests.runner.conftest import LastingPool
from trial_sets.records.record import EpochPoint, Record

LAST = 2  # the epoch after which A1 is told to stop


@pytest.fixture
def asked(tiny_study: Path, tmp_path: Path) -> Request:
    content = json.loads((tiny_study / "study.json").read_text())
    content["base"] |= {"epochs": 4, "patience": 4}
    (tiny_study / "study.json").write_text(json.dumps(content))
    return Request(
        study=str(tiny_study), sets=("A",), device="cpu", output=tmp_path / "outputs", jobs=1,
        on_failure="fail_fast",
    )  # fmt: skip


def run(request: Request, pool: LastingPool) -> tuple[Plan, dict[str, Record], list[Event]]:
    plan, events = make_plan(request), list[Event]()
    run_plan(plan, pool, events.append)
    found = [plan.folder.read_record(p.fit.name, p.fit.seed) for p in plan.fits]
    return plan, {record.name: record for record in found if record is not None}, events


def judge_all(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Let every job be judged, and A1 be told to stop; return what the judge is asked."""
    group_fits, asked = batch_run.group_fits, list[tuple[str, int]]()

    def group_judged(*of: object) -> list[Group]:
        groups = group_fits(*of)  # type: ignore[arg-type]
        return [replace(g, job=g.job.model_copy(update={"judged": True})) for g in groups]

    def judge(keeper: Bookkeeper, number: int, point: EpochPoint) -> bool:
        name = keeper.planned[number].fit.name
        asked.append((name, point.epoch))
        return name != "A1" or point.epoch < LAST

    monkeypatch.setattr(batch_run, "group_fits", group_judged)
    monkeypatch.setattr(Bookkeeper, "judge", judge)
    return asked


def trace(record: Record) -> list[dict[str, object]]:
    return [point.model_dump(exclude={"seconds"}) for point in record.curve]


def logits_by_epoch(plan: Plan, name: str) -> np.ndarray:
    with np.load(plan.folder.fit(name, 3) / "predictions.npz") as arrays:
        halves: np.ndarray = arrays["epoch_logit"]
        return halves


def test_a_pruned_fit_has_the_first_points_of_the_whole_one_and_leaves_the_others_alone(
    asked: Request, lasting_pool: LastingPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_plan, whole, _ = run(replace(asked, output=tmp_path / "whole"), lasting_pool)
    with monkeypatch.context() as patch:
        told = judge_all(patch)
        plan, found, events = run(asked, lasting_pool)
    assert told.count(("A1", LAST)) == 1
    assert ("A1", LAST + 1) not in told
    assert sum(isinstance(event, FitEnded) for event in events) == len(found) == 3
    for name in ("A2", "K"):
        assert found[name].status == "complete"
        assert trace(found[name]) == trace(whole[name])
        assert found[name].predictions_sha256 == whole[name].predictions_sha256
    pruned = found["A1"]
    assert (pruned.status, pruned.stop_reason, pruned.failure) == ("pruned", "pruned", None)
    assert len(pruned.curve) == LAST
    assert trace(pruned) == trace(whole["A1"])[:LAST]
    assert pruned.score == max(p.val_metric for p in pruned.curve if p.val_metric is not None)
    first_epochs = logits_by_epoch(whole_plan, "A1")[:LAST]
    assert np.array_equal(logits_by_epoch(plan, "A1"), first_epochs)

    again = make_plan(asked)
    assert [planned.fit.name for planned in again.to_run] == ["A1"]
    plan, found, _ = run(asked, lasting_pool)
    assert found["A1"].status == "complete"
    assert trace(found["A1"]) == trace(whole["A1"])
    assert [path.name for path in plan.folder.fit("A1", 3).parent.iterdir()] == ["seed-3"]
