"""What is settled of the machines that workers run on before the first fit."""

import contextlib
import hashlib
import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from runner.errors import RunError, WorkerDied
from runner.planning.command_template import CommandTemplate
from runner.planning.plan import Plan
from runner.storage.durable import write_whole, writing
from runner.storage.machine import Machine, read_machine
from runner.workers.devices import assign_far_slots, number_devices
from runner.workers.pool import WorkerPool
from runner.workers.protocol import Ready, See, quote_path
from runner.workers.supervisor import Worker
from trial_sets.opening import hash_file
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


def settle_far(plan: Plan, pool: WorkerPool) -> tuple[Ready, list[str]]:
    """Return the first words of the first far worker, and the device of each.

    Raises
    ------
    RunError
        If one does not see the files of the batch, or has no such device as was asked for.
    WorkerDied
        If one cannot start, or has other versions than the first.
    BatchStopped
        If the outputs folder cannot be written.
    """
    workers = pool.list_far()
    throughs = [through for _, through, _ in workers]
    asks = not pool.is_own and plan.device.kind != "cpu"
    with (
        _showing(plan.outputs.path.resolve()) as (token, digest),
        ThreadPoolExecutor(len(workers)) as asking,
    ):
        looks = [
            _make_look(plan, token, digest, worker.launch.python if asks else "")
            for worker, _, _ in workers
        ]
        try:
            seen = list(asking.map(Worker.see, [worker for worker, _, _ in workers], looks))
        except BaseException:
            pool.abort()  # a disk elsewhere that does not answer would be waited for
            raise
        for through, one in zip(throughs, seen, strict=True):
            if one.missing:
                raise RunError(f"--launch: {through}: {one.missing}")
    machines = [
        ready.model_copy(update={"cuda": one.cuda, "mps": one.mps} if asks else {})
        for (_, _, ready), one in zip(workers, seen, strict=True)
    ]
    return machines[0], assign_far_slots(plan.device, throughs, machines)


def view_as_one(
    pool: WorkerPool, devices: Sequence[str], ready: Ready
) -> tuple[Sequence[str], Ready]:
    """Return the devices of all slots as one machine's, and that machine, to group fits by."""
    if not pool.is_far or not pool.is_own:
        return devices, ready
    workers = pool.list_far()
    throughs = [through for _, through, _ in workers]
    return number_devices(throughs, [ready for _, _, ready in workers], devices)


@contextlib.contextmanager
def _showing(folder: Path) -> Iterator[tuple[Path, str]]:
    """Keep a file in a folder for a moment that no other folder has; yield it and its digest."""
    is_new = not folder.exists()
    token, content = folder / f".seen-{secrets.token_hex(8)}", secrets.token_bytes(32)
    with writing(token):
        folder.mkdir(parents=True, exist_ok=True)
        token.write_bytes(content)
    try:
        yield token, hashlib.sha256(content).hexdigest()
    except BaseException:
        token.unlink(missing_ok=True)
        if is_new:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
    token.unlink(missing_ok=True)


def _make_look(plan: Plan, token: Path, digest: str, python: str) -> See:
    """Return the question whether a far worker sees what its fits will need."""
    trainer = plan.trainer
    code = [] if trainer is None else trainer.list_files()
    files = {str(path.resolve()): hash_file(path) or "" for path in code}
    is_command = isinstance(trainer, CommandTemplate)
    if plan.data.owner is None or is_command:
        files[str(token)] = digest
    paths = (trainer.program, str(trainer.folder)) if isinstance(trainer, CommandTemplate) else ()
    return See(
        files={quote_path(path): sha256 for path, sha256 in files.items()},
        paths=tuple(map(quote_path, paths)),
        folder=quote_path(str(token.parent)) if is_command else "",
        python=python,
    )
