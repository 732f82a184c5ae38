"""A trainer that takes milliseconds, and fails in whatever way a trial's options ask for."""

import os
import resource
import signal
import subprocess
import time
from typing import Never

import numpy as np


def train(configuration, data, context):  # noqa: ANN001, ANN201 - as a person would write it
    """Predict noise that the seed and the dropout decide, unless there is a fault."""
    fault = configuration["options"].get("fault", "none")
    if fault != "none":
        FAULTS[fault]()
    rng = np.random.default_rng([context.seed, round(1000 * configuration["dropout"])])
    context.report_epoch(val_auc=0.5)
    context.save_predictions(rng.normal(size=len(data.val_rows)))


def _raise() -> Never:
    raise ValueError("no luck")


def _raise_out_of_memory() -> Never:
    import torch  # noqa: PLC0415 - it takes seconds, and most faults go without

    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 1 GiB")


def _lose_device() -> Never:
    import torch  # noqa: PLC0415

    raise torch.AcceleratorError("CUDA error: unspecified launch failure")


def _allocate() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, resource.RLIM_INFINITY))
    np.ones(2**40, dtype=np.uint8)


def _die_with_child() -> None:
    subprocess.Popen(["sleep", "1000"])
    os.kill(os.getpid(), signal.SIGKILL)


def _turn() -> Never:
    while True:
        pass


FAULTS = {
    "raise": _raise,
    "device_memory": _raise_out_of_memory,
    "device_lost": _lose_device,
    "host_memory": _allocate,
    "exit": lambda: os._exit(7),
    "kill": _die_with_child,
    "segfault": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "stop": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "sleep": lambda: time.sleep(1000),
    "turn": _turn,
}
