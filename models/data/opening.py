"""How a data file is opened that may be anything, and how much of it is read.

This package imports nothing local, so that the opener of the other packages
(`trial_sets/opening.py`) has a twin here; a test holds them equal.
"""

import errno
import gzip
import io
import os
import stat
import zlib
from pathlib import Path
from typing import BinaryIO

from models.errors import DataError, nearest

MIB = 1024**2
MAX_BYTES = 1024 * MIB  # of a file, and of what a compressed one comes to
MAX_CELLS = 100_000_000  # of a table: 800 MB of numbers
_PIECE_BYTES = MIB
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


def read_data_file(path: Path) -> bytes:
    """Return what a data file holds.

    Raises
    ------
    DataError
        If it is missing, cannot be read, is no regular file, is empty or too large.
    """
    try:
        with open_regular(path) as file:
            content = read_limited(file, str(path))
    except FileNotFoundError:
        siblings = _list_siblings(path)
        raise DataError(f"{path}: there is no such file{nearest(path.name, siblings)}") from None
    except IsADirectoryError:
        raise DataError(f"{path}: this is a folder; name one file in it") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError:
        raise DataError(f"{str(path)!r}: no file can have this name") from None
    if not content:
        raise DataError(f"{path}: the file is empty")
    return content


def unpack_gzip(content: bytes, file: str) -> bytes:
    """Return what gzip-compressed bytes come to.

    Raises
    ------
    DataError
        If they are no complete gzip file, or come to too much.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as unpacked:
            return read_limited(unpacked, file)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise DataError(f"{file}: this is not a complete gzip file") from None


def read_limited(opened: BinaryIO | gzip.GzipFile, file: str) -> bytes:
    """Return all that an open file holds, piece by piece.

    Raises
    ------
    DataError
        As soon as it comes to more than is read.
    """
    content = bytearray()
    while piece := opened.read(_PIECE_BYTES):
        content += piece
        if len(content) > MAX_BYTES:
            raise DataError(
                f"{file}: comes to more than the {MAX_BYTES // MIB:,} MiB that are read"
            )
    return bytes(content)


def refuse_large(n_rows: int, n_columns: int, file: str) -> None:
    """Refuse a table before room is made for it.

    Raises
    ------
    DataError
        If it has too many cells.
    """
    if n_rows * n_columns > MAX_CELLS:
        raise DataError(
            f"{file}: {n_rows:,} rows of {n_columns:,} columns are more than the "
            f"{MAX_CELLS:,} cells that are read"
        )


def _list_siblings(path: Path) -> list[str]:
    """Return what a missing file may have been meant to be."""
    try:
        return os.listdir(path.parent)[:1000]  # noqa: PTH208 - names alone
    except OSError:
        return []
