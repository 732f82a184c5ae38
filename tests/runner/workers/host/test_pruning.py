"""A function that is told to stop ends with what it has shown, whatever it makes of that."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from runner.faults.limits import Limits
from runner.workers.host.context import StopTraining
from runner.workers.launch import launch_host
from runner.workers.protocol import EpochDone, FitResult, Job, JobError
from runner.workers.supervisor import Worker
from tests.runner.conftest import configuration
from tests.runner.workers.host.test_context import N_VAL, make_context
from tests.runner.workers.host.test_orders import host, read_message

__all__ = ["host"]  # the fixture

QUIET = Limits(hang_s=60.0)
N_EPOCHS = 4
TRAINERS = """
import threading
from pathlib import Path

import numpy as np


def fit(context, data, epochs=4):
    for epoch in range(epochs):
        scores = np.arange(len(data.val_rows)) * (epoch + 1.0)
        context.save_predictions(scores)
        context.report_epoch(val_metric=0.5 + epoch / 10, val_scores=scores)


def plain(configuration, data, context):
    fit(context, data)
    return {"depth": 7}


def tidy(configuration, data, context):
    try:
        fit(context, data)
    finally:
        Path(__file__).with_name("tidied").touch()


def careless(configuration, data, context):
    try:
        fit(context, data)
    except Exception:
        raise AssertionError("what ends a fit is no Exception")


def deaf(configuration, data, context):
    told = 0
    for epoch in range(4):
        try:
            fit(context, data, epochs=1)
        except BaseException:
            told += 1
    Path(__file__).with_name("told").write_text(str(told))
    return "no metrics"


def angry(configuration, data, context):
    try:
        fit(context, data)
    finally:
        raise ValueError("no luck")


def threaded(configuration, data, context):
    threading.excepthook = lambda _: None
    thread = threading.Thread(target=fit, args=(context, data))
    thread.start()
    thread.join()
    return {"val_auc": 1.0}


def broken(configuration, data, context):
    context.report_epoch(val_metric=0.5)
    raise ValueError("no luck")
"""


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with closing(Worker(launch_host(sys.executable))) as one:
        yield one


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "trainers.py").write_text(TRAINERS)
    rows = {name: np.arange(2) for name in ("train_rows", "val_rows", "test_rows")}
    np.savez(tmp_path / "data.npz", json=np.array("{}"), features=np.zeros((2, 1)), **rows)  # type: ignore[arg-type]
    return tmp_path


def make_job(place: Path, function: str, **fields: object) -> Job:
    asked = {
        "configurations": (configuration(),), "seeds": (3,), "device": "cpu", "judged": True,
        "data": str(place / "data.npz"), "trainer": f"{place / 'trainers.py'}:{function}",
    }  # fmt: skip
    return Job(**{**asked, **fields})  # type: ignore[arg-type]


def play(worker: Worker, job: Job, last: int) -> list[EpochDone | FitResult | JobError]:
    """Return what a worker says that is told to stop after an epoch."""
    return list(worker.run(job, QUIET, judge=lambda epoch: epoch.point.epoch < last))


def result_of(worker: Worker, job: Job, last: int) -> FitResult:
    *epochs, result = play(worker, job, last)
    assert isinstance(result, FitResult), result
    points = tuple(epoch.point for epoch in epochs if isinstance(epoch, EpochDone))
    assert result.curve == points
    return result


@pytest.mark.parametrize("function", ["plain", "tidy", "careless", "deaf", "angry", "threaded"])
def test_a_function_that_is_told_to_stop_shows_what_it_has_reported_and_saved(
    worker: Worker, place: Path, function: str
) -> None:
    result = result_of(worker, make_job(place, function), last=2)
    assert [point.val_metric for point in result.curve] == [0.5, 0.6 if function != "deaf" else 0.5]
    assert result.stop_reason == "pruned"
    assert result.selected_epoch == (2 if function != "deaf" else 1)
    assert result.val_logits == ((0.0, 2.0) if function != "deaf" else (0.0, 1.0))
    assert (result.val_logits_last, result.metrics) == ((), {})
    assert result.epoch_logits is not None
    assert (place / "tidied").exists() == (function == "tidy")
    told = "told to stop, the trainer raised ValueError: no luck"
    assert result.notices == ((told,) if function == "angry" else ())


def test_a_function_that_goes_on_is_told_each_time(worker: Worker, place: Path) -> None:
    result = result_of(worker, make_job(place, "deaf"), last=1)
    assert (place / "told").read_text() == str(N_EPOCHS)
    assert len(result.curve) == 1


def test_a_judged_function_that_may_go_on_is_as_one_that_is_not_judged(
    worker: Worker, place: Path
) -> None:
    judged = result_of(worker, make_job(place, "plain"), last=99)
    free = result_of(worker, make_job(place, "plain", judged=False), last=1)
    assert (judged.stop_reason, judged.metrics) == ("finished", {"depth": 7.0})
    without = {"curve", "seconds"}
    assert judged.model_dump(exclude=without) == free.model_dump(exclude=without)


def test_an_error_is_a_failure_unless_the_function_was_told_to_stop(
    worker: Worker, place: Path
) -> None:
    *_, error = play(worker, make_job(place, "broken"), last=99)
    assert isinstance(error, JobError)
    assert result_of(worker, make_job(place, "broken"), last=1).stop_reason == "pruned"


def test_nobody_asks_a_pruned_fit_for_the_test_rows(worker: Worker, place: Path) -> None:
    result = result_of(worker, make_job(place, "plain", with_test=True), last=1)
    assert (result.stop_reason, result.test_logits) == ("pruned", ())


def test_an_answer_of_another_token_or_fit_counts_for_nothing(
    host: subprocess.Popen[bytes], place: Path
) -> None:
    def write(token: str, **order: object) -> None:
        assert host.stdin is not None
        host.stdin.write(json.dumps({"token": token, "order": order}).encode() + b"\n")
        host.stdin.flush()

    read_message(host, "ready")
    write("now", **make_job(place, "plain").model_dump(mode="json"))
    read_message(host, "epoch")
    for token, index, go_on in (("old", 0, False), ("", 0, False), ("now", 1, False)):
        write(token, order="judge", index=index, go_on=go_on)
    write("now", order="judge", index=0, go_on=True)
    read_message(host, "epoch")
    write("now", order="judge", index=0, go_on=False)
    assert read_message(host, "result")["stop_reason"] == "pruned"
    assert read_message(host, "done")["token"] == "now"
    write("now", order="judge", index=0, go_on=False)  # comes too late, and nobody waits for it
    write("next", **make_job(place, "plain", judged=False).model_dump(mode="json"))
    for _ in range(N_EPOCHS):
        read_message(host, "epoch")
    assert read_message(host, "result")["stop_reason"] == "finished"


def test_a_context_that_was_told_to_stop_takes_in_no_further_epoch() -> None:
    context, said = make_context("binary", "auc")
    context._report = lambda point: bool(said.append(point))
    with pytest.raises(StopTraining):
        context.report_epoch(val_metric=0.5)
    for _ in range(2):
        with pytest.raises(StopTraining):
            context.report_epoch(val_metric=0.75)
    assert len(said) == 1
    context.save_predictions(np.ones(N_VAL))
    found = context.describe({"val_auc": 0.25}, 1.0)
    assert (found["stop_reason"], found["metrics"], len(found["curve"])) == ("pruned", {}, 1)
    assert (found["val_logits"], found["val_logits_last"]) == ([1.0] * N_VAL, [])
