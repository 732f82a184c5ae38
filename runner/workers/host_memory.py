"""Whether the system has ended processes for want of memory.

Python 3.8 and its library will do for this module: a guard of `runner.launching` reads it anywhere.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

_CGROUP_ROOT = Path("/sys/fs/cgroup")
FRESH_S = 1.0  # as long a count holds: to read one takes as long as to hand over a job


class OomKills:
    """Tells whether such kills have happened since the last `mark`."""

    def __init__(self) -> None:
        self._count, self._marked = _count_oom_kills(), time.monotonic()

    def mark(self) -> None:
        """Forget the kills until now, or until a second ago."""
        if time.monotonic() - self._marked > FRESH_S:
            self._count, self._marked = _count_oom_kills(), time.monotonic()

    def happened(self) -> bool:
        """Return whether there were any; False where the system does not count them."""
        return _count_oom_kills() > self._count


def _count_oom_kills() -> int:
    """Return the kernel's and this control group's count; only differences mean anything."""
    return sum(map(_read_count, (Path("/proc/vmstat"), *_find_cgroup_files())))


@lru_cache(maxsize=1)
def _find_cgroup_files() -> list[Path]:
    """Return the files in which this process's control groups count, version 2 and 1."""
    lines: list[str] = []
    with suppress(OSError):
        lines = Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines()
    files = []
    for line in lines:
        _, controllers, group = line.split(":", 2)
        if not controllers:
            files.append(_CGROUP_ROOT / group.lstrip("/") / "memory.events")
        elif "memory" in controllers.split(","):
            files.append(_CGROUP_ROOT / "memory" / group.lstrip("/") / "memory.oom_control")
    return files


def _read_count(path: Path) -> int:
    try:
        match = re.search(r"^oom_kill (\d+)$", path.read_text(encoding="ascii"), re.MULTILINE)
    except OSError:
        return 0
    return int(match[1]) if match else 0
