"""An SSH server of the test's own: on the loopback, with its own keys and configuration.

Where none is installed, Debian's packages are fetched and unpacked into a folder, and nothing is
installed. Everything that it starts ends with it.
"""

import contextlib
import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("openssh-server", "libwrap0")
STARTS_WITHIN_S = 20.0
FETCHED_WITHIN_S = 120.0
# The server wants a user and a folder of its own where root starts it: it gets them in a namespace
# of mounts, so that this machine keeps its own.
_AS_ROOT = """
mount --bind "$1/passwd" /etc/passwd
mount -t tmpfs tmpfs /run
mkdir -m 755 /run/sshd
shift
exec "$@"
"""


class NoServer(Exception):  # noqa: N818 - it says what is the matter
    """No such server can run here; the message says why."""


@dataclass(frozen=True, slots=True)
class OwnSshd:
    """A running server."""

    pid: int
    prefix: str  # for ``--launch``: the client with all that it needs to log in


@contextlib.contextmanager
def run_sshd(folder: Path) -> Iterator[OwnSshd]:
    """Start a server whose files lie in a new folder; end it, with its sessions, at the end.

    Raises
    ------
    NoServer
        If it cannot run here.
    """
    folder.mkdir(mode=0o700)
    server, libraries = _find_server(folder)
    port = _find_port()
    _write_files(folder, port)
    command = [server, "-D", "-e", "-f", str(folder / "sshd_config")]
    if os.geteuid() == 0:
        command = ["unshare", "--mount", "sh", "-ec", _AS_ROOT, "sh", str(folder), *command]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            env={**os.environ, "LD_LIBRARY_PATH": libraries},
        )  # fmt: skip
    try:
        _await_server(process, port, folder / "log")
        yield OwnSshd(process.pid, _make_prefix(folder, port))
    finally:
        for pid in [*list_sessions(process.pid), process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def list_sessions(server: int) -> list[int]:
    """Return the processes that serve its connections, those that only begin included."""
    found, left = [], [server]
    while left:
        parent = left.pop()
        for path in Path("/proc").glob(f"{parent}/task/*/children"):
            with contextlib.suppress(OSError):
                children = [int(word) for word in path.read_text().split()]
                served = [pid for pid in children if _read_name(pid) == "sshd"]
                found, left = [*found, *served], [*left, *served]
    return found


def _read_name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _find_server(folder: Path) -> tuple[str, str]:
    """Return the server's program and where it finds libraries; fetch it if there is none."""
    if shutil.which("ssh") is None or shutil.which("ssh-keygen") is None:
        raise NoServer("there is no ssh")
    installed = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin")
    if installed is not None:
        return installed, ""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise NoServer("there is no sshd, and no apt-get to fetch it")
    for package in PACKAGES:
        try:
            done = subprocess.run(
                ["apt-get", "download", package], cwd=folder, capture_output=True, check=False,
                timeout=FETCHED_WITHIN_S,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise NoServer(f"apt-get did not fetch {package}") from None
        if done.returncode != 0:
            raise NoServer(f"apt-get does not fetch {package}")
    for archive in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", archive, folder / "root"], check=True)
    libraries = {str(path.parent) for path in (folder / "root").rglob("*.so*")}
    return str(folder / "root" / "usr" / "sbin" / "sshd"), os.pathsep.join(sorted(libraries))


def _write_files(folder: Path, port: int) -> None:
    for name in ("host_key", "user_key"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name]
        subprocess.run(command, check=True)
    shutil.copy(folder / "user_key.pub", folder / "authorized_keys")
    users = Path("/etc/passwd").read_text()
    if "\nsshd:" not in users:
        users += "sshd:x:65000:65534::/run/sshd:/usr/sbin/nologin\n"
    (folder / "passwd").write_text(users)
    (folder / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {folder}/host_key\n"
        f"AuthorizedKeysFile {folder}/authorized_keys\nPidFile none\nStrictModes no\nUsePAM no\n"
        "PasswordAuthentication no\nPermitRootLogin yes\nMaxStartups 100\n"
    )


def _find_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _await_server(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise NoServer(f"sshd does not start: {log.read_text()[-500:].strip()}")


def _make_prefix(folder: Path, port: int) -> str:
    user = pwd.getpwuid(os.geteuid()).pw_name
    options = {
        "BatchMode": "yes",
        "IdentityFile": f"{folder}/user_key",
        "IdentitiesOnly": "yes",
        "StrictHostKeyChecking": "no",
        "UserKnownHostsFile": "/dev/null",
        "LogLevel": "ERROR",
        "Port": str(port),
    }
    said = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    return shlex.join(["ssh", "-F", "none", *said, f"{user}@127.0.0.1"])
