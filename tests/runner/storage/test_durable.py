"""What was written gets to the disk, one folder at a time or with its file system."""

import ctypes
import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.errors import BatchStopped
from runner.storage.durable import SEVERAL, Disk, _find_syncfs


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    found = [tmp_path / f"A{n}" / "seed-3" for n in range(SEVERAL)]
    for folder in found:
        folder.mkdir(parents=True)
        (folder / "record.json").write_text("{}")
    return found


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The inodes of what was flushed one by one."""
    inodes: list[int] = []
    monkeypatch.setattr("os.fsync", lambda descriptor: inodes.append(os.fstat(descriptor).st_ino))
    return inodes


def answer(monkeypatch: pytest.MonkeyPatch, sync: Callable[[int], int] | None) -> None:
    monkeypatch.setattr("runner.storage.durable._find_syncfs", lambda: sync)
    monkeypatch.setattr("runner.storage.durable._find_type", lambda folder: "ext4")


def test_a_folder_is_flushed_after_its_files_and_before_its_place(
    folders: list[Path], flushed: list[int], tmp_path: Path
) -> None:
    with Disk(tmp_path) as disk:
        disk.flush(folders[:1])
    order = [folders[0] / "record.json", folders[0], folders[0].parent]
    assert flushed == [path.stat().st_ino for path in order]


def test_several_are_flushed_with_their_file_system(
    folders: list[Path], flushed: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []

    def sync(descriptor: int) -> int:
        synced.append(os.fstat(descriptor).st_ino)
        return 0

    answer(monkeypatch, sync)
    with Disk(tmp_path) as disk:
        disk.flush(folders)
    assert synced == [tmp_path.stat().st_ino]
    assert flushed == []


def test_where_the_system_cannot_every_folder_is_flushed(
    folders: list[Path], flushed: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, None)
    with Disk(tmp_path) as disk:
        disk.flush(folders)
    assert len(flushed) == 3 * SEVERAL


def test_a_file_system_that_cannot_be_flushed_is_an_error(
    folders: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int) -> int:
        ctypes.set_errno(errno.ENOSPC)
        return -1

    answer(monkeypatch, refuse)
    with Disk(tmp_path) as disk, pytest.raises(BatchStopped, match="No space left on device"):
        disk.flush(folders)


@pytest.mark.parametrize(("kind", "known"), [("ext4", True), ("fuse.sshfs", False)])
def test_only_a_file_system_that_is_known_is_flushed_as_a_whole(
    kind: str,
    known: bool,
    folders: list[Path],
    flushed: list[int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    device = tmp_path.stat().st_dev
    mounts = tmp_path / "mountinfo"
    number = f"{os.major(device)}:{os.minor(device)}"
    mounts.write_text(
        f"30 1 0:1 / /proc rw - proc proc rw\n36 35 {number} / / rw shared:1 - {kind} /dev/a rw\n"
    )
    monkeypatch.setattr("runner.storage.durable.MOUNTS", mounts)
    monkeypatch.setattr("runner.storage.durable._find_syncfs", lambda: lambda descriptor: 0)
    with Disk(tmp_path) as disk:
        disk.flush(folders)
    assert (flushed == []) == known


@pytest.mark.parametrize(
    ("system", "release", "tells"),
    [("Linux", "5.7.19-generic", False), ("Darwin", "23.1.0", False), ("Linux", "6.1", True)],
)
def test_only_a_system_that_tells_of_errors_is_asked(
    system: str, release: str, tells: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("platform.release", lambda: release)
    monkeypatch.setattr("ctypes.CDLL", lambda name, use_errno: type("C", (), {"syncfs": int})())
    assert (_find_syncfs() is not None) == tells
