"""Whatever happens to a batch, no finished fit is lost and none runs twice."""

import os
import sys
from pathlib import Path

import pytest

from tests.drill.drill import run_drill


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and prlimit")
def test_faults_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    rounds = int(os.environ.get("DRILL_ROUNDS", "30"))
    tally = run_drill(tmp_path, rounds, seed=2)
    assert tally.is_clean, f"{tally}\n" + "\n".join(tally.wrong)
