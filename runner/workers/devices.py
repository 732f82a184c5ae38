"""Which device each worker owns."""

from collections import defaultdict
from collections.abc import Sequence

from models.settings import Precision
from runner.errors import RunError
from runner.launching.prefix import LaunchPrefix
from runner.planning.device_choice import DeviceChoice, count_cores
from runner.workers.protocol import CudaDevice, Ready


def refuse_precision(precision: Precision, devices: Sequence[str]) -> None:
    """Check that the devices know a precision.

    Raises
    ------
    RunError
        If one does not.
    """
    kind = _kind_of(devices[0])
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


def assign_far_slots(
    choice: DeviceChoice, throughs: Sequence[LaunchPrefix], machines: Sequence[Ready]
) -> list[str]:
    """Return the device of each far worker, as its own process sees them.

    Workers through the same words share what is there in turn, as they would on this machine.

    Parameters
    ----------
    choice
        What the person asked for.
    throughs, machines
        Of each worker: what it was started through, and what it has said.

    Raises
    ------
    RunError
        If one has no such device, or ``auto`` finds devices of two kinds.
    """
    of_words = defaultdict[tuple[str, ...], list[int]](list)
    for number, through in enumerate(throughs):
        of_words[through.words].append(number)
    devices = [""] * len(throughs)
    for numbers in of_words.values():
        for place, number in enumerate(numbers):
            try:
                devices[number] = assign_slots(choice, machines[number], len(numbers))[place]
            except RunError as error:
                raise RunError(f"{throughs[number]}: {error}") from None
    first = devices[0]
    for through, device in zip(throughs, devices, strict=True):
        if _kind_of(device) != _kind_of(first):
            raise RunError(
                f"--device {choice.kind}: {first} {throughs[0]}, but {device} {through}; ask for "
                "one kind"
            )
    return devices


def number_devices(
    throughs: Sequence[LaunchPrefix], machines: Sequence[Ready], devices: Sequence[str]
) -> tuple[list[str], Ready]:
    """Return far devices as if all were one machine's, numbered through, and that machine."""
    kind = _kind_of(devices[0])
    if kind != "cuda":
        return list(devices), machines[0]
    numbers: dict[tuple[tuple[str, ...], str], int] = {}
    found, cuda = [], list[CudaDevice]()
    for through, machine, device in zip(throughs, machines, devices, strict=True):
        number = numbers.setdefault((through.words, device), len(numbers))
        found.append(f"cuda:{number}")
        if number == len(cuda):
            cuda.append(machine.cuda[int(device.split(":")[1])])
    return found, machines[0].model_copy(update={"cuda": tuple(cuda)})


def _kind_of(device: str) -> str:
    return device.split(":", maxsplit=1)[0]
