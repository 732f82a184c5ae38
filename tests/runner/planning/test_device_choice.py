"""What ``--device`` asks for."""

import os
from pathlib import Path

import pytest

from runner.errors import RunError
from runner.planning import device_choice
from runner.planning.device_choice import count_cores, parse_device, read_cpu_share


@pytest.mark.parametrize(
    "text", ["gpu", "cuda:", "cuda:a", "cuda:0,", "cpu:0", "", "CUDA", "cuda:٣", f"cuda:{9:05000}"]
)
def test_a_device_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(RunError, match=r"expected auto, cpu, mps, cuda, or such as cuda:0,1"):
        parse_device(text)


def test_a_device_twice_is_refused() -> None:
    with pytest.raises(RunError, match=r"cuda:1,1: a device stands twice"):
        parse_device("cuda:1,1")


@pytest.fixture(autouse=True)
def _has_no_quota(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(device_choice, "_CGROUP", tmp_path)


@pytest.mark.parametrize(
    ("allotted", "count"), [("1", 1), ("2", 2), ("64", 3), ("", 3), ("0", 3), ("two", 3)]
)
def test_cores_are_those_of_the_allocation(
    monkeypatch: pytest.MonkeyPatch, allotted: str, count: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 5}, raising=False)
    monkeypatch.setenv("SLURM_CPUS_PER_TASK", allotted)
    assert count_cores() == count


def test_outside_of_linux_all_cores_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLURM_CPUS_PER_TASK", raising=False)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    assert count_cores() == 7
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert count_cores() == 1


@pytest.mark.parametrize(
    ("quota", "count"),
    [("200000 100000", 2), ("150000 100000", 2), ("20000 100000", 1), ("9900000 100000", 3),
     ("max 100000", 3), ("", 3), ("1 0", 3)],
)  # fmt: skip
def test_a_containers_share_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, quota: str, count: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 5}, raising=False)
    monkeypatch.delenv("SLURM_CPUS_PER_TASK", raising=False)
    (tmp_path / "cpu.max").write_text(quota)
    assert count_cores() == count


def test_the_share_of_an_older_kernel_is_read(tmp_path: Path) -> None:
    assert read_cpu_share(tmp_path) is None
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("-1\n")
    assert read_cpu_share(tmp_path) is None
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("250000\n")
    assert read_cpu_share(tmp_path) == 2.5
