"""What ``--device`` asks for, as far as it can be told without PyTorch."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from runner.errors import RunError

_CGROUP = Path("/sys/fs/cgroup")
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
    A container's share of the processor does too; all cores of the node are seen in it.
    """
    has_affinity = hasattr(os, "sched_getaffinity")
    counts = [len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1]
    allotted = os.environ.get("SLURM_CPUS_PER_TASK", "")
    if _COUNT.fullmatch(allotted):
        counts.append(int(allotted))
    if (share := read_cpu_share(_CGROUP)) is not None:
        counts.append(max(1, round(share)))
    return min(counts)


def read_cpu_share(cgroup: Path) -> float | None:
    """Return how many cores' time a control group may use, or None where nothing limits it.

    Parameters
    ----------
    cgroup
        Where control groups are mounted: in a container that is its own.

    References
    ----------
    The Linux kernel's documentation: cgroup-v2, "cpu.max"; CFS bandwidth control.
    """
    for paths in (
        [cgroup / "cpu.max"],
        [cgroup / "cpu" / f"cpu.cfs_{n}_us" for n in ("quota", "period")],
    ):
        try:
            quota, period = " ".join(path.read_text("ascii") for path in paths).split()
            share = int(quota) / int(period)
        except (OSError, ValueError, ZeroDivisionError):  # "max" is no number either
            continue
        if share > 0:
            return share
    return None
