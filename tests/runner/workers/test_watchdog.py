"""A watchdog ends what takes too long or falls silent, and nothing else."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from runner.faults.limits import Limits
from runner.workers.watchdog import LONGEST_TICK_S, EndReason, Watchdog, _Watch


class Process:
    """A process that can be ended, and may have ended by itself."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.is_gone = False


@pytest.fixture
def process() -> Process:
    return Process()


@pytest.fixture
def watchdog(process: Process, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watchdog]:
    monkeypatch.setattr("runner.workers.watchdog.TICK_S", 0.005)
    dog = Watchdog(process.ended.set, lambda: process.is_gone)
    yield dog
    dog.close()


def judge_until(
    watch: _Watch, ticks: list[float], hear: Callable[[float], bool]
) -> EndReason | None:
    """Let ticks pass; return the first reason to end the process."""
    for now in ticks:
        watch.heard = hear(now)
        if (reason := watch.judge(now)) is not None:
            return reason
    return None


def test_a_job_that_talks_in_time_is_left_alone() -> None:
    watch = _Watch(Limits(timeout_s=10.0, hang_s=1.0), started=0.0, before=0.0)
    assert judge_until(watch, [0.9 * n for n in range(1, 11)], lambda now: True) is None


def test_a_job_is_ended_when_its_time_is_over_however_much_it_talks() -> None:
    watch = _Watch(Limits(timeout_s=10.0), started=0.0, before=0.0)
    reason = judge_until(watch, [1.0 * n for n in range(1, 12)], lambda now: True)
    assert reason == EndReason("timed_out", "it took longer than the 10 s of --timeout")
    assert watch.before == 11.0


def test_a_pause_counts_for_no_limit(
    watchdog: Watchdog, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.monotonic
    passed_s = [0.0]
    monkeypatch.setattr("runner.workers.watchdog.time.monotonic", lambda: now() + passed_s[0])
    with watchdog.over(Limits(timeout_s=60.0, hang_s=10.0)):
        for _ in range(100):
            with watchdog.paused():
                passed_s[0] += 1.0
        assert not process.ended.wait(0.05)
        passed_s[0] += 61.0
        assert process.ended.wait(5.0)
    assert watchdog.reason is not None
    assert watchdog.reason.kind == "timed_out"


def test_silence_is_counted_from_the_last_that_was_heard() -> None:
    watch = _Watch(Limits(hang_s=2.0), started=0.0, before=0.0)
    reason = judge_until(watch, [0.5 * n for n in range(1, 20)], lambda now: now == 1.5)
    assert reason == EndReason("hung", "the worker process gave no sign of life for 2 s")
    assert watch.before == 4.0


def test_a_pause_of_the_runner_counts_as_one_tick_of_silence() -> None:
    watch = _Watch(Limits(hang_s=1.5), started=0.0, before=0.0)
    assert watch.judge(3600.0) is None
    assert watch.silent_s == LONGEST_TICK_S


def test_a_silent_process_is_ended_and_the_reason_kept(
    watchdog: Watchdog, process: Process
) -> None:
    with watchdog.over(Limits(hang_s=0.01)):
        assert process.ended.wait(10.0)
    assert watchdog.reason is not None
    assert watchdog.reason.kind == "hung"


def test_nothing_is_ended_between_jobs(watchdog: Watchdog, process: Process) -> None:
    with watchdog.over(Limits(hang_s=60.0)):
        watchdog.note_life()
    watchdog.note_life()
    assert not process.ended.wait(0.05)
    assert watchdog.reason is None


def test_a_process_that_is_gone_has_its_children_ended_without_a_reason(
    watchdog: Watchdog, process: Process
) -> None:
    process.is_gone = True
    with watchdog.over(Limits()):
        assert process.ended.wait(10.0)
    assert watchdog.reason is None
