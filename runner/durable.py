"""Files that get to the disk whole: written beside their place, renamed, flushed."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from runner.errors import BatchStopped
from trial_sets.configuration import StrictModel


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
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        temporary.write_bytes(dump(content))
        _flush(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    flush_folder(path.parent)


def dump(content: StrictModel) -> bytes:
    """Return a model as JSON for people to read."""
    return content.model_dump_json(indent=1, by_alias=True).encode() + b"\n"


def flush_all(folder: Path) -> None:
    """Flush a folder's files and its entries."""
    for path in folder.iterdir():
        _flush(path)
    flush_folder(folder)


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
