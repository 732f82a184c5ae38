"""A worker process: it trains one job after another and ends when its parent does.

Orders come on standard input, messages leave on what was standard output; whatever the training
prints goes to standard error, so that it cannot garble them.
"""

import ctypes
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from queue import SimpleQueue

from runner.workers.protocol import ORDERS, Alive, Job, JobDone, JobError, Measure, Order, Probe
from trial_sets.configuration import StrictModel

BEAT_S = 0.5
_PR_SET_PDEATHSIG = 1


class Channel:
    """The way to the parent, shared by the threads of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._file = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)

    def send(self, message: StrictModel) -> None:
        """Write one message; a parent that is gone cannot be told anything."""
        try:
            with self._lock:
                self._file.write(message.model_dump_json() + "\n")
                self._file.flush()
        except BrokenPipeError:
            os._exit(0)


def main() -> None:
    """Serve orders until standard input closes."""
    _wake_when_orphaned()
    channel = Channel()
    orders: SimpleQueue[Order] = SimpleQueue()
    threading.Thread(target=_or_end, args=(lambda: _listen(orders),), daemon=True).start()
    threading.Thread(target=_beat, args=(channel,), daemon=True).start()
    # Imported only now: a parent that dies during these two seconds is noticed all the same.
    from runner.workers.training import (  # noqa: PLC0415
        classify,
        describe_machine,
        measure_processor,
        probe_device,
        train_job,
    )

    channel.send(describe_machine())
    while True:
        match orders.get():
            case Probe(device=device):
                channel.send(probe_device(device))
            case Measure():
                channel.send(measure_processor())
            case Job() as job:
                try:
                    train_job(job, channel.send)
                    channel.send(JobDone())
                except (Exception, SystemExit) as error:  # noqa: BLE001 - the parent records it
                    channel.send(_report(error, classify(error)))


def _or_end(work: Callable[[], None]) -> None:
    """Do what this process cannot live without, or end it at once.

    A process that hears nothing more would outlive its parent, and PyTorch takes its time to end.
    """
    try:
        work()
    except Exception:  # noqa: BLE001 - memory for instance
        try:
            traceback.print_exc()
        finally:
            os._exit(1)


def _report(error: BaseException, kind: str) -> JobError:
    text = f"{type(error).__name__}: {error}"
    fields = {"kind": kind, "message": text, "traceback": traceback.format_exc()}
    return JobError.model_validate(fields)


def _listen(orders: "SimpleQueue[Order]") -> None:
    """Queue the orders that come in; when the parent is gone, end at once, even within a step.

    What the training started ends too: this process leads its group.
    """
    for line in sys.stdin:
        orders.put(ORDERS.validate_json(line))
    os.killpg(0, signal.SIGKILL)


def _beat(channel: Channel) -> None:
    """Tell the parent now and then that this process works, as long as it does.

    A process that is stopped, waits for something that never comes, or never lets go of the
    interpreter's lock says nothing.
    """
    told = 0.0
    while True:
        time.sleep(BEAT_S)
        times = os.times()
        used = times.user + times.system + times.children_user + times.children_system
        used -= time.thread_time()
        if used > told:
            told = used
            channel.send(Alive())


def _wake_when_orphaned() -> None:
    """Go on when the parent dies, so that a stopped process notices the end of its input."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGCONT)


if __name__ == "__main__":
    _or_end(main)
