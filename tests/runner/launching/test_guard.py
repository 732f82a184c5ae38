"""A guard passes on what its worker is told, and leaves nothing of it behind."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.launching.far_command import GUARD, FarStart
from runner.launching.guard import REFUSED
from runner.launching.prefix import LaunchPrefix
from tests.processes import is_alive

ECHO = "import sys\nfor line in sys.stdin: print('heard', line, end='', flush=True)"
STOP = "import os, signal\nprint(os.getpid(), flush=True)\nos.kill(os.getpid(), signal.SIGSTOP)"
HOLD = "import ctypes, os\nprint(os.getpid(), flush=True)\nctypes.PyDLL(None).sleep(1000)"
LEAVE = """
import subprocess, sys, time
child = subprocess.Popen(["sleep", "1000"], start_new_session=True)
print(child.pid, flush=True)
"""
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(env_like: LaunchPrefix) -> Iterator[Start]:
    guards: list[subprocess.Popen[bytes]] = []

    def begin(code: str, **fields: Any) -> subprocess.Popen[bytes]:
        far = FarStart((sys.executable, "-c", code), {"GIVEN": "é"}, fields.pop("stock", {}))
        for name, value in fields.items():
            object.__setattr__(far, name, value)
        guard = subprocess.Popen(
            far.behind(env_like), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip

        guards.append(guard)
        return guard

    yield begin
    for guard in guards:
        guard.kill()
        with guard, contextlib.suppress(BrokenPipeError):
            guard.communicate()


def read_pid(guard: subprocess.Popen[bytes]) -> int:
    assert guard.stdout is not None
    return int(guard.stdout.readline())


def end(guard: subprocess.Popen[bytes], given: bytes = b"") -> tuple[int, str]:
    """Close its input and return its exit status and what was written to standard error."""
    _, errors = guard.communicate(given, timeout=30)
    return guard.returncode, errors.decode()


def test_orders_arrive_but_for_empty_lines(start: Start) -> None:
    guard = start(ECHO)
    assert guard.stdin is not None
    assert guard.stdout is not None
    guard.stdin.write(b"one\n\n\ntw")
    guard.stdin.flush()
    assert guard.stdout.readline() == b"heard one\n"
    guard.stdin.write(b"o\n" + b"x" * 200_000 + b"\n")
    guard.stdin.flush()
    assert guard.stdout.readline() == b"heard two\n"
    assert len(guard.stdout.readline()) == 200_007
    assert end(guard) == (1, "")


def test_the_worker_has_its_environment_and_a_session_of_its_own(start: Start) -> None:
    guard = start("import os; print(os.environ['GIVEN'], os.environ['TOLD'], os.getsid(0))")
    assert guard.stdout is not None
    given, told, session = guard.stdout.readline().split()
    assert (given.decode(), told) == ("é", b"yes")
    assert int(session) != os.getsid(0)
    assert guard.wait(30) == 0


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("raise SystemExit(7)", 7, "the worker process ended with status 7"),
        ("import os; os.abort()", 134, "the worker process was ended by SIGABRT"),
        ("import os; os.kill(os.getpid(), 9)", 137, "the worker process was ended by SIGKILL"),
    ],
)
def test_it_says_how_a_worker_has_ended(start: Start, code: str, status: int, said: str) -> None:
    guard = start(code)
    assert guard.wait(30) == status
    assert guard.stderr is not None
    assert guard.stderr.read().decode().endswith(f"\n[guard] {said}\n")


@pytest.mark.parametrize("code", [STOP, HOLD], ids=["stopped", "holding the lock"])
def test_the_end_of_its_input_ends_a_worker_that_cannot_hear_of_it(start: Start, code: str) -> None:
    guard = start(code)
    pid = read_pid(guard)
    assert end(guard, b"\n" + b"x" * 2**18) == (1, "")
    assert not is_alive(pid)


def test_a_connection_that_breaks_off_ends_the_worker_too() -> None:
    """As where a server of ssh is killed before it has read what the worker said."""
    near, far = socket.socketpair()
    start = FarStart((sys.executable, "-c", f"print(1)\n{HOLD}"), {}, {})
    command = [sys.executable, str(GUARD), start.behind(LaunchPrefix("", ()))[-1]]
    with (
        near,
        far,
        subprocess.Popen(command, stdin=far, stdout=far, stderr=subprocess.PIPE) as guard,
    ):
        far.close()
        while near.recv(1, socket.MSG_PEEK) and b"\n" not in near.recv(1):
            pass
        while len(said := near.recv(100, socket.MSG_PEEK)) < 2 or not said.endswith(b"\n"):
            time.sleep(0.01)
        near.close()  # what is unread breaks the connection off
        assert guard.stderr is not None
        assert b"the connection is lost: " in guard.stderr.read()
    assert guard.returncode == 1
    assert not is_alive(int(said))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a session of its own escapes")
@pytest.mark.parametrize("more", ["", "time.sleep(1000)"])
def test_nothing_is_left_of_what_a_worker_has_started(start: Start, more: str) -> None:
    guard = start(LEAVE + more)
    pid = read_pid(guard)
    end(guard)
    assert not is_alive(pid)


def test_a_signal_to_end_ends_the_worker(start: Start) -> None:
    guard = start(STOP)
    pid = read_pid(guard)
    guard.send_signal(signal.SIGTERM)
    assert guard.wait(30) == 128 + signal.SIGTERM
    assert not is_alive(pid)
    assert end(guard)[1] == "\n[guard] was told to end by SIGTERM\n"


def test_a_connection_on_which_nothing_comes_is_lost(start: Start) -> None:
    guard = start(STOP, silence_s=0.3)
    pid = read_pid(guard)
    assert guard.wait(30) == 1
    assert not is_alive(pid)
    assert "nothing has come for 0.3 s: the connection is lost" in end(guard)[1]


def test_a_connection_on_which_empty_lines_come_is_not(start: Start) -> None:
    guard = start(ECHO, silence_s=0.4)
    assert guard.stdin is not None
    for _ in range(8):
        time.sleep(0.1)
        guard.stdin.write(b"\n")
        guard.stdin.flush()
    assert guard.poll() is None
    assert end(guard) == (1, "")


def test_a_prefix_that_passes_no_input_on_is_told(start: Start) -> None:
    status, said = end(start(ECHO))
    assert (status, said) == (
        1,
        "\n[guard] its input ended before anything came: it is to be passed on, as docker run -i "
        "does\n",
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"stock": {"numpy": "0.1"}}, "numpy 0.1 where the batch was started, "),
        ({"folder": "/no/such/place"}, "the folder '/no/such/place' is not visible there"),
        ({"command": (sys.executable, "/no/such.py")}, "ended with status 2"),
    ],
)
def test_what_cannot_run_there_is_refused(start: Start, fields: dict[str, Any], said: str) -> None:
    guard = start(ECHO, **fields)
    assert guard.wait(30) in {REFUSED, 2}
    assert said in end(guard)[1]


def test_it_answers_what_is_seen_in_the_name_of_the_worker(start: Start, tmp_path: Path) -> None:
    guard = start(STOP)
    pid = read_pid(guard)
    assert guard.stdin is not None
    assert guard.stdout is not None
    look = {"order": "see", "files": {}, "paths": [f"{tmp_path}/no"], "folder": "", "python": ""}
    line = json.dumps({"token": "abc", "order": look}, separators=(",", ":"))
    guard.stdin.write(line.encode() + b"\n")
    guard.stdin.flush()
    said = json.loads(guard.stdout.readline())
    assert said == {
        "token": "abc",
        "pid": pid,
        "message": {"event": "seen", "missing": f"{tmp_path}/no is not visible there"},
    }
    end(guard)
