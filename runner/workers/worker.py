"""A worker process: it trains one job after another and ends when its parent does.

Orders come on what was standard input, and messages leave on what was standard output.
"""

import ctypes
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue

from runner.workers.channel import Channel
from runner.workers.descendants import adopt_orphans, end_children, end_with_children
from runner.workers.protocol import Alive, Job, Measure, Ordered, Probe

BEAT_S = 0.5
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Serve orders until there can be no more."""
    _wake_when_orphaned()
    adopt_orphans()
    channel = Channel()
    orders: SimpleQueue[Ordered] = SimpleQueue()
    listen = partial(_listen, channel, orders)
    threading.Thread(target=_or_end, args=(listen,), daemon=True).start()
    threading.Thread(target=_beat, args=(channel,), daemon=True).start()
    # Imported only now: a parent that dies during these two seconds is noticed all the same.
    from runner.workers.training import (  # noqa: PLC0415
        describe_machine,
        measure_processor,
        probe_device,
        run_job,
    )

    channel.send(describe_machine())
    while True:
        ordered = orders.get()
        say = partial(channel.send, token=ordered.token)
        match ordered.order:
            case Probe(device=device):
                say(probe_device(device))
            case Measure():
                say(measure_processor())
            case Job() as job:
                news = run_job(job, say)
                channel.end_if_forked()
                end_children()  # before the next fit: they may hold its memory or its processor
                say(news)


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


def _listen(channel: Channel, orders: "SimpleQueue[Ordered]") -> None:
    """Queue the orders that come in; when the parent is gone, end at once, even within a step.

    What the training started ends too.
    """
    for ordered in channel.listen():
        orders.put(ordered)
    end_with_children()


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
