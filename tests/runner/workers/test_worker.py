"""A worker process ends when it can hear no more."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-m", "runner.workers.worker"],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:  # fmt: skip
        yield process
        process.kill()


def test_it_ends_with_its_parent(worker: subprocess.Popen[bytes]) -> None:
    assert worker.stdin is not None
    worker.stdin.close()
    assert worker.wait(30) == -signal.SIGKILL


def test_it_does_not_stay_deaf_after_what_it_cannot_understand(
    worker: subprocess.Popen[bytes],
) -> None:
    assert worker.stdin is not None
    assert worker.stderr is not None
    worker.stdin.write(b"nonsense\n")
    worker.stdin.flush()
    assert worker.wait(30) == 1
    assert b"ValidationError" in worker.stderr.read()
