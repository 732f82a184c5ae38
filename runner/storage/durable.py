"""Files that get to the disk whole: written beside their place, renamed, flushed."""

import contextlib
import ctypes
import os
import platform
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Self

from runner.errors import BatchStopped
from trial_sets.configuration import StrictModel
from trial_sets.placement import replacing

SEVERAL = 4  # folders
MOUNTS = Path("/proc/self/mountinfo")


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the file system refuses into one sentence that stops the batch.

    Raises
    ------
    BatchStopped
        In place of `OSError`.
    """
    try:
        yield
    except OSError as error:
        raise BatchStopped(f"{path}: cannot be written: {error.strerror or error}") from error


def write_whole(path: Path, content: StrictModel) -> None:
    """Write a model as JSON: whole or, when something fails, not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, flush=True) as file:
        file.write(dump(content))
    flush_folder(path.parent)


def dump(content: StrictModel) -> bytes:
    """Return a model as JSON for people to read."""
    return content.model_dump_json(indent=1, by_alias=True).encode() + b"\n"


class Disk:
    """The file system below a folder; a context, within which no failure to write goes unnoticed.

    Several folders are flushed with all of it, once instead of three times each, where it is known
    to flush and to tell of errors: ext4 and XFS on Linux since 5.8.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor = -1
        self._syncfs: Callable[[int], int] | None = None

    def __enter__(self) -> Self:
        with writing(self._folder):
            self._descriptor = os.open(self._folder, os.O_RDONLY)
        if _find_type(self._folder) in {"ext4", "xfs"}:
            self._syncfs = _find_syncfs()
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def flush(self, folders: Sequence[Path]) -> None:
        """Wait until folders, with their files and their places, are on the disk.

        Raises
        ------
        BatchStopped
            If they cannot get there.
        """
        sync = self._syncfs if len(folders) >= SEVERAL else None
        with writing(self._folder):
            if sync is None:
                for folder in folders:
                    flush_placed(folder)
            elif sync(self._descriptor):
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number))


def _find_type(folder: Path) -> str | None:
    """Return the type of the file system that holds a folder, where Linux tells it."""
    device = folder.stat().st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    with contextlib.suppress(OSError):
        for line in MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines():
            before, _, after = line.partition(" - ")
            if before.split()[2] == wanted:
                return after.split()[0]
    return None


def _find_syncfs() -> Callable[[int], int] | None:
    """Return the system's call that flushes a file system, if it has one that tells of errors."""
    release = [int(number) for number in re.findall(r"\d+", platform.release())[:2]]
    if platform.system() != "Linux" or release < [5, 8]:
        return None
    found: Callable[[int], int] | None = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    return found


def flush_all(folder: Path) -> None:
    """Flush a folder's files and its entries."""
    for path in folder.iterdir():
        _flush(path)
    flush_folder(folder)


def flush_placed(folder: Path) -> None:
    """Flush a folder and then its place."""
    flush_all(folder)
    flush_folder(folder.parent)


def flush_folder(folder: Path) -> None:
    """Flush a folder's entries, where the system can."""
    with contextlib.suppress(OSError):
        _flush(folder)


def _flush(path: Path) -> None:
    """Wait until the disk has what was written to a file or folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
