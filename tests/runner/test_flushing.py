"""Records get to the disk beside the training, and a disk that fails ends the batch."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import pytest

from runner.durable import Disk
from runner.errors import BatchStopped
from runner.flushing import MOST_PENDING, Flushing


@dataclass
class FakeDisk(Disk):
    """Notes what it flushes, in which portions."""

    flushed: list[list[str]] = field(default_factory=list)
    is_full: bool = False

    def flush(self, folders: Sequence[Path]) -> None:
        if self.is_full:
            raise BatchStopped("the disk is full")
        self.flushed.append([folder.name for folder in folders])


@pytest.fixture
def disk() -> FakeDisk:
    return FakeDisk()


@pytest.fixture
def workers_ended() -> threading.Event:
    return threading.Event()


@pytest.fixture
def flushing(disk: FakeDisk, workers_ended: threading.Event) -> Iterator[Flushing]:
    with Flushing(disk, workers_ended.set) as one:
        yield one


def test_all_that_was_submitted_is_flushed_and_then_told_of(
    flushing: Flushing, disk: FakeDisk
) -> None:
    told = []
    for n in range(3):
        flushing.submit(Path(str(n)), lambda n=n: told.append((n, len(disk.flushed))))  # type: ignore[misc]
    flushing.flush()
    assert list(chain(*disk.flushed)) == ["0", "1", "2"]
    assert [n for n, _ in told] == [0, 1, 2]
    assert all(portions >= 1 for _, portions in told)


def test_nobody_has_to_ask(flushing: Flushing) -> None:
    told = threading.Event()
    flushing.submit(Path("A1"), told.set)
    assert told.wait(10.0)


def test_the_end_of_the_context_waits_for_the_last(
    disk: FakeDisk, workers_ended: threading.Event
) -> None:
    with Flushing(disk, workers_ended.set) as flushing:
        flushing.submit(Path("A1"), lambda: None)
    assert list(chain(*disk.flushed)) == ["A1"]
    assert not workers_ended.is_set()


def test_many_are_flushed_by_whoever_submits_more(
    flushing: Flushing, disk: FakeDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.flushing.LINGER_S", 3600.0)
    for n in range(MOST_PENDING):
        assert disk.flushed == []
        flushing.submit(Path(str(n)), lambda: None)
    assert [len(portion) for portion in disk.flushed] == [MOST_PENDING]


def test_a_failure_ends_the_workers_and_is_raised_from_then_on(
    flushing: Flushing, disk: FakeDisk, workers_ended: threading.Event
) -> None:
    disk.is_full = True
    told = threading.Event()
    flushing.submit(Path("A1"), told.set)
    with pytest.raises(BatchStopped, match="the disk is full"):
        flushing.flush()
    assert workers_ended.is_set()
    assert not told.is_set()
    with pytest.raises(BatchStopped, match="the disk is full"):
        flushing.raise_error()


def test_one_that_stops_the_batch_lets_the_others_be_told_of(flushing: Flushing) -> None:
    told = []

    def stop() -> None:
        raise BatchStopped("enough")

    flushing.submit(Path("A1"), stop)
    flushing.submit(Path("A2"), lambda: told.append("A2"))
    with pytest.raises(BatchStopped, match="enough"):
        flushing.flush()
    assert told == ["A2"]
