"""Records get to the disk beside the training, and a disk that fails ends the batch."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import pytest

from runner.batch.filing import MOST_UNFLUSHED, Filed, Filing
from runner.errors import BatchStopped
from runner.storage.durable import Disk


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
def filing(disk: FakeDisk, workers_ended: threading.Event) -> Iterator[Filing]:
    with Filing(disk, workers_ended.set) as one:
        yield one


def filed(name: str, end: Callable[[], None] = lambda: None) -> Callable[[], Filed]:
    """Return what writes a record: it is in its place at once."""
    return lambda: Filed(Path(name), end)


def assert_flush_waits(filing: Filing, go_on: threading.Event) -> None:
    """Check that a flush ends only after another thread was let go on."""
    waiting = threading.Thread(target=filing.flush)
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    go_on.set()
    waiting.join(10.0)


def test_all_that_was_submitted_is_flushed_and_then_told_of(filing: Filing, disk: FakeDisk) -> None:
    told = []
    for n in range(3):
        filing.submit(filed(str(n), lambda n=n: told.append((n, len(disk.flushed)))))  # type: ignore[misc]
    filing.flush()
    assert list(chain(*disk.flushed)) == ["0", "1", "2"]
    assert [n for n, _ in told] == [0, 1, 2]
    assert all(portions >= 1 for _, portions in told)


def test_nobody_has_to_ask(filing: Filing) -> None:
    told = threading.Event()
    filing.submit(filed("A1", told.set))
    assert told.wait(10.0)


def test_the_end_of_the_context_waits_for_the_last(
    disk: FakeDisk, workers_ended: threading.Event
) -> None:
    with Filing(disk, workers_ended.set) as filing:
        filing.submit(filed("A1"))
    assert list(chain(*disk.flushed)) == ["A1"]
    assert not workers_ended.is_set()


def test_whoever_has_the_time_writes_and_the_flush_comes_later(
    filing: Filing, disk: FakeDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.batch.filing.LINGER_S", 3600.0)
    written = []
    filing.submit(lambda: written.append("A1"))
    assert written == []
    filing.write()
    assert written == ["A1"]
    assert disk.flushed == []


def test_many_are_flushed_by_whoever_writes_more(
    filing: Filing, disk: FakeDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.batch.filing.LINGER_S", 3600.0)
    for n in range(MOST_UNFLUSHED):
        assert disk.flushed == []
        filing.submit(filed(str(n)))
        filing.write()
    assert [len(portion) for portion in disk.flushed] == [MOST_UNFLUSHED]


def test_what_does_not_belong_there_any_more_is_not_told_of(filing: Filing, disk: FakeDisk) -> None:
    filing.submit(lambda: None)
    filing.flush()
    assert list(chain(*disk.flushed)) == []


@pytest.mark.parametrize("fails", ["writing", "flushing"])
def test_a_failure_ends_the_workers_and_is_raised_from_then_on(
    filing: Filing, disk: FakeDisk, workers_ended: threading.Event, fails: str
) -> None:
    told = threading.Event()

    def fail() -> None:
        raise BatchStopped("the disk is full")

    disk.is_full = fails == "flushing"
    filing.submit(fail if fails == "writing" else filed("A1", told.set))
    with pytest.raises(BatchStopped, match="the disk is full"):
        filing.flush()
    assert workers_ended.is_set()
    assert not told.is_set()
    with pytest.raises(BatchStopped, match="the disk is full"):
        filing.raise_error()


def test_one_that_stops_the_batch_lets_the_others_be_told_of(filing: Filing) -> None:
    told = []

    def stop() -> None:
        raise BatchStopped("enough")

    filing.submit(filed("A1", stop))
    filing.submit(filed("A2", lambda: told.append("A2")))
    with pytest.raises(BatchStopped, match="enough"):
        filing.flush()
    assert told == ["A2"]


def test_a_flush_waits_for_what_another_thread_is_writing(filing: Filing, disk: FakeDisk) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def write() -> Filed:
        begun.set()
        assert go_on.wait(10.0)
        return Filed(Path("A1"), lambda: None)

    filing.submit(write)
    assert begun.wait(10.0)  # by the thread that looks after what nobody has written
    assert_flush_waits(filing, go_on)
    assert list(chain(*disk.flushed)) == ["A1"]


def test_a_flush_waits_for_what_another_thread_is_flushing(
    filing: Filing, disk: FakeDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, told = threading.Event(), threading.Event(), []

    def flush(folders: Sequence[Path]) -> None:
        begun.set()
        assert go_on.wait(10.0)

    monkeypatch.setattr(disk, "flush", flush)
    filing.submit(filed("A1", lambda: told.append("A1")))
    assert begun.wait(10.0)
    assert_flush_waits(filing, go_on)
    assert told == ["A1"]


def test_what_ctrl_c_interrupts_is_written_in_the_end(
    disk: FakeDisk, workers_ended: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.batch.filing.LINGER_S", 3600.0)
    interrupts = iter([KeyboardInterrupt])

    def write() -> Filed:
        for interrupt in interrupts:
            raise interrupt
        return Filed(Path("A1"), lambda: None)

    with Filing(disk, workers_ended.set) as filing:
        filing.submit(write)
        with pytest.raises(KeyboardInterrupt):
            filing.write()
    assert list(chain(*disk.flushed)) == ["A1"]
