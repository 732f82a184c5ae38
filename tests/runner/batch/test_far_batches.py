"""A batch whose workers are started elsewhere files what it would have filed here."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from runner.batch.events import Event, FitStarted, SlotLost
from runner.batch.ran import Ran
from runner.batch.run import run_plan, settle_devices, start_workers
from runner.batch.tracker import Tracker
from runner.errors import BatchStopped, RunError
from runner.launching.prefix import parse_prefixes
from runner.planning.plan import make_plan
from runner.planning.request import Request
from runner.workers.protocol import Ready, See, Seen
from runner.workers.supervisor import Worker
from tests.runner.conftest import fit
from trial_sets.records.record import Record

TRAINER = """
import os

import numpy as np


def train(configuration, data, context):
    assert os.environ["OMP_NUM_THREADS"] == "1"
    rng = np.random.default_rng(context.seed)
    context.report_epoch(val_auc=float(rng.random()))
    context.save_predictions(rng.normal(size=len(data.val_rows)))
"""
SCRIPT = """
import json, pathlib, sys

pathlib.Path(sys.argv[-1], "metrics.json").write_text(json.dumps({"val_auc": 0.75}))
"""
SSH_LIKE = '#!/bin/sh\nshift\ncd /\nexec env -i PATH="$PATH" sh -c "$*"\n'


@pytest.fixture
def ssh(tmp_path: Path) -> str:
    """Return a prefix that joins its words, drops the environment and goes elsewhere."""
    program = tmp_path / "fake-ssh"
    program.write_text(SSH_LIKE)
    program.chmod(0o755)
    return f"{program} host"


@pytest.fixture
def ask(tiny_study: Path, tmp_path: Path) -> Callable[..., Request]:
    (tmp_path / "it's a trainer.py").write_text(TRAINER)
    (tmp_path / "it's a script.py").write_text(SCRIPT)

    def make(**fields: Any) -> Request:
        asked = {"trainer": f"{tmp_path}/it's a trainer.py:train", "trials": ("A1", "A2")}
        asked |= {"device": "cpu", "output": tmp_path / "out puts", "study": str(tiny_study)}
        return Request(**{**asked, **fields})

    return make


def run(request: Request) -> tuple[list[Record], list[Event]]:
    plan, events = make_plan(request), list[Event]()
    with start_workers(request) as pool:
        run_plan(plan, pool, events.append)
    found = [plan.folder.read_record(*planned.fit.id) for planned in plan.fits]
    return [record for record in found if record is not None], events


def test_a_fit_has_the_same_result_wherever_it_runs(
    ask: Callable[..., Request], ssh: str, tmp_path: Path
) -> None:
    here, _ = run(ask(jobs=1, output=tmp_path / "here"))
    there, events = run(ask(launch=("env A=1", ssh)))
    assert [one.metrics for one in there] == [one.metrics for one in here]
    assert [one.predictions_sha256 for one in there] == [one.predictions_sha256 for one in here]
    assert [one.provenance.platform for one in there] == [one.provenance.platform for one in here]
    assert [one.provenance.versions for one in there] == [one.provenance.versions for one in here]
    assert {event.device for event in events if isinstance(event, FitStarted)} == {
        "cpu (env A=1)",
        f"cpu ({parse_prefixes([ssh])[0].show()})",
    }
    assert not list((tmp_path / "out puts").glob(".seen-*"))


def test_a_command_finds_its_folders_there(
    ask: Callable[..., Request], ssh: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command = f'{sys.executable} "it\'s a script.py" {{dropout}} {{seed}} {{out}}'
    (one,), _ = run(ask(trainer=None, command=command, trials=("A1",), launch=(ssh,)))
    assert (one.status, one.metrics["val_auc"]) == ("complete", 0.75)


def test_a_trainer_in_a_python_of_its_own_is_compared_with_that(
    ask: Callable[..., Request], tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (one,), _ = run(ask(python=str(python), trials=("A1",), launch=("env A=1",)))
    assert one.status == "complete"


@pytest.mark.parametrize(
    ("launch", "message"),
    [
        ("env A=1 /no/such/program", "no worker can start: through 'env A=1 /no/such/program': env "
         "ended with status 127: env: ‘?'?/no/such/program"),
        ("sh -c 'exit 255'", "no worker can start: through 'sh -c 'exit 255'': sh ended with "
         "status 255"),
        ("sh -c 'exec \"$@\" < /dev/null' sh", "its input ended before anything came"),
    ],
)  # fmt: skip
def test_a_prefix_that_starts_nothing_stops_the_batch_with_what_it_said(
    ask: Callable[..., Request], launch: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(BatchStopped, match=message):
        run(ask(launch=(launch,)))
    assert not (tmp_path / "out puts").exists()


def test_files_that_are_not_the_same_there_are_refused(
    ask: Callable[..., Request], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = ask(launch=("env A=1",))
    plan = make_plan(request)
    with start_workers(request) as pool:
        monkeypatch.setattr("pathlib.Path.write_bytes", lambda path, _: path.touch())
        with pytest.raises(RunError, match=r"through 'env A=1': .*/\.seen-\w+ is not the same"):
            settle_devices(plan, pool)
    assert not (tmp_path / "out puts").exists()


def test_ctrl_c_does_not_wait_for_a_disk_elsewhere_that_does_not_answer(
    ask: Callable[..., Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    first: list[Worker] = []

    def see(worker: Worker, _: See) -> Seen:
        if not first:
            first.append(worker)
            raise KeyboardInterrupt
        while not worker.has_ended():
            time.sleep(0.01)
        return Seen(missing="")

    monkeypatch.setattr(Worker, "see", see)
    request = ask(launch=("env A=1", "env A=2"))
    plan = make_plan(request)
    with start_workers(request) as pool, pytest.raises(KeyboardInterrupt):
        settle_devices(plan, pool)


def test_a_record_tells_of_the_machine_that_it_ran_on() -> None:
    far = Ready(
        versions={"torch": "2.13.0+cu126"}, processor="Chip", cuda=(), mps=False,
        matmul="onednn", platform="Far machine",
    )  # fmt: skip
    found = Ran("cuda:0", far=far).trace(datetime.now(UTC), {"torch": "2.13.0+cpu"}, None)
    assert (found.processor, found.matmul, found.platform) == ("Chip", "onednn", "Far machine")
    assert found.versions["torch"] == "2.13.0+cu126"


def test_a_slot_that_is_given_up_is_no_fit_of_the_table() -> None:
    tracker = Tracker([fit()], [1.0])
    tracker(SlotLost("no route"))
    assert (tracker.total, tracker.ended) == (1, 0)
