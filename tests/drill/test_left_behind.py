"""What a trainer has started ends with its batch, however that ends."""

import signal
import sys
import time
from pathlib import Path

import pytest

from tests.drill.batch import Batch

GONE_WITHIN_S = 10.0


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a session of its own escapes")
@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGKILL, marks=pytest.mark.slow),
        pytest.param(signal.SIGINT, marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_no_program_outlives_a_runner_that_is_ended(tmp_path: Path, number: int) -> None:
    batch = Batch(tmp_path / "batch", tmp_path / "outputs", built_in=False, n_trials=8)
    (batch.folder / "orphans").touch()
    process = batch.start()
    deadline = time.monotonic() + 60
    while len(batch.read_diary()) < 1 or (batch.folder / "orphans").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.05)
    process.send_signal(number)
    process.wait(60)
    deadline = time.monotonic() + GONE_WITHIN_S
    while (left := batch.processes()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []
