"""How often the system has ended processes for want of memory."""

import re
from functools import lru_cache
from pathlib import Path

_CGROUP_ROOT = Path("/sys/fs/cgroup")


def count_oom_kills() -> int:
    """Return the kernel's and this control group's count of such kills; 0 where none is told.

    Only the difference of two counts means anything.
    """
    return sum(map(_read_count, (Path("/proc/vmstat"), *_find_cgroup_files())))


@lru_cache(maxsize=1)
def _find_cgroup_files() -> list[Path]:
    """Return the files in which this process's control groups count, version 2 and 1."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines()
    except OSError:
        return []
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
