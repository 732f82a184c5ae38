"""Which device each worker owns."""

from collections.abc import Sequence

from models.settings import Precision
from runner.errors import RunError
from runner.planning.device_choice import DeviceChoice, count_cores
from runner.workers.protocol import Ready


def refuse_precision(precision: Precision, devices: Sequence[str]) -> None:
    """Check that the devices know a precision.

    Raises
    ------
    RunError
        If one does not.
    """
    kind = devices[0].split(":")[0]
    if precision == "tf32" and kind != "cuda":
        raise RunError(f"--precision tf32: {kind} devices do not know it; fp32 and bf16 are known")
    if precision == "bf16" and kind == "mps":
        raise RunError("--precision bf16: not for mps devices; fp32 is known")


def assign_slots(choice: DeviceChoice, machine: Ready, jobs: int | None) -> list[str]:
    """Return the device of each worker.

    Parameters
    ----------
    choice
        What the person asked for; ``auto`` prefers CUDA, then MPS, then the CPU.
    machine
        What a worker's PyTorch sees.
    jobs
        How many workers; by default one a core, or one a GPU.

    Raises
    ------
    RunError
        If the machine has no such device.
    """
    kind = choice.kind
    if kind == "auto":
        kind = "cuda" if machine.cuda else "mps" if machine.mps else "cpu"
    if kind == "cpu":
        return ["cpu"] * (jobs or count_cores())
    if kind == "mps":
        if not machine.mps:
            raise RunError("--device mps: PyTorch sees no MPS device on this machine")
        return ["mps"] * (jobs or 1)
    count = len(machine.cuda)
    wrong = [index for index in choice.indices if index >= count]
    if count == 0 or wrong:
        asked = f"cuda:{wrong[0]}" if wrong else "cuda"
        seen = f"only cuda:0 to cuda:{count - 1}" if count else "no CUDA device"
        raise RunError(f"--device {asked}: PyTorch sees {seen} on this machine")
    indices = choice.indices or tuple(range(count))
    return [f"cuda:{indices[slot % len(indices)]}" for slot in range(jobs or len(indices))]
