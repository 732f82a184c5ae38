"""The guard of a far worker: it starts one, passes on its orders, and ends it with all it started.

It is started as a file by the words of ``--launch``. Orders come on its standard input and it hands
them on; the worker has its standard output and error. When its input ends, when nothing has come
for longer than the near runner's claim on a fit would hold, or when it is told to end, the worker
ends with all that it has started, whatever state it is in: a worker that is stopped, or holds the
interpreter's lock, could not hear of that itself. When the guard is killed the worker's input ends.

Two sorts of lines are for the guard itself: empty ones, by which the near runner says that it is
there, and the question what this machine sees (`See` in `runner.workers.protocol`).

Python 3.8 and its library will do for this module: a person's own Python may run it.
"""

from __future__ import annotations

import base64
import contextlib
import importlib.util
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from types import ModuleType
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - a link stays one
RUNNER = os.path.dirname(HERE)  # noqa: PTH120
SAYS = "[guard] "  # what a line of standard error begins with that is the guard's
REFUSED = 78  # the exit status where the worker is not even started
SEE = b'","order":{"order":"see",'
PIECE_BYTES = 2**16
TICK_S = 5.0
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Unlike(Exception):  # noqa: N818 - it says what is the matter
    """The machine cannot run the worker; the message is a sentence."""


class Guard:
    """Guards one worker.

    Parameters
    ----------
    order
        What is to be started, as `FarStart` of `far_command` packs it.
    """

    def __init__(self, order: Mapping[str, Any]) -> None:
        self._family = load_far("workers", "descendants")
        self._memory = load_far("workers", "host_memory")
        self._prepare(order)
        load_far("workers", "service").wake_when_orphaned()
        self._family.adopt_orphans()
        self._silence_s = float(order["silence_s"])
        self._woken = _wake_by_signals()
        self._kills = self._memory.OomKills()
        self._worker = subprocess.Popen(
            order["command"], stdin=subprocess.PIPE, bufsize=0, start_new_session=True,
            env={**os.environ, **order["environment"]},
        )  # fmt: skip
        assert self._worker.stdin is not None
        self._orders = self._worker.stdin.fileno()
        os.set_blocking(self._orders, False)
        self._received, self._pending = bytearray(), bytearray()
        self._was_heard = False

    def serve(self) -> int:
        """Guard the worker until it or the connection has ended; return the exit status."""
        try:
            return self._pass_on()
        except OSError as error:  # what ssh leaves where it is killed is no mere end
            tell_near(f"the connection is lost: {error.strerror or error}")
            return self._end(1)
        except BaseException:
            self._end(1)
            raise

    def _pass_on(self) -> int:
        """Pass on orders until the worker or the connection ends; return the exit status."""
        poll, heard = select.poll(), time.monotonic()
        poll.register(0, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        while True:
            ready = {number for number, _ in poll.poll(1000 * min(TICK_S, self._silence_s))}
            if self._woken in ready:
                status = self._take_signals()
                if status is not None:
                    return status
            if 0 in ready:
                piece = os.read(0, PIECE_BYTES)
                if not piece:
                    return self._end_alone()
                heard = time.monotonic()
                self._take(piece)
            elif not ready and time.monotonic() - heard > self._silence_s:
                tell_near(f"nothing has come for {self._silence_s:g} s: the connection is lost")
                return self._end(1)
            self._hand_on()
            if self._pending:
                poll.register(self._orders, select.POLLOUT)
            else:
                with contextlib.suppress(KeyError):
                    poll.unregister(self._orders)

    def _prepare(self, order: Mapping[str, Any]) -> None:
        """Go to the folder where the batch was started, and compare the two machines."""
        if order["folder"]:
            try:
                os.chdir(order["folder"])
            except OSError as error:
                raise Unlike(
                    f"the folder {order['folder']!r} is not visible there ({error.strerror})"
                ) from None
        likeness = load_far("launching", "likeness")
        places = order["environment"].get("PYTHONPATH", "").split(os.pathsep)
        sys.path[:0] = [place for place in places if place]  # where the worker finds packages
        difference = likeness.find_difference(order["stock"], likeness.take_stock(order["stock"]))
        if difference:
            raise Unlike(difference)

    def _take(self, piece: bytes) -> None:
        """Take in what has come: whole lines are handed on, but for those to this guard."""
        self._was_heard = True
        whole, end, rest = piece.rpartition(b"\n")
        self._received += whole if end else rest
        if not end:
            return
        lines, self._received = bytes(self._received).split(b"\n"), bytearray(rest)
        for line in lines:
            if SEE in line[:64]:
                self._see(line)
            elif line:
                self._pending += line + b"\n"

    def _see(self, line: bytes) -> None:
        """Answer in the worker's name what this machine sees."""
        ordered = json.loads(line)
        seen = load_far("launching", "sighting").look(ordered["order"])
        said = {"token": ordered["token"], "pid": self._worker.pid, "message": seen}
        os.write(1, json.dumps(said).encode() + b"\n")

    def _hand_on(self) -> None:
        """Write to the worker what it takes just now; one that is stopped takes nothing."""
        try:
            while self._pending:
                del self._pending[: os.write(self._orders, self._pending[:PIECE_BYTES])]
        except BlockingIOError:
            return
        except BrokenPipeError:  # it is about to end
            self._pending.clear()

    def _take_signals(self) -> int | None:
        """Return the exit status if a signal says that it is over."""
        numbers = os.read(self._woken, PIECE_BYTES)
        if self._has_ended():
            return self._tell_end()
        for number in ENDING:
            if number in numbers:
                tell_near(f"was told to end by {signal.Signals(number).name}")
                return self._end(128 + number)
        return None

    def _has_ended(self) -> bool:
        """Return whether the worker has ended; it is not reaped where that can be helped."""
        if not hasattr(os, "waitid"):  # macOS before Python 3.13
            return self._worker.poll() is not None
        how = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._worker.pid, how) is not None

    def _tell_end(self) -> int:
        """Say how the worker has ended, and end what it has left."""
        self._end(0)
        status = self._worker.returncode
        if status == -signal.SIGKILL and self._kills.happened():
            tell_near("the system ended the worker process to free memory")
        elif status < 0:
            tell_near(f"the worker process was ended by {_name_end(-status)}")
        else:
            tell_near(f"the worker process ended with status {status}")
        return status if status >= 0 else 128 - status

    def _end_alone(self) -> int:
        """End the worker, since nobody gives orders any more."""
        if not self._was_heard:
            tell_near(
                "its input ended before anything came: it is to be passed on, as docker run -i does"
            )
        return self._end(1)

    def _end(self, status: int) -> int:
        """End the worker and all that it has started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._worker.pid, signal.SIGKILL)
        self._worker.wait()
        self._family.end_children()
        return status


def tell_near(text: str) -> None:
    """Write a line that the near runner finds among the last words."""
    with contextlib.suppress(OSError):
        os.write(2, f"\n{SAYS}{text}\n".encode(errors="backslashreplace"))


def load_far(room: str, name: str) -> ModuleType:
    """Return one of our own files as a module, whatever is installed here."""
    file = os.path.join(RUNNER, room, f"{name}.py")  # noqa: PTH118
    spec = importlib.util.spec_from_file_location(f"_supplementary_trials_{name}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _wake_by_signals() -> int:
    """Return a descriptor on which the numbers of signals can be read."""
    read, write = os.pipe()
    for end in (read, write):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    for number in (*ENDING, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    return read


def _name_end(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return f"signal {number}"


def main() -> int:
    """Guard a worker until its end; return the exit status."""
    order = json.loads(base64.urlsafe_b64decode(sys.argv[1]))
    try:
        return Guard(order).serve()
    except Unlike as why:
        tell_near(str(why))
    except OSError as error:
        tell_near(f"the worker cannot be started: {error}")
    return REFUSED


if __name__ == "__main__":
    sys.path[:] = [place for place in sys.path if os.path.abspath(place) != HERE]  # noqa: PTH100
    sys.exit(main())
