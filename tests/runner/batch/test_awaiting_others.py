"""Who has nothing left to run waits for what others run, and asks little for that."""

from collections import deque
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from runner.batch import run
from runner.batch.run import LOOKS_A_POLL


@pytest.fixture
def plan(tmp_path: Path) -> Any:
    fits = [SimpleNamespace(fit=SimpleNamespace(id=("A1", seed))) for seed in range(1_000)]
    folder = SimpleNamespace(fit=lambda name, seed: tmp_path / name / str(seed))
    return SimpleNamespace(to_run=fits, folder=folder)


class FakeClaims:
    """Claims of which all fits but some are live."""

    def __init__(self, free: set[int]) -> None:
        self.free, self.looks = free, 0

    def is_free(self, path: Path) -> bool:
        self.looks += 1
        return int(path.name) in self.free


def test_a_poll_looks_at_a_few_of_many_fits_that_run_elsewhere(plan: Any) -> None:
    claims, waiting = FakeClaims(set()), deque(range(1_000))
    assert list(run._look_at_some(plan, waiting, cast("Any", claims))) == []
    assert claims.looks == LOOKS_A_POLL
    assert (waiting[0], waiting[-1], len(waiting)) == (LOOKS_A_POLL, LOOKS_A_POLL - 1, 1_000)


def test_what_has_ended_elsewhere_is_found_at_one_poll(plan: Any) -> None:
    claims, waiting = FakeClaims(set(range(500))), deque(range(505))
    assert list(run._look_at_some(plan, waiting, cast("Any", claims))) == list(range(500))
    assert list(waiting) == list(range(500, 505))
