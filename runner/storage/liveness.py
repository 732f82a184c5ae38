"""Which process this is, and what the kernel says of another one: that it runs, or has ended.

What cannot be seen has not ended for that: ``/proc`` may be hidden from other users, or be another
namespace's, and process ids of another namespace or machine mean nothing here.
"""

import os
import secrets
import socket
import sys
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Literal

from runner.storage.owner import Runner

Sight = Literal["runs", "ended", "unseen"]

_PROC = Path("/proc")
_ENDED = {"Z", "X"}  # the states of a process of which only its exit code is left


def describe_self() -> Runner:
    """Return what names this process, with a new token."""
    return Runner(
        token=secrets.token_hex(8),
        host=socket.gethostname(),
        machine=_machine(),
        pid=os.getpid(),
        born=_read_stat(os.getpid())[1],
    )


def look_for(runner: Runner) -> Sight:
    """Return what the kernel says of a runner; "unseen" where it says nothing.

    A process has ended if there is none of its id in the namespace of both, if only its exit code
    is left, or if its id is by now that of a process that started at another time.
    """
    if runner.machine != _machine() or runner.pid <= 0 or os.name != "posix":
        return "unseen"
    try:
        os.kill(runner.pid, 0)
    except ProcessLookupError:
        return "ended"
    except PermissionError:
        pass  # it is another user's
    except (OSError, OverflowError):
        return "unseen"
    state, born = _read_stat(runner.pid)
    if not born or not runner.born:
        return "unseen"
    return "ended" if state in _ENDED or born != runner.born else "runs"


def _read_stat(pid: int) -> tuple[str, str]:
    """Return a process's state and when it started, in ticks since the boot; "" if hidden."""
    try:
        if (_PROC / "self").readlink() != Path(str(os.getpid())):
            return "", ""  # what is mounted is another namespace's
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
        fields = text.rpartition(")")[2].split()
        return fields[0], fields[19]
    except (OSError, IndexError):
        return "", ""


@lru_cache(maxsize=1)
def _machine() -> str:
    """Return the same name for processes alone whose ids and times of birth can be compared.

    These are those of one boot and one namespace of processes and of time. A process that cannot
    tell gets a name that no other has.
    """
    if sys.platform != "linux":
        return f"{uuid.getnode():012x}"
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        processes, clocks = _PROC / "self/ns/pid", _PROC / "self/ns/time"
        return f"{boot} {processes.readlink()} {_read_link(clocks)}"
    except OSError:
        return f"unknown {secrets.token_hex(8)}"


def _read_link(path: Path) -> str:
    """Return where a link leads; Linux before 5.6 has no namespaces of time."""
    return str(path.readlink()) if os.path.lexists(path) else "time"
