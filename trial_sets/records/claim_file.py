"""Adding lines to the ledger of claims: one writer at a time, each line whole or not at all.

The system's lock keeps writers apart where the file system has locks; where it has none, two who
write in the same moment break the chain, which every reader notices.
"""

import contextlib
import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from trial_sets.opening import read_bytes
from trial_sets.placement import make_folder, open_log
from trial_sets.records.claim_ledger import (
    MOST_BYTES,
    ClaimLedger,
    digest_line,
    is_line,
    parse_claims,
)
from trial_sets.records.claim_lines import Line

if sys.platform != "win32":
    import fcntl

LOCK_S = 30.0  # that a lock is waited for: a writer holds it for milliseconds
_POLL_S = 0.01
_HELD = {errno.EACCES, errno.EAGAIN}


@dataclass(slots=True)
class OpenLedger:
    """A ledger that nobody else writes to.

    Attributes
    ----------
    ledger : ClaimLedger
        As it is now.
    """

    ledger: ClaimLedger
    _descriptor: int

    def add(self, *lines: Line) -> None:
        """Add lines, each sealed by the next; they are on the disk when this returns.

        Raises
        ------
        OSError
            If they cannot be written; then none of them is.
        """
        if not lines:
            return
        texts: list[bytes] = []
        sealed: list[Line] = []
        digests: list[str] = []
        head = self.ledger.head
        for line in lines:
            sealed.append(line.model_copy(update={"previous": head}))
            texts.append(sealed[-1].model_dump_json().encode())
            digests.append(head := digest_line(texts[-1]))
        _write(self._descriptor, b"\n".join(texts) + b"\n")
        self.ledger = ClaimLedger((*self.ledger.lines, *sealed), (*self.ledger.digests, *digests))


@contextmanager
def open_claims(path: Path) -> Iterator[OpenLedger]:
    """Open a ledger to add to it; it is made where there is none.

    What a writer that died left of a line is cut off.

    Raises
    ------
    InputError
        If what is there cannot be read.
    OSError
        If it cannot be written to, or another process holds it for half a minute.
    """
    make_folder(path.parent)
    is_new = not path.exists()
    with open_log(path, end_line=False) as file:  # what is no whole line is cut off
        descriptor = file.fileno()
        _lock(descriptor, path)
        content = read_bytes(path, MOST_BYTES)
        ledger = parse_claims(content, str(path))
        _end_last_line(descriptor, content)
        if is_new:
            _flush_folder(path.parent)
        yield OpenLedger(ledger, descriptor)


def tell_time() -> str:
    """Return the time as a line holds it, so fine that no two ledgers begin alike."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _lock(
    descriptor: int,
    path: Path,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Wait for the lock; a file system without locks grants none, and is written to without."""
    if sys.platform == "win32":
        return
    end = clock() + LOCK_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # ends with the descriptor
        except OSError as error:
            if error.errno not in _HELD:
                return
            if clock() > end:
                raise OSError(error.errno, "another process holds it", str(path)) from None
            time.sleep(_POLL_S)
        else:
            return


def _end_last_line(descriptor: int, content: bytes) -> None:
    """Cut off what is only the beginning of a line, or end one that lacks its end."""
    _, _, rest = content.rpartition(b"\n")
    if rest and is_line(rest):
        _write(descriptor, b"\n")
    elif rest:
        os.ftruncate(descriptor, len(content) - len(rest))


def _write(descriptor: int, content: bytes) -> None:
    """Write and flush, all of it or nothing."""
    size = os.fstat(descriptor).st_size
    try:
        if os.write(descriptor, content) != len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, size)
        raise


def _flush_folder(folder: Path) -> None:
    """Flush a folder's entries, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
