"""The queue runs every group, answers its faults, and lets each fit have one end."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from runner.batch.queue import Group, Rules, run_queue
from runner.batch.ran import Ran
from runner.errors import BatchStopped
from runner.faults.limits import Limits
from runner.workers.pool import WorkerPool
from runner.workers.protocol import FitResult
from tests.runner.conftest import job
from trial_sets.records.record import EpochPoint, Failure


@dataclass
class Seen:
    """What the queue called, by the fits' numbers."""

    ends: list[tuple[int, str, int]] = field(default_factory=list)  # what, after how many attempts
    retried: list[tuple[int, str]] = field(default_factory=list)
    started: list[int] = field(default_factory=list)
    spare_time: list[int] = field(default_factory=list)  # when there was some: after so many ends
    not_ours: tuple[int, ...] = ()
    on_result: Callable[[], None] = lambda: None
    judged: list[tuple[int, int]] = field(default_factory=list)  # fits and their epochs
    on_judgement: Callable[[int, int], bool] = lambda number, epoch: True

    def claim(self, numbers: Sequence[int]) -> list[int]:
        return [index for index, number in enumerate(numbers) if number not in self.not_ours]

    def start(self, number: int, device: str) -> None:
        self.started.append(number)

    def end_epoch(self, number: int, point: EpochPoint) -> None:
        assert point.epoch == 1 or (number, point.epoch - 1) in self.judged

    def judge(self, number: int, point: EpochPoint) -> bool:
        self.judged.append((number, point.epoch))
        return self.on_judgement(number, point.epoch)

    def file_result(self, number: int, result: FitResult, ran: Ran) -> None:
        self.ends.append((number, result.stop_reason.replace("finished", "result"), ran.attempts))
        self.on_result()

    def file_failure(self, number: int, failure: Failure, ran: Ran) -> None:
        self.ends.append((number, failure.kind, ran.attempts))

    def retry(self, number: int, failure: Failure) -> None:
        self.retried.append((number, failure.kind))

    def spend_time(self) -> None:
        self.spare_time.append(len(self.ends))


RULES = Rules(Limits(timeout_s=30.0), retries=1)


@pytest.fixture
def pool(fake_workers: None) -> Iterator[WorkerPool]:
    with WorkerPool(2) as two:
        two.open(["cpu", "cpu"])
        yield two


def run(pool: WorkerPool, seen: Seen, *orders: str, retries: int = 1) -> None:
    groups = [Group((number,), job(order)) for number, order in enumerate(orders)]
    run_queue(groups, pool, seen, replace(RULES, retries=retries), 2)


def test_every_fit_has_one_end(pool: WorkerPool) -> None:
    seen = Seen()
    run(pool, seen, *["train", "raise"] * 5)
    assert sorted(seen.ends) == [(n, "error" if n % 2 else "result", 1) for n in range(10)]
    assert seen.retried == []


def test_a_result_can_be_filed_while_the_worker_is_at_its_next_job(pool: WorkerPool) -> None:
    seen = Seen()
    run_queue([Group((n,), job("train")) for n in range(3)], pool, seen, RULES, 1)
    assert seen.spare_time == [0, 1, 2]


def test_a_crash_is_tried_again_and_spares_the_others(pool: WorkerPool) -> None:
    seen = Seen()
    run(pool, seen, "train", "kill", "train", "exit", "train", retries=2)
    assert sorted(seen.ends) == [
        (0, "result", 1), (1, "crashed", 3), (2, "result", 1), (3, "crashed", 3), (4, "result", 1),
    ]  # fmt: skip
    assert sorted(seen.retried) == [(1, "crashed")] * 2 + [(3, "crashed")] * 2


@pytest.mark.parametrize("fault", ["no JSON", "wrong index", "result twice", "no result"])
def test_a_worker_that_speaks_nonsense_costs_its_own_fit_alone(
    pool: WorkerPool, fault: str
) -> None:
    seen = Seen()
    run(pool, seen, "train", fault, "train", "train", retries=0)
    end = "result" if fault == "result twice" else "crashed"  # the first of the two counts
    assert sorted(seen.ends) == [
        (number, end if number == 1 else "result", 1) for number in range(4)
    ]


def test_what_another_runner_has_claimed_does_not_run(pool: WorkerPool) -> None:
    seen = Seen(not_ours=(0, 2))
    run(pool, seen, "train", "train", "train")
    assert seen.started == [1]
    assert seen.ends == [(1, "result", 1)]


def test_what_a_group_left_unfinished_runs_alone(pool: WorkerPool) -> None:
    """The fake worker has a result for the first fit of a job, and for no other."""
    seen = Seen()
    run_queue([Group((0, 1, 2), job("train", n_fits=3))], pool, seen, RULES, 2)
    assert sorted(seen.ends) == [(number, "result", 1) for number in range(3)]
    assert seen.started == [0, 1, 2, 1, 2]


def test_the_keeper_judges_the_epochs_of_judged_jobs_alone(pool: WorkerPool) -> None:
    seen = Seen(on_judgement=lambda number, epoch: (number, epoch) != (7, 2))
    groups = [Group((number,), job("judged", judged=True)) for number in (7, 8)]
    run_queue([*groups, Group((9,), job("train"))], pool, seen, RULES, 2)
    assert sorted(seen.judged) == [(7, 1), (7, 2), (8, 1), (8, 2), (8, 3)]
    assert sorted(seen.ends) == [(7, "pruned", 1), (8, "result", 1), (9, "result", 1)]


def test_a_judged_fit_that_crashes_is_judged_from_its_first_epoch_again(pool: WorkerPool) -> None:
    seen = Seen()
    run_queue([Group((0,), job("judged and killed", judged=True))], pool, seen, RULES, 1)
    assert seen.judged == [(0, 1), (0, 1)]
    assert seen.ends == [(0, "crashed", 2)]


def test_a_judge_that_raises_stops_the_batch(pool: WorkerPool) -> None:
    def refuse(number: int, epoch: int) -> bool:
        raise BatchStopped("the disk is full")

    with pytest.raises(BatchStopped, match="the disk is full"):
        run_queue(
            [Group((0,), job("judged", judged=True))], pool, Seen(on_judgement=refuse), RULES, 1
        )
    assert pool.pids() == []


def test_a_keeper_that_raises_stops_the_batch(pool: WorkerPool) -> None:
    def refuse() -> None:
        raise BatchStopped("the disk is full")

    seen = Seen(on_result=refuse)
    with pytest.raises(BatchStopped, match="the disk is full"):
        run(pool, seen, *["train"] * 20)
    assert len(seen.started) <= 2
    assert len(seen.ends) <= 2
    assert pool.pids() == []


def test_groups_are_asked_for_when_there_is_a_slot(pool: WorkerPool) -> None:
    """One of a feed is proposed only once what a single slot ran before has ended."""
    seen = Seen()
    ended: list[int] = []

    def feed() -> Iterator[Group]:
        for number in range(4):
            ended.append(len(seen.ends))
            yield Group((number,), job("train"))

    run_queue(feed(), pool, seen, RULES, 1)
    assert ended == [0, 1, 2, 3]
    assert [number for number, _, _ in seen.ends] == [0, 1, 2, 3]


def test_two_slots_ask_one_after_the_other(pool: WorkerPool) -> None:
    asking: list[int] = []

    def feed() -> Iterator[Group]:
        for number in range(20):
            asking.append(number)
            assert len(asking) == 1, "two threads ask at once"
            asking.pop()
            yield Group((number,), job("train"))

    seen = Seen()
    run_queue(feed(), pool, seen, RULES, 2)
    assert sorted(number for number, _, _ in seen.ends) == list(range(20))


def test_a_feed_that_raises_stops_the_batch(pool: WorkerPool) -> None:
    def feed() -> Iterator[Group]:
        yield Group((0,), job("train"))
        raise BatchStopped("nothing to propose")

    seen = Seen()
    with pytest.raises(BatchStopped, match="nothing to propose"):
        run_queue(feed(), pool, seen, RULES, 2)
    assert len(seen.ends) <= 1
    assert pool.pids() == []
