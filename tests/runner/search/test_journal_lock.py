"""The journal's lock is Optuna's, and is not waited for where its owner has ended."""

import threading
import time
from pathlib import Path

import pytest
from optuna.storages.journal import JournalFileSymlinkLock

from runner.search import journal_lock
from runner.search.journal_lock import JournalLock
from tests.runner.conftest import dead_runner


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "optuna.journal"


def test_optuna_and_we_wait_for_each_other(path: Path) -> None:
    ours, theirs = JournalLock(path), JournalFileSymlinkLock(str(path))
    for first, second in ((ours, theirs), (theirs, ours)):
        first.acquire()
        waiting = threading.Thread(target=second.acquire)
        waiting.start()
        waiting.join(0.1)
        assert waiting.is_alive()
        first.release()
        waiting.join(5)
        assert not waiting.is_alive()
        second.release()
    assert list(path.parent.iterdir()) == []


def test_the_lock_of_a_process_that_has_ended_is_taken_over_at_once(path: Path) -> None:
    path.with_name("optuna.journal.lock").symlink_to(dead_runner().model_dump_json())
    started = time.monotonic()
    lock = JournalLock(path)
    lock.acquire()
    assert time.monotonic() - started < 1
    lock.release()
    assert [entry.name for entry in path.parent.iterdir()] == []


def test_an_owner_of_whom_nothing_is_known_is_waited_for_a_while(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_lock, "GRACE_S", 0.2)
    path.with_name("optuna.journal.lock").symlink_to(path)  # as Optuna's own
    started = time.monotonic()
    lock = JournalLock(path)
    lock.acquire()
    assert 0.2 <= time.monotonic() - started < 5
    assert str(path.with_name("optuna.journal.lock").readlink()) == lock._runner.model_dump_json()
