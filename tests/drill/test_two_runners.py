"""Two runners on one outputs folder share the work."""

import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.drill.batch import Batch


def test_two_runners_run_every_fit_once_between_them(tmp_path: Path) -> None:
    batch = Batch(tmp_path / "batch", tmp_path / "outputs", built_in=False, n_trials=5)
    codes = [process.wait(100) for process in [batch.start(), batch.start()]]
    assert codes == [0, 0], batch.words()
    assert len(batch.table()) == 10
    assert set(Counter(batch.read_diary()).values()) == {1}
    assert batch.survey().counts == {"done": 10}


@pytest.mark.slow
def test_a_terminated_runner_exits_143_and_the_next_one_goes_on(tmp_path: Path) -> None:
    batch = Batch(tmp_path / "batch", tmp_path / "outputs", built_in=False, n_trials=5)
    process = batch.start()
    process.send_signal(signal.SIGTERM)
    assert process.wait(100) == 143
    assert "Terminated; finished fits are kept" in batch.words()
    assert "running" not in batch.survey().counts
    n_done = batch.survey().counts.get("done", 0)
    assert n_done < 10
    assert batch.processes() == []
