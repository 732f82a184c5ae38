"""Has a worker measure this machine's processor, unless that is known already."""

from pathlib import Path

from runner.errors import WorkerDied
from runner.storage.durable import write_whole, writing
from runner.storage.machine import MACHINE_FILE, Machine, read_machine
from runner.workers.pool import WorkerPool
from runner.workers.protocol import Ready


def settle_machine(outputs: Path, pool: WorkerPool, ready: Ready) -> Machine:
    """Return what is known of this machine; have it measured if that is nothing.

    Raises
    ------
    BatchStopped
        If the file cannot be written.
    """
    machine = Machine(
        processor=ready.processor, torch=ready.versions["torch"], matmul=ready.matmul, gflops={}
    )
    known = read_machine(outputs)
    if known is not None and known.model_copy(update={"gflops": {}}) == machine:
        return known
    try:
        measured = pool.measure_processor()
    except WorkerDied:  # its slot gets another worker
        return machine
    machine = machine.model_copy(update={"gflops": measured.gflops})
    path = outputs / MACHINE_FILE
    with writing(path):
        write_whole(path, machine)
    return machine
