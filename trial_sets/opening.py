"""How a file is opened that may be anything: regular files alone, and no more than is allowed.

A pipe without a writer would keep a reader waiting, a device would never end. What a path leads to
is therefore asked of the open file, and not of the path, which may lead elsewhere a moment later.
"""

import errno
import hashlib
import io
import os
import stat
from pathlib import Path

from trial_sets.errors import InputError

MIB = 1024**2
_PIECE_BYTES = 64 * 1024
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


def open_regular(path: Path) -> io.BufferedReader:
    """Open a regular file for reading, without waiting for anybody.

    Raises
    ------
    OSError
        If it cannot be opened, or is a folder, a pipe, a socket or a device.
    """
    descriptor = os.open(path, _FLAGS)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return open(descriptor, "rb")  # noqa: PTH123 - it is open already
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise OSError(errno.EINVAL, "not a regular file", str(path))


def hash_file(path: Path) -> str | None:
    """Return a regular file's SHA-256 as hex digits; None where it cannot be read."""
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """Return what a regular file holds.

    Raises
    ------
    InputError
        If it cannot be read, is no regular file, or is larger than ``max_bytes``.
    """
    try:
        content = bytearray()
        with open_regular(path) as file:  # one below /proc tells no size beforehand
            while len(content) <= max_bytes and (piece := file.read(_PIECE_BYTES)):
                content += piece
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError:
        raise InputError(f"{str(path)!r}: no file can have this name") from None
    if len(content) > max_bytes:
        raise InputError(f"{path}: the file is larger than {max_bytes // MIB} MiB")
    return bytes(content)
