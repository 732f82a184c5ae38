"""Slots are lent to one job at a time, and a dead worker costs nobody but its own job."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from runner.errors import BatchStopped, Stopped
from runner.faults.limits import Limits
from runner.workers.pool import WorkerPool
from runner.workers.supervisor import Worker
from tests.processes import is_alive
from tests.runner.conftest import job


@pytest.fixture
def pool(fake_workers: None) -> Iterator[WorkerPool]:
    with WorkerPool(2) as two:
        yield two


def test_there_are_as_many_workers_as_devices(pool: WorkerPool) -> None:
    first, second = pool.pids()
    pool.open(["cpu"])
    assert pool.pids() == [first]
    assert not is_alive(second)
    pool.open(["cpu"] * 3)
    assert pool.pids()[0] == first
    assert len(pool.pids()) == 3


def test_a_slot_is_lent_to_one_thread_at_a_time(pool: WorkerPool) -> None:
    pool.open(["cpu"])
    order = []

    def borrow() -> None:
        with pool.slot():
            order.append("other")

    with pool.slot():
        other = threading.Thread(target=borrow)
        other.start()
        time.sleep(0.1)
        order.append("first")
    other.join()
    assert order == ["first", "other"]


def test_a_worker_that_died_between_two_jobs_is_replaced_before_the_next(pool: WorkerPool) -> None:
    pool.open(["cpu"])
    with pool.slot() as slot:
        assert len(list(slot.worker.run(job("train once"), Limits()))) == 2
        dead = slot.worker
        while not dead.has_ended():
            time.sleep(0.01)
    with pool.slot() as slot:
        assert slot.worker is not dead
        assert len(list(slot.worker.run(job("train"), Limits()))) == 2
    assert pool.pids() == [slot.worker.pid]


def test_without_a_device_that_computes_the_batch_stops(pool: WorkerPool) -> None:
    pool.open(["cpu", "cuda:0"])
    for device, is_lost in (("cpu", False), ("cuda:0", True)):
        with pool.slot() as slot:
            slot.retire_if_lost()
            assert (slot.device, slot.retired) == (device, is_lost)
    with pool.slot() as slot:
        slot.retired = True
    with pytest.raises(BatchStopped, match="no device is left"), pool.slot():
        pass


def test_a_stopped_pool_lends_nothing_and_starts_nobody(pool: WorkerPool) -> None:
    pool.open(["cpu", "cpu"])
    pids = pool.pids()
    pool.stop()
    assert not any(map(is_alive, pids))
    with pytest.raises(Stopped), pool.slot():
        pass


def test_a_worker_that_the_stop_has_killed_is_not_replaced(pool: WorkerPool) -> None:
    pool.open(["cpu"])
    borrowed = threading.Event()
    raised: list[BaseException] = []

    def borrow() -> None:
        try:
            with pool.slot() as slot:
                borrowed.set()
                while not slot.worker.has_ended():
                    time.sleep(0.01)
                slot.replace_worker()
        except Stopped as stop:
            raised.append(stop)

    thread = threading.Thread(target=borrow)
    thread.start()
    borrowed.wait(10)
    pool.stop()
    thread.join()
    assert len(raised) == 1


def test_a_worker_in_the_place_of_a_dead_one_has_its_slot(pool: WorkerPool) -> None:
    pool.open(["cpu"])
    with pool.slot() as slot:
        before: Worker = slot.worker
        os.kill(before.pid, signal.SIGKILL)
        slot.replace_worker()
        assert pool.pids() == [slot.worker.pid] != [before.pid]
