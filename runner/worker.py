"""A worker process: it trains one job after another and ends when its parent does.

Jobs come on standard input, messages leave on what was standard output; whatever the training
prints goes to standard error, so that it cannot garble them.
"""

import os
import sys
import threading
import traceback
from queue import SimpleQueue
from typing import IO

from runner.protocol import Job, JobDone, JobError
from trial_sets.configuration import StrictModel


def main() -> None:
    """Serve jobs until standard input closes."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    jobs: SimpleQueue[Job] = SimpleQueue()
    threading.Thread(target=_listen, args=(jobs,), daemon=True).start()
    # Imported only now: a parent that dies during these two seconds is noticed all the same.
    from runner.training import describe_machine, train_job  # noqa: PLC0415

    def send(message: StrictModel) -> None:
        _send(channel, message)

    send(describe_machine())
    while True:
        job = jobs.get()
        try:
            train_job(job, send)
            send(JobDone())
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent records it
            message = f"{type(error).__name__}: {error}"
            send(JobError(message=message, traceback=traceback.format_exc()))


def _listen(jobs: "SimpleQueue[Job]") -> None:
    """Queue the jobs that come in; when the parent is gone, end at once, even within a step."""
    for line in sys.stdin:
        jobs.put(Job.model_validate_json(line))
    os._exit(0)


def _send(channel: IO[str], message: StrictModel) -> None:
    """Write one message; a parent that is gone cannot be told anything."""
    try:
        channel.write(message.model_dump_json() + "\n")
        channel.flush()
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
