"""A Slurm of this machine alone, of Debian's packages, of which nothing is installed.

The packages are unpacked in a cache folder; controller and node listen on the loopback, are
started as ordinary processes, and ended by their process ids.
"""

import contextlib
import os
import platform
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PACKAGES = (
    "slurmd", "slurmctld", "slurm-client", "slurm-wlm-basic-plugins", "libmunge2", "libhwloc15",
    "liblua5.1-0",
)  # fmt: skip
N_CORES = 4  # that it believes in
PATIENCE_S = 60.0
LIFETIME_S = 1_500  # of what a killed test would leave
CONFIGURATION = """
ClusterName=drill
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
AuthType=auth/none
AuthInfo=cred_expire=5
CredType=cred/none
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
PluginDir={plugins}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=5
NodeName={host} NodeAddr=127.0.0.1 CPUs={n_cores} State=UNKNOWN
PartitionName=drill Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


class SlurmMissing(Exception):  # noqa: N818 - it says what is so
    """No Slurm can be had here; the message says why."""


@dataclass(slots=True)
class SlurmMachine:
    """A Slurm that runs."""

    root: Path  # of the packages
    folder: Path  # of its state and logs
    variables: dict[str, str] = field(default_factory=dict)  # of who talks to it

    def call(self, *command: str) -> str:
        """Return what one of its programs prints."""
        done = subprocess.run(
            command, env=self.variables, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout.strip()

    def list_states(self) -> dict[str, str]:
        """Return Slurm's word for each task, by its name such as 3_0."""
        lines = self.call("squeue", "-h", "-r", "--states=all", "-o", "%i %T").splitlines()
        return dict(line.split() for line in lines)


@contextmanager
def start_slurm() -> Iterator[SlurmMachine]:
    """Start a Slurm, and end it with all that it runs.

    Raises
    ------
    SlurmMissing
        If its packages cannot be had, or it does not start.
    """
    root = _find_packages()
    with tempfile.TemporaryDirectory(prefix="slurm-") as name, contextlib.ExitStack() as ending:
        machine = SlurmMachine(root, Path(name))
        _configure(machine)
        controller, node, stepd = (
            _find(root, f"usr/sbin/{name}*") for name in ("slurmctld", "slurmd", "slurmstepd")
        )
        ending.enter_context(_running([str(controller), "-D"], machine))
        ending.enter_context(_running([str(node), "-D", "-d", str(stepd)], machine))
        ending.callback(_cancel_all, machine)
        _await_node(machine)
        yield machine


def _find_packages() -> Path:
    """Return where the packages are unpacked; they are fetched where they were not."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    root = cache / "supplementary-trials" / "slurm"
    if root.is_dir():
        return root
    if platform.system() != "Linux" or not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise SlurmMissing("no Debian packages here")
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root.parent) as name:
        fetched, unpacked = Path(name, "fetched"), Path(name, "unpacked")
        fetched.mkdir()
        done = subprocess.run(
            ["apt-get", "download", *PACKAGES],
            cwd=fetched, capture_output=True, text=True, check=False, timeout=100,
        )  # fmt: skip
        if done.returncode:
            raise SlurmMissing(f"Slurm's packages cannot be fetched: {done.stderr.strip()[-300:]}")
        for package in sorted(fetched.glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", package, unpacked], check=True)
        unpacked.rename(root)
    return root


def _configure(machine: SlurmMachine) -> None:
    """Write its configuration, and what its programs need to find."""
    folder = machine.folder
    for name in ("state", "spool"):
        (folder / name).mkdir()
    plugins = _find(machine.root, "usr/lib/*/slurm-wlm")
    controller_port, node_port = _find_ports(2)
    text = CONFIGURATION.format(
        host=socket.gethostname().partition(".")[0],
        user=pwd.getpwuid(os.getuid()).pw_name,
        folder=folder,
        plugins=plugins,
        controller_port=controller_port,
        node_port=node_port,
        n_cores=N_CORES,
    )
    (folder / "slurm.conf").write_text(text)
    (folder / "cgroup.conf").write_text("CgroupAutomount=no\n")
    machine.variables = {
        **os.environ,
        "SLURM_CONF": str(folder / "slurm.conf"),
        "LD_LIBRARY_PATH": f"{plugins.parent}:{plugins}",
        "PATH": f"{machine.root / 'usr/bin'}:{os.environ['PATH']}",
    }


def _find(root: Path, pattern: str) -> Path:
    """Return what a release of the packages may call a little otherwise."""
    found = sorted(root.glob(pattern))
    if not found:
        raise SlurmMissing(f"Slurm's packages hold no {pattern}")
    return found[0]


def _find_ports(number: int) -> list[int]:
    """Return free ports of the loopback."""
    with contextlib.ExitStack() as ending:
        sockets = [ending.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextmanager
def _running(command: Sequence[str], machine: SlurmMachine) -> Iterator[None]:
    """Have a program run, and end it by its process id."""
    log = (machine.folder / f"{Path(command[0]).name}.out").open("w")
    with log:
        process = subprocess.Popen(
            ["timeout", str(LIFETIME_S), *command],  # hands a signal on; ends it if nobody does
            env=machine.variables, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)


def _await_node(machine: SlurmMachine) -> None:
    """Wait until the node takes jobs."""
    end = time.monotonic() + PATIENCE_S
    said = ""
    while time.monotonic() < end:
        with contextlib.suppress(subprocess.SubprocessError):
            said = machine.call("sinfo", "-h", "-o", "%t")
            if said == "idle":
                return
        time.sleep(0.2)
    logs = "\n".join(path.read_text()[-500:] for path in sorted(machine.folder.glob("*.log")))
    raise SlurmMissing(f"Slurm does not start here: {said!r} {logs}")


def _cancel_all(machine: SlurmMachine) -> None:
    """End all jobs, and wait until their processes have ended."""
    with contextlib.suppress(subprocess.SubprocessError):
        machine.call("scancel", "--user", pwd.getpwuid(os.getuid()).pw_name)
        end = time.monotonic() + PATIENCE_S
        while machine.call("squeue", "-h") and time.monotonic() < end:
            time.sleep(0.2)
