"""A host takes orders as they come over its pipes, and ends when it can hear no more."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from runner.workers.launch import launch_host

TRAINER = """
def train(configuration, data, context):
    print("told to standard error")
    assert type(configuration["depth"]) is int
    return {"val_auc": configuration["lr"], "depth": configuration.pop("depth")}
"""


@pytest.fixture
def host() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        launch_host(sys.executable).command,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:  # fmt: skip
        yield process
        process.kill()


def read_message(host: subprocess.Popen[bytes], event: str) -> dict[str, object]:
    """Return the next message that is no sign of life."""
    assert host.stdout is not None
    for line in host.stdout:
        said = json.loads(line)
        if said["message"]["event"] != "alive":
            break
    assert (said["pid"], said["message"]["event"]) == (host.pid, event), said
    return {**said["message"], "token": said["token"]}


def test_free_hyperparameters_are_all_that_the_function_gets(
    host: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert host.stdin is not None
    (tmp_path / "train.py").write_text(TRAINER)
    rows = {name: np.arange(2) for name in ("train_rows", "val_rows", "test_rows")}
    np.savez(tmp_path / "data.npz", json=np.array("{}"), features=np.zeros((2, 1)), **rows)  # type: ignore[arg-type]
    order = {
        "order": "train", "seeds": [3], "device": "cpu", "with_test": False, "metric": "auc",
        "direction": "maximize", "configurations": [{"parameters": {"lr": 0.25, "depth": 4}}],
        "data": str(tmp_path / "data.npz"), "trainer": f"{tmp_path / 'train.py'}:train",
    }  # fmt: skip
    versions = read_message(host, "ready")["versions"]
    assert isinstance(versions, dict)
    assert versions["numpy"] == np.__version__
    for token in ("one", "two"):  # what the first fit did to its configuration is the first's alone
        ordered = {"token": token, "order": order}
        host.stdin.write(json.dumps(ordered).encode() + b"\n")
        host.stdin.flush()
        result = read_message(host, "result")
        assert (result["token"], result["metrics"]) == (token, {"val_auc": 0.25, "depth": 4.0})
        assert read_message(host, "done")["token"] == token


def test_it_ends_with_its_parent(host: subprocess.Popen[bytes]) -> None:
    assert host.stdin is not None
    host.stdin.close()
    assert host.wait(30) == -signal.SIGKILL


def test_it_does_not_stay_deaf_after_what_it_cannot_understand(
    host: subprocess.Popen[bytes],
) -> None:
    assert host.stdin is not None
    assert host.stderr is not None
    host.stdin.write(b"nonsense\n")
    host.stdin.flush()
    assert host.wait(30) == 1
    assert b"JSONDecodeError" in host.stderr.read()
