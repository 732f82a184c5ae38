"""How a file gets to its place: whole, and never through a link that somebody planted there.

A file is written under a random name that nobody can guess, created with O_EXCL, which follows no
link, and renamed: a link in its place is replaced, and what it led to stays as it is.
"""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_LONGEST_STEM = 40  # of the name that a temporary one repeats: file systems end at 255 bytes
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


@contextmanager
def replacing(path: Path, *, flush: bool = False) -> Iterator[BinaryIO]:
    """Yield a new file that takes its place once it is written; nothing is left if it fails.

    Parameters
    ----------
    flush
        Whether the disk has it before it gets its place.

    Raises
    ------
    OSError
        If it cannot be written or renamed.
    """
    temporary = path.with_name(f".{path.name[:_LONGEST_STEM]}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            yield file
            if flush:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, whatever lies in its place.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    with replacing(path) as file:
        file.write(content)


def write_named(path: Path, content: bytes) -> None:
    """Write to where a person said: a device or a pipe is written to, a file is replaced.

    Raises
    ------
    OSError
        If it cannot be written; a pipe needs somebody who reads it.
    """
    if not _is_passage(path):
        replace_file(path, content)
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | _NO_WAIT)
    os.set_blocking(descriptor, True)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - it is open already
        file.write(content)


def open_log(path: Path, *, end_line: bool = True) -> BinaryIO:
    """Open a file that lines are added to, unbuffered.

    Parameters
    ----------
    end_line
        Whether a last line that was cut short is ended first.

    Raises
    ------
    OSError
        If it cannot be opened, is a link or no regular file.
    """
    if path.is_symlink():
        raise OSError(errno.ELOOP, "a symbolic link, which is not followed")
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | _NO_LINK | _NO_WAIT
    descriptor = os.open(path, flags, 0o666)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    if end_line and status.st_size and os.pread(descriptor, 1, status.st_size - 1) != b"\n":
        os.write(descriptor, b"\n")
    return open(descriptor, "r+b", buffering=0)  # noqa: PTH123 - it is open already


def make_folder(path: Path) -> None:
    """Make a folder, with those above it, unless it is there.

    Raises
    ------
    OSError
        If it cannot be made, or a symbolic link stands there.
    """
    if path.is_symlink():
        raise OSError(errno.ELOOP, "a symbolic link, which is not followed", str(path))
    path.mkdir(parents=True, exist_ok=True)


def _is_passage(path: Path) -> bool:
    """Return whether a path leads to a device or a pipe, or is a link of the system's own."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    if stat.S_ISLNK(mode):
        place = os.path.realpath(path.parent)  # /dev/stdout, /dev/fd/63
        return place == "/dev" or place.startswith("/proc/")
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
