"""Records get to the disk beside the training, and a disk that fails ends the batch."""

import threading
from collections.abc import Iterator

import pytest

from runner.flushing import Flushing


class Workers:
    """Notes whether they were ended."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def end(self) -> None:
        self.ended.set()


@pytest.fixture
def workers() -> Workers:
    return Workers()


@pytest.fixture
def flushing(workers: Workers) -> Iterator[Flushing]:
    with Flushing(workers.end) as one:
        yield one


def refuse() -> None:
    raise OSError("the disk is full")


def test_everything_is_flushed_when_the_context_ends(workers: Workers) -> None:
    flushed: list[int] = []
    with Flushing(workers.end) as flushing:
        for number in range(20):
            flushing.submit(lambda number=number: flushed.append(number))  # type: ignore[misc]
    assert sorted(flushed) == list(range(20))
    assert not workers.ended.is_set()


def test_to_wait_is_to_wait_for_the_last(flushing: Flushing) -> None:
    free, flushed = threading.Event(), threading.Event()

    def flush() -> None:
        free.wait()
        flushed.set()

    flushing.submit(flush)
    threading.Timer(0.05, free.set).start()
    flushing.wait()
    assert flushed.is_set()


def test_a_failure_ends_the_workers_and_is_raised_from_then_on(
    flushing: Flushing, workers: Workers
) -> None:
    with pytest.raises(OSError, match="the disk is full"):
        flushing.submit(refuse).result()
    assert workers.ended.is_set()
    with pytest.raises(OSError, match="the disk is full"):
        flushing.submit(lambda: None)
    with pytest.raises(OSError, match="the disk is full"):
        flushing.wait()


def test_too_many_pending_make_the_next_wait(
    flushing: Flushing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.flushing.MOST_PENDING", 2)
    free, submitted = threading.Event(), threading.Event()

    def block() -> None:
        free.wait()

    def submit_another() -> None:
        flushing.submit(lambda: None)
        submitted.set()

    for _ in range(2):
        flushing.submit(block)
    third = threading.Thread(target=submit_another)
    third.start()
    assert not submitted.wait(0.1)
    free.set()
    third.join()
    assert submitted.is_set()
