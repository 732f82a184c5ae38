"""Which process this is, and whether another one still lives."""

import os
import secrets
import socket
import uuid
from functools import lru_cache
from pathlib import Path

from runner.storage.owner import Runner

_PROC = Path("/proc/self/stat")


def describe_self() -> Runner:
    """Return what names this process, with a new token."""
    pid = os.getpid()
    return Runner(
        token=secrets.token_hex(8),
        host=socket.gethostname(),
        machine=_machine(),
        pid=pid,
        born=_read_birth(pid) or "",
    )


def can_see(runner: Runner) -> bool:
    """Return whether a process of this machine and namespace is meant."""
    return runner.machine == _machine()


def is_running(runner: Runner) -> bool:
    """Return whether a process that `can_see` sees still runs, under its own process id."""
    if _PROC.exists():
        return _read_birth(runner.pid) == runner.born
    try:
        os.kill(runner.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _read_birth(pid: int) -> str | None:
    """Return when a process started, in clock ticks since the boot; None when it has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in {"Z", "X"} else fields[19]


@lru_cache(maxsize=1)
def _machine() -> str:
    """Return the boot's and the process namespace's names; process ids mean nothing elsewhere."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return f"{uuid.getnode():012x}"
