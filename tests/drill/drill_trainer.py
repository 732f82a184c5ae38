"""A trainer of a tenth of a second that writes down when it starts, and can be made endless."""

import os
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import numpy as np


def train(configuration, data, context):  # noqa: ANN001, ANN201 - as a person would write it
    """Predict noise that the seed and the dropout decide."""
    diary = Path(os.environ["DRILL_DIARY"])
    with diary.open("a") as file:
        file.write(f"{configuration['dropout']} {context.seed} {data.fold or 0}\n")
    if _take(diary.with_name("raise")):
        raise ValueError("no luck")
    if _take(diary.with_name("endless")):
        while True:
            pass
    if _take(diary.with_name("orphans")):
        _leave_programs()
    if _take(diary.with_name("garbage")):
        _write_garbage()
    if _take(diary.with_name("forked")) and os.fork() == 0:
        time.sleep(0.1)
        context.save_predictions(10.0 * data.labels[data.val_rows])
        return
    if _take(diary.with_name("big")):
        raise ValueError("no luck " * 2_000_000)
    settings = (context.seed, data.fold or 0, round(1000 * configuration["dropout"]))
    rng = np.random.default_rng(settings)
    for _ in range(5):
        time.sleep(float(os.environ.get("DRILL_EPOCH_S", "0.02")))
        np.ones(2**21)  # a limit on memory is felt
        context.report_epoch(val_auc=float(rng.random()))
    context.save_predictions(rng.normal(size=len(data.val_rows)))


def _leave_programs() -> None:
    """Start programs that the batch alone ends: beside this process, apart, without a parent."""
    program = ["sleep", "1000"]
    subprocess.Popen(program)
    subprocess.Popen(program, start_new_session=True)
    subprocess.Popen(["sh", "-c", "setsid sh -c 'sleep 1000 &' &"])


def _write_garbage() -> None:
    """Write a line to every pipe that there is."""
    for number in range(3, 64):
        with suppress(OSError):
            if "pipe" in str(Path(f"/proc/self/fd/{number}").readlink()):
                os.write(number, b"garbage\n")


def _take(order: Path) -> bool:
    """Return whether there was such an order; only one fit gets it."""
    try:
        order.unlink()
    except FileNotFoundError:
        return False
    return True
