"""A worker process without PyTorch: it does what the path of a job's data tells it to do."""

import json
import os
import signal
import sys
import time


def say(event: str, **fields: object) -> None:
    print(json.dumps({"event": event, **fields}), flush=True)


def train() -> None:
    say("alive")
    point = {"epoch": 1, "train_loss": 0.5, "val_loss": 0.5, "val_auc": 0.7, "seconds": 0.1}
    say("epoch", index=0, point=point)
    say(
        "result", index=0, curve=[point], selected_epoch=1, stop_reason="finished",
        metrics={"val_auc": 0.7}, n_parameters=None, seconds=0.1, peak_memory_bytes=None,
    )  # fmt: skip
    say("done")


def train_once() -> None:
    train()
    os._exit(3)


def talk(seconds: float) -> None:
    """Work for a while and say so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.05)
        say("alive")
    train()


def close_output(seconds: float) -> None:
    sys.stdout.close()
    os.close(1)
    time.sleep(seconds)
    os._exit(4)


ORDERS = {
    "train": train,
    "train once": train_once,
    "talk": lambda: talk(60.0),
    "raise": lambda: say("error", kind="error", message="no luck", traceback="Traceback"),
    "exit": lambda: os._exit(3),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "sleep": lambda: time.sleep(60.0),
    "close": lambda: close_output(60.0),
    "close and exit": lambda: close_output(0.3),
}


def main() -> None:
    say("ready", versions={"torch": "none"}, processor="", cuda=[], mps=False, matmul="default")
    for line in sys.stdin:
        order = json.loads(line)
        if order["order"] == "probe":
            say("probed", computes=order["device"] == "cpu")
        else:
            ORDERS[order["data"]]()


if __name__ == "__main__":
    main()
