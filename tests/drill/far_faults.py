"""The faults of a batch whose workers run elsewhere: of either side, and of what lies between."""

import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from tests.drill.batch import Batch
from tests.drill.faults import FAULTS, Fault, send_signal
from tests.drill.own_sshd import OwnSshd, list_sessions

CLIENTS = ("ssh", "srun")
WORKERS = ("trainer_host.py", "runner.workers.worker")
SHARED = (
    "worker segfault", "endless fit", "programs left behind", "garbage on the pipe",
    "runner killed", "runner terminated", "runner interrupted",
    "programs left behind, runner killed", "second runner",
)  # fmt: skip


def list_ssh_faults(server: OwnSshd) -> dict[str, Fault]:
    """Return the faults of workers behind a server, by name."""

    def end_session(batch: Batch, rng: Random) -> None:
        del batch
        if sessions := list_sessions(server.pid):
            send_signal(rng.choice(sessions), signal.SIGKILL)

    return {**list_far_faults(), "session killed": (end_session, {0})}


def list_far_faults() -> dict[str, Fault]:
    """Return those that do not depend on what starts the workers."""
    return {
        "far worker killed": (_signal_one(find_far_workers, signal.SIGKILL), {0}),
        "far worker stopped": (_signal_one(find_far_workers, signal.SIGSTOP), {0}),
        "guard killed": (_signal_one(find_guards, signal.SIGKILL), {0}),
        "guard stopped": (_signal_one(find_guards, signal.SIGSTOP), {0}),
        "guard and far worker killed": (_kill_both, {0}),
        "client killed": (_signal_one(find_clients, signal.SIGKILL), {0}),
        "client stopped": (_signal_one(find_clients, signal.SIGSTOP), {0}),
        **{kind: FAULTS[kind] for kind in SHARED},
    }


def find_far_workers(batch: Batch) -> list[int]:
    """Return the worker processes, guards not included."""
    return [pid for pid in batch.workers() if _is_run_by(pid, WORKERS)]


def find_guards(batch: Batch) -> list[int]:
    """Return the guards, not the clients that name one."""
    clients = find_clients(batch)
    return [pid for pid in batch.workers() if _is_run_by(pid, ("guard.py",)) and pid not in clients]


def find_clients(batch: Batch) -> list[int]:
    """Return the programs that the prefixes begin with."""
    return [pid for pid in batch.workers() if Path(_read_words(pid)[0]).name in CLIENTS]


def _is_run_by(pid: int, names: Sequence[str]) -> bool:
    return any(word.endswith(tuple(names)) for word in _read_words(pid))


def _read_words(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
    except OSError:
        return [""]


def _signal_one(
    find: Callable[[Batch], list[int]], number: signal.Signals
) -> Callable[[Batch, Random], None]:
    def inject(batch: Batch, rng: Random) -> None:
        if found := find(batch):
            send_signal(rng.choice(found), number)

    return inject


def _kill_both(batch: Batch, rng: Random) -> None:
    """Kill all guards and workers at once."""
    del rng
    for pid in [*find_guards(batch), *find_far_workers(batch)]:
        send_signal(pid, signal.SIGKILL)
