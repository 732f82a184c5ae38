"""What is known of the machine's processor informs a person; it decides nothing."""

from pathlib import Path
from typing import cast

import pytest

from runner.batch.settling import settle_machine
from runner.errors import WorkerDied
from runner.storage.machine import Machine, read_machine
from runner.workers.pool import WorkerPool
from runner.workers.protocol import Measured, Ready
from trial_sets.records.layout import Outputs

READY = Ready(
    versions={"torch": "2.13.0"}, processor="Chip, AVX512", cuda=(), mps=False, matmul="default"
)


class CountingPool:
    """A pool whose first worker measures at once."""

    def __init__(self) -> None:
        self.measured = 0

    def measure_processor(self) -> Measured:
        self.measured += 1
        return Measured(gflops={"default": 100.0, "onednn": 200.0 + self.measured})


def settle(outputs: Path, pool: CountingPool, ready: Ready = READY) -> Machine:
    return settle_machine(Outputs(outputs), cast(WorkerPool, pool), ready)


def test_a_machine_is_measured_once(tmp_path: Path) -> None:
    pool = CountingPool()
    first = settle(tmp_path, pool)
    assert settle(tmp_path, pool) == first == read_machine(Outputs(tmp_path))
    assert pool.measured == 1


def test_the_library_follows_from_the_processor_and_not_from_its_speed(tmp_path: Path) -> None:
    said = settle(tmp_path, CountingPool()).describe()
    assert "default 100, onednn 201; single precision takes default" in said


@pytest.mark.parametrize(
    "changes", [{"processor": "Other chip"}, {"versions": {"torch": "3"}}, {"matmul": "onednn"}]
)
def test_another_processor_torch_or_rule_is_measured_anew(
    changes: dict[str, object], tmp_path: Path
) -> None:
    pool = CountingPool()
    settle(tmp_path, pool)
    other = settle(tmp_path, pool, READY.model_copy(update=changes))
    assert (pool.measured, other) == (2, read_machine(Outputs(tmp_path)))


def test_a_damaged_note_is_measured_anew(tmp_path: Path) -> None:
    pool = CountingPool()
    (tmp_path / "machine.json").write_text("{")
    assert read_machine(Outputs(tmp_path)) is None
    assert settle(tmp_path, pool) == read_machine(Outputs(tmp_path))


def test_a_processor_that_could_not_be_measured_is_tried_by_the_next_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(self: CountingPool) -> Measured:
        raise WorkerDied(-9, "")

    with monkeypatch.context() as patch:
        patch.setattr(CountingPool, "measure_processor", die)
        assert settle(tmp_path, CountingPool()).gflops == {}
    assert read_machine(Outputs(tmp_path)) is None
    assert settle(tmp_path, CountingPool()).gflops["onednn"] == 201.0


def test_nothing_is_known_at_first(tmp_path: Path) -> None:
    assert read_machine(Outputs(tmp_path)) is None
