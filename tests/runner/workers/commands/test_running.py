"""A command runs once a fit, is listened to, and is told by its own last words when it fails."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from runner.errors import WorkerDied
from runner.faults.limits import Limits
from runner.planning.command_template import CommandTemplate
from runner.workers.commands.ordering import order_command
from runner.workers.launch import launch_command_runner
from runner.workers.protocol import EpochDone, FitResult, Job, JobError
from runner.workers.supervisor import Worker
from tests.runner.conftest import configuration

QUIET = Limits(hang_s=60.0)
SCRIPT = """
import json, os, sys, time
from pathlib import Path
out = Path(sys.argv[sys.argv.index("--out") + 1])
def metrics(**values):
    (out / "metrics.json").write_text(json.dumps(values))
def rows(text):
    (out / "predictions.csv").write_text(text)
"""
ROWS = "row,label,score\n2,1,0.5\n0,0,-1.5\n1,1,2\n"


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with closing(Worker(launch_command_runner())) as one:
        yield one


def make_job(folder: Path, code: str, **fields: object) -> Job:
    """Return the job of a script with this code behind `SCRIPT`."""
    script = folder / "train me.py"
    script.write_text(SCRIPT + code)
    text = f"{sys.executable} '{script}' --lr {{lr}} --seed={{seed}} --out {{out}}"
    template = CommandTemplate.parse(text)
    of_command = {name: fields.pop(name) for name in ("task", "classes") if name in fields}
    template = replace(template, folder=folder)
    out = folder / "o ut"
    command = order_command(template, {"lr": 0.001, "seed": 3}, out, **of_command)  # type: ignore[arg-type]
    asked = {"configurations": (configuration(),), "seeds": (3,), "data": "", "device": "cpu"}
    return Job(**{**asked, "command": command, **fields})  # type: ignore[arg-type]


def play(worker: Worker, job: Job, limits: Limits = QUIET) -> Sequence[object]:
    return list(worker.run(job, limits))


def result_of(worker: Worker, job: Job) -> FitResult:
    *_, result = play(worker, job)
    assert isinstance(result, FitResult), result
    return result


def error_of(worker: Worker, job: Job) -> JobError:
    *_, error = play(worker, job)
    assert isinstance(error, JobError), error
    return error


def test_metrics_predictions_and_logs_are_read_from_its_folder(
    worker: Worker, tmp_path: Path
) -> None:
    code = (
        f"metrics(auc=0.75, trees=7)\nrows({ROWS!r})\nprint(sys.argv[1:4]); sys.stderr.write('x')"
    )
    result = result_of(worker, make_job(tmp_path, code))
    assert result.metrics == {"val_auc": 0.75, "trees": 7.0}
    assert result.table is not None
    table = result.table.receive_val()
    assert table.rows.tolist() == [0, 1, 2]
    assert table.labels.tolist() == [0, 1, 1]
    assert table.scores.tolist() == [-1.5, 2.0, 0.5]
    assert np.isnat(table.dates).all()
    out = tmp_path / "o ut"
    assert (out / "stdout.log").read_text() == "['--lr', '0.001', '--seed=3']\n"
    assert (out / "stderr.log").read_text() == "x"
    assert result.peak_memory_bytes is not None
    assert result.peak_memory_bytes > 2**20


def test_lines_of_its_output_tell_of_epochs_while_it_runs(worker: Worker, tmp_path: Path) -> None:
    code = """
for epoch in range(3):
    print("step 1 of 2")
    print(json.dumps({"epoch": epoch, "val_loss": 1 / (epoch + 1), "rmse": [3, 1, 2][epoch]}))
    print('{"epoch": 0, "val_loss": 9}')
metrics(rmse=1)
"""
    job = make_job(tmp_path, code, task="regression", metric="rmse", direction="minimize")
    *epochs, result = play(worker, job)
    assert isinstance(result, FitResult)
    points = [message.point for message in epochs if isinstance(message, EpochDone)]
    assert [(point.epoch, point.val_loss) for point in points] == [(1, 1.0), (2, 0.5), (3, 1 / 3)]
    assert result.curve == tuple(points)
    assert (result.selected_epoch, result.metrics) == (2, {"val_rmse": 1.0})


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        ("raise ValueError('no\\nrate')", "error", "exit status 1: ValueError: no rate"),
        ("sys.exit('no data')", "error", "exit status 1: no data"),
        ("print('5 %\\r9 %: no luck'); sys.exit(7)", "error", "exit status 7: 9 %: no luck"),
        ("sys.exit(3)", "error", "exit status 3"),
        ("os.kill(os.getpid(), 11)", "crashed", "the command was ended by SIGSEGV"),
        ("raise MemoryError('9 GB')", "out_of_host_memory", "exit status 1: MemoryError: 9 GB"),
        (
            "raise RuntimeError('CUDA out of memory. Tried 2 GB')",
            "out_of_memory",
            "exit status 1: RuntimeError: CUDA out of memory. Tried 2 GB",
        ),
        ("pass", "error", "the command wrote neither metrics.json nor predictions to {out}"),
        ("metrics(auc=float('nan'))", "error", 'metrics.json: "auc" is NaN, expected a finite'),
        ("rows('row,label\\n1,1\\n')", "error", "predictions.csv: the column 'score' is missing"),
    ],
)  # fmt: skip
def test_a_failure_is_told_by_the_scripts_own_last_lines(
    worker: Worker, tmp_path: Path, code: str, kind: str, message: str
) -> None:
    error = error_of(worker, make_job(tmp_path, code))
    assert (error.kind, error.message[: len(message)]) == (kind, message)


def test_the_traceback_of_a_failure_is_kept(worker: Worker, tmp_path: Path) -> None:
    error = error_of(worker, make_job(tmp_path, "raise OSError('gone')"))
    assert error.traceback.startswith("Traceback (most recent call last):")
    assert "train me.py" in error.traceback


def test_the_test_rows_are_read_only_if_they_are_asked_for(worker: Worker, tmp_path: Path) -> None:
    rows = "row,label,score,split\n0,0,1,val\n1,1,2,validation\n5,0,3,test\n"
    code = f"metrics(test_auc=1.0)\nrows({rows!r})"
    result = result_of(worker, make_job(tmp_path, code))
    assert result.table is not None
    assert (result.table.receive_test(), result.metrics) == (None, {})
    assert result.notices[0].startswith("test_auc: left out, since nobody asked for the test rows")
    result = result_of(worker, make_job(tmp_path, code, with_test=True))
    assert result.table is not None
    test = result.table.receive_test()
    assert test is not None
    assert (test.rows.tolist(), result.metrics) == ([5], {"test_auc": 1.0})
    error = error_of(worker, make_job(tmp_path, "metrics(auc=0.5)", with_test=True))
    assert error.message == "the command wrote no predictions of the test rows to {out}"


def test_where_no_rows_are_scored_the_metrics_are_all(worker: Worker, tmp_path: Path) -> None:
    code = "metrics(latency=12.5)\nrows('nonsense')"
    job = make_job(tmp_path, code, task="none", metric="latency", direction="minimize")
    result = result_of(worker, job)
    assert (result.metrics, result.table) == ({"val_latency": 12.5}, None)


def test_what_an_earlier_attempt_left_is_gone(worker: Worker, tmp_path: Path) -> None:
    result_of(worker, make_job(tmp_path, f"rows({ROWS!r})"))
    result = result_of(worker, make_job(tmp_path, "metrics(auc=0.5)"))
    assert result.table is None


def test_it_runs_in_the_persons_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere/of/theirs")
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    code = (
        "metrics(threads=int(os.environ['OMP_NUM_THREADS']),"
        " blas=int(os.environ['MKL_NUM_THREADS']),"
        " theirs=int(os.environ['PYTHONPATH'] == '/somewhere/of/theirs'),"
        " here=int(os.getcwd() == os.path.dirname(os.path.abspath(__file__))),"
        " told=len(sys.stdin.read()), auc=0.5)"
    )
    with closing(Worker(launch_command_runner())) as worker:
        result = result_of(worker, make_job(tmp_path, code))
    told = {"threads": 7, "blas": 1, "theirs": 1, "here": 1, "told": 0}
    assert result.metrics == {**told, "val_auc": 0.5}


def test_a_program_that_goes_on_behind_it_is_ended(worker: Worker, tmp_path: Path) -> None:
    code = (
        "import subprocess\n"
        "child = subprocess.Popen(['sleep', '1000'], start_new_session=True)\n"
        "metrics(pid=child.pid, auc=0.5)"
    )
    result = result_of(worker, make_job(tmp_path, code))
    with pytest.raises(ProcessLookupError):
        os.kill(int(result.metrics["pid"]), 0)


@pytest.mark.parametrize(
    ("limits", "kind"), [(Limits(timeout_s=1.5), "timed_out"), (Limits(hang_s=1.5), "hung")]
)
def test_one_that_takes_too_long_is_ended(tmp_path: Path, limits: Limits, kind: str) -> None:
    code = "sys.stderr.write('waiting for data\\n')\ntime.sleep(1000)"
    fresh = closing(Worker(launch_command_runner()))
    with fresh as worker, pytest.raises(WorkerDied) as caught:
        play(worker, make_job(tmp_path, code), limits)
    assert caught.value.kind == kind
    assert caught.value.last_words == "waiting for data\n"


def test_one_that_works_in_silence_lives(tmp_path: Path) -> None:
    code = "end = time.monotonic() + 3\nwhile time.monotonic() < end: pass\nmetrics(auc=0.5)"
    with closing(Worker(launch_command_runner())) as worker:
        *_, result = play(worker, make_job(tmp_path, code), Limits(hang_s=1.5))
    assert isinstance(result, FitResult)


def test_a_program_that_prints_for_ever_behind_it_holds_nobody_up(
    worker: Worker, tmp_path: Path
) -> None:
    code = """
import subprocess
subprocess.Popen([sys.executable, "-c", "while True: print(1)"])
time.sleep(0.5)
metrics(auc=0.5)
"""
    result = result_of(worker, make_job(tmp_path, code))
    assert result.seconds < 30


def test_of_a_long_standard_error_the_end_is_kept(tmp_path: Path) -> None:
    code = r"""
for _ in range(400):
    sys.stderr.write("x" * 9_999 + "\n")
sys.stderr.write("no more\n")
sys.stderr.flush()
time.sleep(1000)
"""
    fresh = closing(Worker(launch_command_runner()))
    with fresh as worker, pytest.raises(WorkerDied) as caught:
        play(worker, make_job(tmp_path, code), Limits(timeout_s=2.0))
    assert caught.value.last_words.endswith("x\nno more\n")


@pytest.mark.parametrize(
    ("value", "epoch"), [("1.0", 2), ("2.0", 3), ("1.5", None)], ids=["best", "last", "neither"]
)
def test_the_selected_epoch_is_that_of_which_the_metric_is(
    worker: Worker, tmp_path: Path, value: str, epoch: int | None
) -> None:
    code = f"""
for epoch, rmse in enumerate([3, 1, 2]):
    print(json.dumps({{"epoch": epoch, "rmse": rmse}}))
metrics(rmse={value})
"""
    job = make_job(tmp_path, code, task="regression", metric="rmse", direction="minimize")
    assert result_of(worker, job).selected_epoch == epoch
