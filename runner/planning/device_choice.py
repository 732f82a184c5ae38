"""What ``--device`` asks for, as far as it can be told without PyTorch."""

import os
import re
from dataclasses import dataclass

from runner.errors import RunError

_COUNT = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
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
    """Return the number of cores that this process may use.

    Where Slurm confines no processes the whole node's seem to be free: what was allotted counts.
    """
    has_affinity = hasattr(os, "sched_getaffinity")
    free = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    allotted = os.environ.get("SLURM_CPUS_PER_TASK", "")
    return min(free, int(allotted)) if _COUNT.fullmatch(allotted) else free
