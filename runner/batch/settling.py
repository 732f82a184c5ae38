"""Has a worker measure this machine's processor, unless that is known already."""

from runner.errors import WorkerDied
from runner.storage.durable import write_whole, writing
from runner.storage.machine import Machine, read_machine
from runner.workers.pool import WorkerPool
from runner.workers.protocol import Ready
from trial_sets.records.layout import Outputs


def settle_machine(outputs: Outputs, pool: WorkerPool, ready: Ready) -> Machine:
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
    with writing(outputs.machine):
        write_whole(outputs.machine, machine)
    return machine
