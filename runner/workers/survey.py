"""What devices there are, where no worker of the batch imports PyTorch: one that does is asked.

It is started for this alone and ends at once. Where the system shows no sign of a device, nobody is
asked: that would cost the batch two seconds for nothing.
"""

from contextlib import closing

from runner.launching.sighting import may_have_devices
from runner.workers.protocol import Ready
from runner.workers.supervisor import Worker


def survey_devices(kind: str, seen: Ready) -> Ready:
    """Return what a host has said of itself, with the devices that there are.

    Parameters
    ----------
    kind
        What was asked for: auto, cpu, mps or cuda.
    seen
        The first words of a process that knows nothing of devices.

    Raises
    ------
    WorkerDied
        If the process that is asked ends before it answers.
    """
    if kind == "cpu" or (kind == "auto" and not may_have_devices()):
        return seen
    with closing(Worker()) as worker:
        found = worker.wait_until_ready()
    return seen.model_copy(update={"cuda": found.cuda, "mps": found.mps})


def try_device(device: str) -> bool:
    """Return whether a small computation on a device succeeds in a process of its own."""
    with closing(Worker()) as worker:
        return worker.computes_on(device)
