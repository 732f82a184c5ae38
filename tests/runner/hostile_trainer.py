"""A trainer that breaks whatever it can reach, in the way that a trial's options ask for."""

import ctypes
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import numpy as np

SLEEP = os.environ.get("HOSTILE_SLEEP", "1000")  # seconds, by which what is left behind is known


def train(configuration, data, context):  # noqa: ANN001, ANN201 - as a person would write it
    """Do what the options say; without a word in them, look at the data and predict zeros."""
    deed = configuration["options"].get("deed", "look")
    context.report_epoch(train_loss=float(abs(np.nansum(data.features[data.val_rows]))))
    return DEEDS[deed](data, context)


def _predict(data, context) -> None:  # noqa: ANN001
    context.save_predictions(np.arange(len(data.val_rows), dtype=float))


def _scale_in_place(data, context) -> None:  # noqa: ANN001
    features = data.features
    features -= features[data.train_rows].mean(axis=0) + 1
    _predict(data, context)


def _scale_window_in_place(data, context) -> None:  # noqa: ANN001
    window = data.window(data.val_rows[0])
    window.flags.writeable = True
    window += 1
    _predict(data, context)


def _fill_labels(data, context) -> None:  # noqa: ANN001
    data.labels[:] = 1
    _predict(data, context)


def _scale_tensor_in_place(data, context) -> None:  # noqa: ANN001
    import torch  # noqa: PLC0415 - it takes seconds, and most deeds go without

    torch.from_numpy(data.features).sub_(5)
    _predict(data, context)


def _reuse_what_was_saved(data, context) -> None:  # noqa: ANN001
    logits = np.arange(len(data.val_rows), dtype=float)
    context.save_predictions(logits)
    logits[:] = 0.0


def _write_garbage(data, context) -> None:  # noqa: ANN001
    """Write a line to every pipe that there is, and go on."""
    for number in range(3, 64):
        try:
            if "pipe" in str(Path(f"/proc/self/fd/{number}").readlink()):
                os.write(number, b"garbage\n")
        except OSError:
            continue
    _predict(data, context)


def _fork_and_return(data, context) -> None:  # noqa: ANN001
    """Let a child come back later, with perfect predictions."""
    if os.fork() == 0:
        time.sleep(1)
        context.save_predictions(10.0 * data.labels[data.val_rows])
        return
    _predict(data, context)


def _fork_and_report(data, context) -> None:  # noqa: ANN001
    """Save perfect predictions and report an epoch from a child that knows of no refusal."""
    if os.fork() == 0:
        context._pid = os.getpid()
        context.save_predictions(10.0 * data.labels[data.val_rows])
        context.report_epoch(val_auc=0.99)
        return
    time.sleep(1)
    _predict(data, context)


def _leave_thread(data, context) -> None:  # noqa: ANN001
    """Report from a thread once another fit runs, past the refusal as well."""

    def report_late() -> None:
        time.sleep(1)
        context._has_ended = False
        context.report_epoch(val_auc=0.99)

    threading.Thread(target=report_late).start()
    _predict(data, context)


def _leave_programs(data, context) -> None:  # noqa: ANN001
    """Leave programs in the worker's group, in sessions of their own, and without a parent."""
    sleep = ["sleep", SLEEP]
    subprocess.Popen(sleep)
    subprocess.Popen(sleep, start_new_session=True)
    subprocess.Popen(sleep, start_new_session=True, env={})
    subprocess.Popen(["sh", "-c", f"setsid sh -c 'sleep {SLEEP} & setsid sleep {SLEEP} &' &"])
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execvp("sleep", sleep)
        os._exit(0)
    time.sleep(0.5)
    _predict(data, context)


def _leave_programs_and_die(data, context) -> None:  # noqa: ANN001
    _leave_programs(data, context)
    os.kill(os.getpid(), signal.SIGKILL)


def _leave_programs_and_hang(data, context) -> None:  # noqa: ANN001
    _leave_programs(data, context)
    time.sleep(1000)


def _fork_daemon_with_pipes_and_exit(data, context) -> None:  # noqa: ANN001
    """Fork as a C library does, which Python is not told of: the child holds the pipes."""
    if ctypes.CDLL(None).fork() == 0:
        os.setsid()
        time.sleep(float(SLEEP))
        os._exit(0)
    time.sleep(0.3)
    os._exit(7)


def _count_left(data, context):  # noqa: ANN001, ANN202
    """Say how many of the programs of earlier fits still run."""
    _predict(data, context)
    told = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return {"left": told.stdout.count(f"sleep {SLEEP}")}


def _report_much(data, context):  # noqa: ANN001, ANN202
    for epoch in range(60_000):
        context.report_epoch(val_auc=0.5 + epoch * 1e-6, val_loss=0.6931471805599453)
    _predict(data, context)
    return {f"metric {number}": 1.0 for number in range(250_000)}


def _take_time(data, context) -> None:  # noqa: ANN001
    time.sleep(3)
    _predict(data, context)


class _Mute(Exception):  # noqa: N818
    def __str__(self) -> str:
        raise ValueError("no text")


def _raise(error: BaseException):  # noqa: ANN202
    def deed(data, context) -> None:  # noqa: ANN001
        raise error

    return deed


def _ask(data, context) -> None:  # noqa: ANN001
    input("How many trees? ")


def _ask_in_program(data, context) -> None:  # noqa: ANN001
    os.system("cat")
    _predict(data, context)


DEEDS = {
    "much": _report_much,
    "much text": _raise(ValueError("no luck " * 2_500_000)),
    "programs": _leave_programs,
    "programs, death": _leave_programs_and_die,
    "programs, hang": _leave_programs_and_hang,
    "left": _count_left,
    "daemon": _fork_daemon_with_pipes_and_exit,
    "garbage": _write_garbage,
    "fork": _fork_and_return,
    "fork and report": _fork_and_report,
    "thread": _leave_thread,
    "slow": _take_time,
    "no text": _raise(ValueError()),
    "mute": _raise(_Mute()),
    "interrupt": _raise(KeyboardInterrupt()),
    "generator exit": _raise(GeneratorExit()),
    "base": _raise(BaseException("as low as can be")),
    "surrogate": _raise(ValueError("caf\udce9")),
    "exit": _raise(SystemExit()),
    "ask": _ask,
    "program asks": _ask_in_program,
    "look": _predict,
    "scale": _scale_in_place,
    "window": _scale_window_in_place,
    "labels": _fill_labels,
    "tensor": _scale_tensor_in_place,
    "reuse": _reuse_what_was_saved,
}
