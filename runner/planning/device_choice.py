"""What ``--device`` asks for, as far as it can be told without PyTorch."""

import os
import re
from dataclasses import dataclass

from runner.errors import RunError

_FORM = re.compile(r"cpu|mps|auto|cuda(?::([0-9]{1,4}(?:,[0-9]{1,4})*))?")


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """What ``--device`` asks for."""

    kind: str  # auto, cpu, mps or cuda
    indices: tuple[int, ...] = ()  # CUDA devices; empty for all


def parse_device(text: str) -> DeviceChoice:
    """Read ``auto``, ``cpu``, ``mps``, ``cuda`` or ``cuda:0,1``.

    Raises
    ------
    RunError
        If it is none of these.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise RunError(f"--device {text}: expected auto, cpu, mps, cuda, or such as cuda:0,1")
    indices = tuple(int(number) for number in match[1].split(",")) if match[1] else ()
    if len(set(indices)) < len(indices):
        raise RunError(f"--device {text}: a device stands twice")
    return DeviceChoice(text.split(":", maxsplit=1)[0], indices)


def count_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
