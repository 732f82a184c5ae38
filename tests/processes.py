"""Which processes there are."""

import os
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Return whether there is a process of this number, one that nobody has reaped included."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def list_marked(mark: str) -> list[int]:
    """Return the live processes whose environment holds a mark, such as ``NAME=value``."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            variables = (path / "environ").read_bytes().split(b"\0")
            state = (path / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if mark.encode() in variables and state != "Z":
            found.append(int(path.name))
    return found
