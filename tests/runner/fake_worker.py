"""A worker process without PyTorch: it does what the path of a job's data tells it to do."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

TOKENS = [""]  # of the orders so far


def say(event: str, *, token: str = "", pid: int = 0, **fields: object) -> None:
    """Send a message, by default of the last order and of this process."""
    message = {"event": event, **fields}
    line = {"token": token or TOKENS[-1], "pid": pid or os.getpid(), "message": message}
    print(json.dumps(line), flush=True)


def write(line: bytes) -> None:
    """Send what is no message, and go on as if nothing were."""
    os.write(1, line)
    train()


POINT = {"epoch": 1, "train_loss": 0.5, "val_loss": 0.5, "val_auc": 0.7, "seconds": 0.1}


def say_result(
    *, token: str = "", pid: int = 0, index: int = 0, val_auc: float = 0.7, **fields: object
) -> None:
    result = {
        "index": index, "curve": [POINT], "selected_epoch": 1, "stop_reason": "finished",
        "metrics": {"val_auc": val_auc}, "n_parameters": None, "seconds": 0.1,
        "peak_memory_bytes": None, **fields,
    }  # fmt: skip
    say("result", token=token, pid=pid, **result)


def train() -> None:
    say("alive")
    say("epoch", index=0, point=POINT)
    say_result()
    say("done")


def train_judged(before: Callable[[], None] = lambda: None) -> None:
    """Train three epochs, fewer where the answer to one is to stop."""
    points = []
    for epoch in (1, 2, 3):
        points.append({**POINT, "epoch": epoch})
        say("epoch", index=0, point=points[-1])
        before()
        ordered = json.loads(sys.stdin.readline())
        assert ordered["token"] == TOKENS[-1], "an answer comes under the token of its job"
        assert ordered["order"]["order"] == "judge"
        if not ordered["order"]["go_on"]:
            break
    reason = "finished" if len(points) == 3 else "pruned"
    say_result(stop_reason=reason, curve=points)
    say("done")


def train_judged_twice() -> None:
    """Go on for an epoch after the answer to stop, as a thread may."""
    for _ in range(2):
        say("epoch", index=0, point=POINT)
    told = [json.loads(sys.stdin.readline())["order"]["go_on"] for _ in range(2)]
    say_result(stop_reason="pruned", metrics={"told": sum(told)})
    say("done")


def train_among_others() -> None:
    """Train while a thread of the job before and a forked process have their say."""
    for token, pid in ((TOKENS[-2], 0), ("", os.getpid() + 1), ("guess", 0)):
        say_result(token=token, pid=pid, val_auc=1.0)
        say("error", token=token, pid=pid, kind="error", message="no luck", traceback="")
        say("done", token=token, pid=pid)
    train()


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


def talk_as_another(seconds: float) -> None:
    """Say nothing, while another process says that it is alive."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.05)
        say("alive", pid=os.getpid() + 1)


def close_output(seconds: float) -> None:
    sys.stdout.close()
    os.close(1)
    time.sleep(seconds)
    os._exit(4)


ORDERS = {
    "train": train,
    "judged": train_judged,
    "judged and killed": lambda: train_judged(lambda: os.kill(os.getpid(), signal.SIGKILL)),
    "judged and silent": lambda: train_judged(lambda: time.sleep(60.0)),
    "judged twice": train_judged_twice,
    "pruned untold": lambda: say_result(stop_reason="pruned"),
    "among others": train_among_others,
    "no JSON": lambda: write(b"garbage\n"),
    "no UTF-8": lambda: write(b'{"token": "\xff"}\n'),
    "no message": lambda: write(b'{"event": "done"}\n'),
    "no end": lambda: write(b"x" * 3_000_000),
    "wrong event": lambda: say("probed", computes=True),
    "ready again": lambda: say_ready(TOKENS[-1]),
    "wrong index": lambda: say_result(index=7),
    "negative index": lambda: say("epoch", index=-1, point=POINT),
    "endless number": lambda: say("epoch", index=0, point={**POINT, "epoch": 10**400}),
    "no number": lambda: say_result(seconds=float("nan")),
    "test unasked": lambda: say_result(test_logits=[0.0]),
    "result twice": lambda: (say_result(), say_result()),
    "no result": lambda: say("done"),
    "train once": train_once,
    "foreign talk": lambda: talk_as_another(60.0),
    "talk": lambda: talk(60.0),
    "raise": lambda: say("error", kind="error", message="no luck", traceback="Traceback"),
    "exit": lambda: os._exit(3),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "sleep": lambda: time.sleep(60.0),
    "close": lambda: close_output(60.0),
    "close and exit": lambda: close_output(0.3),
}


def say_curve(*losses: float) -> None:
    rates = [1e-7 * 10**n for n in range(len(losses))]
    say("range_tested", rates=rates, losses=losses)


def die_once(data: str) -> None:
    """Die, unless another worker has for these data."""
    if not os.path.exists(f"{data}.died"):  # noqa: PTH110
        with open(f"{data}.died", "w"):  # noqa: PTH123
            os._exit(3)
    say_curve(0.5, 0.4)


def want_memory(parts: int) -> None:
    if parts < 4:
        say("error", kind="out_of_memory", message="no memory", traceback="")
    else:
        say_curve(0.5, 0.4)


# Of a range test, by the seed that it is asked for.
RANGE_TESTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "well": lambda _: say_curve(0.5, 0.4),
    "die": lambda _: os._exit(3),
    "die once": lambda job: die_once(job["data"]),
    "raise": lambda _: ORDERS["raise"](),
    "nothing": lambda _: say_curve(),
    "nonsense": lambda _: say("probed", computes=True),
    "memory": lambda job: want_memory(job["micro_batches"]),
}


def say_ready(token: str = "") -> None:
    about = {"versions": {"torch": "none"}, "processor": "", "cuda": [], "mps": False}
    say("ready", token=token, matmul="default", **about)


def main() -> None:
    say_ready()
    for line in sys.stdin:
        ordered = json.loads(line)
        TOKENS.append(ordered["token"])
        order = ordered["order"]
        if order["order"] == "probe":
            say("probed", computes=order["device"] == "cpu")
        elif order["order"] == "range_test":
            [*RANGE_TESTS.values()][order["job"]["seeds"][0]](order["job"])
        else:
            ORDERS[order["data"]]()


if __name__ == "__main__":
    main()
