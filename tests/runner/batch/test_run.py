"""A batch through real worker processes: same bits however it runs, and no fit lost."""

import json
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.metrics import rank_auc
from models.settings import MatmulPath
from runner.batch.baseline_fits import complete_baselines
from runner.batch.events import EpochEnded, Event, FitEnded
from runner.batch.run import run_plan, start_workers
from runner.errors import BatchStopped, RunError
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from runner.storage.durable import Disk
from runner.storage.machine import Machine
from runner.summaries.results import summarize_results
from runner.workers.training import describe_machine
from tests.conftest import write_tiny_study
from tests.runner.conftest import LastingPool
from trial_sets.records.record import Record

Step = tuple[str, str]  # what happened, to which trial

# A trial that would train for hours, so that there is time to kill its worker.
ENDLESS = {"epochs": 100_000, "patience": 100_000, "dropout": 0.9}


def run(request: Request, observe: Callable[[Event], None] = lambda event: None) -> Plan:
    plan = make_plan(request)
    with start_workers(request) as pool:
        run_plan(plan, pool, observe)
    return plan


def run_on(
    pool: LastingPool, request: Request, observe: Callable[[Event], None] = lambda event: None
) -> Plan:
    plan = make_plan(request)
    run_plan(plan, pool, observe)
    return plan


def results(plan: Plan) -> dict[tuple[str, int], Record]:
    records = (plan.folder.read_record(p.fit.name, p.fit.seed) for p in plan.fits)
    return {(record.name, record.seed): record for record in records if record is not None}


def logits(plan: Plan, name: str, seed: int) -> np.ndarray:
    path = plan.folder.fit(name, seed) / "predictions.npz"
    with np.load(path, allow_pickle=False) as arrays:
        return np.stack([arrays["logit"], arrays["logit_last"]])


def ask_in(parent: Path, jobs: int) -> Request:
    """Return the request for all fits of the tiny study in a folder."""
    return Request(
        study=str(parent / "tiny"),
        sets=("all",),
        device="cpu",
        output=parent / "outputs",
        jobs=jobs,
    )


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory, lasting_pool: LastingPool
) -> tuple[Plan, list[Step]]:
    """Run all fits on one worker, for tests that look at what comes of it; note what happens."""
    folder = tmp_path_factory.mktemp("whole")
    write_tiny_study(folder)
    order: list[Step] = []
    flush = Disk.flush

    def note_flush(disk: Disk, folders: Sequence[Path]) -> None:
        flush(disk, folders)
        order.extend(("flushed", folder.parent.name) for folder in folders)

    def note_end(event: Event) -> None:
        if isinstance(event, FitEnded):
            order.append(("ended", event.fit.name))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Disk, "flush", note_flush)
        return run_on(lasting_pool, ask_in(folder, jobs=1), note_end), order


@pytest.fixture
def request_all(tiny_study: Path, tmp_path: Path) -> Request:
    assert tiny_study.parent == tmp_path
    return ask_in(tmp_path, jobs=2)


@pytest.fixture
def request_one(request_all: Request) -> Request:
    """Return the same for one worker: a second one costs seconds, and shows nothing more."""
    return replace(request_all, jobs=1)


@pytest.fixture
def with_endless(tiny_study: Path) -> None:
    content = json.loads((tiny_study / "A.json").read_text())
    content["trials"] = {"A1": ENDLESS, "A2": {"dropout": 0.3}}
    (tiny_study / "A.json").write_text(json.dumps(content))


def test_each_fold_is_trained_and_scored_on_its_own_rows(
    request_one: Request, lasting_pool: LastingPool
) -> None:
    plan = run_on(lasting_pool, replace(request_one, sets=(), trials=("A1",), folds=2))
    assert sorted(path.name for path in plan.folder.path.glob("data*.npz")) == [
        "data-fold-1.npz", "data-fold-2.npz",
    ]  # fmt: skip
    for planned in plan.fits:
        data = plan.data.find_dataset(planned.fit.fold)
        record = plan.folder.read_record(*planned.fit.id)
        assert record is not None
        assert (record.status, record.fold) == ("complete", planned.fit.fold)
        with np.load(plan.folder.fit(*planned.fit.id) / "predictions.npz") as arrays:
            assert arrays["row"].tolist() == data.val_rows.tolist()
            assert arrays["label"].tolist() == data.labels[data.val_rows].tolist()
    complete_baselines(plan)
    found = summarize_results(plan)
    assert sorted(found.baselines) == ["boosting", "logistic", "prevalence"]
    assert found.baselines["prevalence"] == 0.5
    assert (found.complete, found.failed) == (2, 0)


def test_what_was_measured_in_an_outputs_folder_changes_no_bit(
    request_one: Request, tmp_path: Path
) -> None:
    """README: bits depend on configuration, seed and data alone, not on the outputs folder."""
    digests, ready = set(), describe_machine()
    libraries: tuple[MatmulPath, ...] = ("default", "onednn")
    for library in libraries:
        outputs = tmp_path / library
        outputs.mkdir()
        known = Machine(
            processor=ready.processor,
            torch=ready.versions["torch"],
            matmul=library,
            gflops={library: 999.0},
        )
        (outputs / "machine.json").write_text(known.model_dump_json())
        plan = run(replace(request_one, trials=("A1",), sets=(), controls=False, output=outputs))
        digests |= {record.predictions_sha256 for record in results(plan).values()}
    assert len(digests) == 1


def test_one_worker_and_two_leave_identical_results_and_nothing_runs_twice(
    request_all: Request, whole: tuple[Plan, list[Step]]
) -> None:
    two = run(request_all)
    one, _ = whole
    assert two.info.run == one.info.run
    found, expected = results(two), results(one)
    assert list(found) == [("A1", 3), ("A2", 3), ("K", 3)]
    for key, record in found.items():
        assert record.status == "complete"
        assert record.metrics == expected[key].metrics
        assert np.array_equal(logits(two, *key), logits(one, *key))
    assert found["A2", 3].names == ("A2", "B1")
    assert found["K", 3].kind == "control"
    assert len({record.metrics["val_auc"] for record in found.values()}) == 3

    again = make_plan(request_all)
    assert again.to_run == []
    assert {planned.reason for planned in again.fits} == {"finished"}


def test_a_fit_has_ended_once_its_record_is_flushed(whole: tuple[Plan, list[Step]]) -> None:
    _, order = whole
    for name in ("A1", "A2", "K"):
        assert order.index(("flushed", name)) < order.index(("ended", name))


def test_a_disk_that_cannot_flush_stops_the_batch_and_what_is_running(
    request_all: Request, with_endless: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(disk: Disk, folders: Sequence[Path]) -> None:
        if folders:
            raise BatchStopped(f"{folders[0]}: cannot be written: No space left on device")

    monkeypatch.setattr(Disk, "flush", refuse)
    with pytest.raises(BatchStopped, match="cannot be written: No space left on device"):
        run(request_all)


def test_a_record_holds_what_the_analysis_needs(whole: tuple[Plan, list[Step]]) -> None:
    plan, _ = whole
    record = results(plan)["A1", 3]
    assert len(record.curve) == 2
    assert record.stop_reason == "epochs"
    assert record.n_parameters == plan.fits[0].n_parameters
    assert record.metrics["val_n"] == plan.info.data.splits["validation"].rows
    assert record.metrics["val_auc"] == pytest.approx(
        max(point.val_metric for point in record.curve), abs=1e-12
    )
    assert record.metrics["val_auc_last"] == pytest.approx(record.curve[-1].val_metric, abs=1e-12)
    with np.load(plan.folder.fit("A1", 3) / "predictions.npz", allow_pickle=False) as arrays:
        by_epoch = {"epoch", "epoch_center", "epoch_logit"}
        assert set(arrays) == {"row", "date", "label", "logit", "logit_last", *by_epoch}
        assert arrays["epoch"].tolist() == [1, 2]
        aucs = [rank_auc(arrays["label"], halves) for halves in arrays["epoch_logit"]]
        assert aucs == pytest.approx([point.val_metric for point in record.curve], abs=1e-12)
        assert int(arrays["label"].sum()) == plan.info.data.splits["validation"].positives
        assert np.all(np.diff(arrays["date"]) > np.timedelta64(0))
    assert record.notices == ()
    summary = summarize_results(plan)
    assert (summary.complete, summary.failed) == (3, 0)


@pytest.mark.usefixtures("with_endless")
def test_a_killed_worker_costs_its_fit_alone_and_the_next_run_goes_on(
    request_all: Request, tiny_study: Path
) -> None:
    request = Request(
        study=str(tiny_study), sets=("A",), device="cpu", output=request_all.output, jobs=1
    )
    plan = make_plan(request)
    with start_workers(request) as pool:

        def kill(event: Event) -> None:
            if isinstance(event, EpochEnded) and event.fit.name == "A1":
                os.kill(pool.pids()[0], signal.SIGKILL)

        run_plan(plan, pool, kill)
    found = results(plan)
    assert {name: record.status for (name, _), record in found.items()} == {
        "A1": "failed",
        "A2": "complete",
        "K": "complete",
    }
    failure = found["A1", 3].failure
    assert failure is not None
    assert failure.kind == "crashed"
    assert "SIGKILL" in failure.message
    again = make_plan(request)
    assert [planned.fit.name for planned in again.to_run] == ["A1"]
    assert again.to_run[0].reason.startswith("failed before: the worker process was ended")


def test_a_job_that_raises_is_a_record_with_its_traceback(
    request_one: Request, lasting_pool: LastingPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.batch.run.save_dataset", lambda dataset, path: None)
    plan = run_on(lasting_pool, request_one)
    for record in results(plan).values():
        assert record.failure is not None
        assert record.failure.kind == "error"
        assert "no such file" in record.failure.message
        assert "Traceback" in record.failure.traceback


@pytest.mark.usefixtures("with_endless")
def test_an_interrupted_batch_keeps_what_had_ended(request_all: Request) -> None:
    ended: list[str] = []

    def interrupt(event: Event) -> None:
        if isinstance(event, FitEnded):
            ended.append(event.fit.name)
            if len(ended) == 2:
                os.kill(os.getpid(), signal.SIGINT)

    plan, pool = make_plan(request_all), start_workers(request_all)
    pids = pool.pids()
    with pool, pytest.raises(KeyboardInterrupt):
        run_plan(plan, pool, interrupt)
    assert sorted(results(plan)) == [("A2", 3), ("K", 3)]
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert [planned.fit.name for planned in make_plan(request_all).to_run] == ["A1"]


@pytest.mark.usefixtures("fake_workers")
def test_a_device_that_is_not_there_is_refused_before_anything_is_written(
    tiny_study: Path, tmp_path: Path
) -> None:
    request = Request(
        study=str(tiny_study), sets=("A",), device="cuda:99", output=tmp_path / "o", jobs=1
    )
    with pytest.raises(RunError, match="--device cuda"):
        run(request)
    assert not (tmp_path / "o").exists()


@pytest.mark.usefixtures("fake_workers")
def test_without_what_scores_results_no_fit_begins(
    request_one: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ImportError("No module named 'sklearn'")

    monkeypatch.setattr("runner.batch.run.import_scores", fail)
    seen: list[Event] = []
    with pytest.raises(BatchStopped, match="no result could be scored: No module named 'sklearn'"):
        run(request_one, seen.append)
    assert seen == []
