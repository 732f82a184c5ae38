"""What becomes of a worker process is said as it was."""

import os
import select
import signal
import time
from collections.abc import Iterator

import pytest

from runner.errors import WorkerDied
from runner.faults.limits import Limits
from runner.workers.protocol import EpochDone, FitResult, Job, JobError
from runner.workers.supervisor import Worker
from runner.workers.watchdog import TICK_S
from tests.runner.conftest import job

START = 'b\'{"token": "'
QUIET = Limits(hang_s=60.0)


@pytest.fixture
def worker(fake_workers: None) -> Iterator[Worker]:
    one = Worker()
    yield one
    one.close()


def death_of(worker: Worker, order: Job, limits: Limits = QUIET) -> WorkerDied:
    with pytest.raises(WorkerDied) as caught:
        list(worker.run(order, limits))
    return caught.value


def test_signs_of_life_are_not_passed_on(worker: Worker) -> None:
    assert worker.wait_until_ready().versions == {"torch": "none"}
    kinds = [type(message) for message in worker.run(job("train"), QUIET)]
    assert kinds == [EpochDone, FitResult]


def test_a_job_that_raised_leaves_the_worker_to_the_next(worker: Worker) -> None:
    (error,) = worker.run(job("raise"), QUIET)
    assert isinstance(error, JobError)
    assert len(list(worker.run(job("train"), QUIET))) == 2


@pytest.mark.parametrize(
    ("order", "status", "why"),
    [("exit", 3, "ended with status 3"), ("kill", -9, "was ended by SIGKILL")],
)
def test_a_crash_is_told_by_its_status(worker: Worker, order: str, status: int, why: str) -> None:
    death = death_of(worker, job(order))
    assert (death.kind, death.exit_status) == ("crashed", status)
    assert why in str(death)


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ("no JSON", "sent what is no message: b'garbage'"),
        ("no UTF-8", 'sent what is no message: b\'{"token": "\\xff"}\''),
        ("no message", 'sent what is no message: b\'{"event": "done"}\''),
        ("no end", "sent a line of more than 1000000 bytes"),
        ("wrong event", "sent the message 'probed' out of turn"),
        ("ready again", "sent the message 'ready' out of turn"),
        ("wrong index", "sent the message 'result' out of turn: fit 7 does not run"),
        ("negative index", "sent the message 'epoch' out of turn: fit -1 does not run"),
        ("endless number", f"sent what is no message: {START}"),
        ("no number", f"sent what is no message: {START}"),
        ("test unasked", "sent the message 'result' out of turn: nobody asked for the test period"),
        ("pruned untold", "sent the message 'result' out of turn: nobody told the fit to stop"),
        ("result twice", "sent the message 'result' out of turn: fit 0 does not run"),
    ],
)
def test_what_cannot_be_understood_is_a_crash(
    worker: Worker, order: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.workers.connection.MOST_LINE_BYTES", 1_000_000)
    monkeypatch.setattr("runner.workers.supervisor.MOST_LINE_BYTES", 1_000_000)
    death = death_of(worker, job(order))
    assert death.kind == "crashed"
    assert str(death).startswith(f"the worker process {why}")
    assert worker.has_ended()


def test_a_message_counts_for_its_own_job_and_process_alone(worker: Worker) -> None:
    list(worker.run(job("train"), QUIET))
    epoch, result = worker.run(job("among others"), QUIET)
    assert isinstance(epoch, EpochDone)
    assert isinstance(result, FitResult)
    assert result.metrics == {"val_auc": 0.7}


def test_what_others_say_is_no_sign_of_life(worker: Worker) -> None:
    death = death_of(worker, job("foreign talk"), Limits(hang_s=0.5))
    assert death.kind == "hung"


def test_a_process_that_closed_its_output_may_end_by_itself(worker: Worker) -> None:
    death = death_of(worker, job("close and exit"))
    assert (death.kind, death.exit_status) == ("crashed", 4)


def test_a_process_that_did_not_end_is_not_said_to_have_been_killed_by_others(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.workers.supervisor.DYING_S", 0.1)
    death = death_of(worker, job("close"))
    assert death.kind == "crashed"
    assert str(death) == "the worker process closed its output and did not end within 0.1 s"


def test_a_verdict_that_comes_while_the_process_is_dying_counts(worker: Worker) -> None:
    death = death_of(worker, job("close"), Limits(timeout_s=0.5))
    assert death.kind == "timed_out"


def test_a_verdict_while_the_job_is_handed_over_counts(worker: Worker) -> None:
    """A job larger than the pipe waits for its reader, who is asleep."""
    worker.wait_until_ready()
    os.kill(worker.pid, signal.SIGSTOP)
    death = death_of(worker, job("train", padding=2**20), Limits(hang_s=0.5))
    assert death.kind == "hung"


def test_silence_is_a_hang_and_talk_is_none(worker: Worker) -> None:
    death = death_of(worker, job("sleep"), Limits(hang_s=0.3))
    assert (death.kind, str(death)) == ("hung", "the worker process gave no sign of life for 0.3 s")


def test_a_worker_that_talks_can_still_take_too_long(worker: Worker) -> None:
    death = death_of(worker, job("talk"), Limits(timeout_s=0.5, hang_s=0.4))
    assert death.kind == "timed_out"


def test_a_pause_of_the_runner_is_no_silence_of_the_worker(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after Ctrl-Z and fg: the clock has gone on, and what the worker said is still unread."""
    now = time.monotonic
    paused_s = [0.0]
    monkeypatch.setattr("runner.workers.watchdog.time.monotonic", lambda: now() + paused_s[0])
    messages = worker.run(job("train"), Limits(hang_s=5.0))
    assert isinstance(next(messages), EpochDone)
    time.sleep(2 * TICK_S)
    paused_s[0] = 3600.0
    time.sleep(2 * TICK_S)
    assert [type(message) for message in messages] == [FitResult]
    assert not worker.has_ended()


def test_spare_time_comes_when_the_worker_has_its_job(worker: Worker) -> None:
    """While it lasts nobody reads, and what the worker says is no less heard for it."""
    answered = []

    def wait_for_the_worker() -> None:
        answered.extend(select.select([worker._process.stdout], [], [], 10.0)[0])
        time.sleep(3 * TICK_S)

    messages = list(worker.run(job("train"), Limits(hang_s=TICK_S), wait_for_the_worker))
    assert [type(message) for message in messages] == [EpochDone, FitResult]
    assert len(answered) == 1
    assert not worker.has_ended()


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_judge_is_asked_after_each_epoch_until_it_stops_the_fit(
    worker: Worker, most: int
) -> None:
    asked: list[int] = []

    def judge(epoch: EpochDone) -> bool:
        asked.append(epoch.point.epoch)
        return len(asked) < most

    *epochs, result = worker.run(job("judged", judged=True), QUIET, judge=judge)
    assert isinstance(result, FitResult)
    assert asked == list(range(1, most + 1)) == [point.epoch for point in result.curve]
    assert len(epochs) == most
    assert result.stop_reason == ("pruned" if most < 3 else "finished")


def test_nobody_is_asked_of_a_job_that_is_not_judged(worker: Worker) -> None:
    messages = list(worker.run(job("train"), QUIET, judge=lambda _: pytest.fail("asked")))
    assert [type(message) for message in messages] == [EpochDone, FitResult]


def test_a_fit_that_was_told_to_stop_is_not_judged_again(worker: Worker) -> None:
    answers = iter([False])
    *epochs, result = worker.run(
        job("judged twice", judged=True), QUIET, judge=lambda _: next(answers)
    )
    assert isinstance(result, FitResult)
    assert (len(epochs), result.metrics) == (2, {"told": 0.0})


def test_the_time_that_a_judge_takes_counts_for_no_limit(worker: Worker) -> None:
    def judge(_: EpochDone) -> bool:
        time.sleep(3 * TICK_S)
        return True

    limits = Limits(timeout_s=5 * TICK_S, hang_s=2 * TICK_S)
    *_, result = worker.run(job("judged", judged=True), limits, judge=judge)
    assert isinstance(result, FitResult)
    assert len(result.curve) == 3


def test_a_worker_that_dies_before_its_answer_has_crashed(worker: Worker) -> None:
    death = death_of(worker, job("judged and killed", judged=True))
    assert (death.kind, death.exit_status) == ("crashed", -9)


def test_a_worker_that_is_killed_while_it_waits_has_crashed(worker: Worker) -> None:
    def judge(_: EpochDone) -> bool:
        os.kill(worker.pid, signal.SIGKILL)
        return True

    with pytest.raises(WorkerDied, match="was ended by SIGKILL"):
        list(worker.run(job("judged", judged=True), QUIET, judge=judge))


def test_silence_after_an_answer_is_a_hang(worker: Worker) -> None:
    death = death_of(worker, job("judged and silent", judged=True), Limits(hang_s=0.3))
    assert death.kind == "hung"


def test_a_probe_says_whether_a_device_computes(worker: Worker) -> None:
    assert worker.computes_on("cpu")
    assert not worker.computes_on("cuda:0")
    worker.kill()
    assert not worker.computes_on("cpu")


def test_the_end_takes_along_what_the_process_is_doing(worker: Worker) -> None:
    worker.wait_until_ready()
    assert not worker.has_ended()
    worker.close()
    assert worker.has_ended()
    with pytest.raises(ProcessLookupError):
        os.kill(worker.pid, 0)
