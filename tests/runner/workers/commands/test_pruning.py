"""A command that is told to stop is ended, and what it has printed by then is its fit."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from runner.workers.commands import process
from runner.workers.commands.running import run_command
from runner.workers.launch import launch_command_runner
from runner.workers.protocol import EpochDone, FitResult, Job, JobDone, JobError
from runner.workers.supervisor import Worker
from tests.runner.workers.commands.test_running import QUIET, ROWS, make_job

EPOCHS = """
def train(aucs=(0.5, 0.75, 0.625, 0.5), pause=30):
    for epoch, auc in enumerate(aucs):
        print(json.dumps({"epoch": epoch, "val_auc": auc, "loss": 1.0}))
    time.sleep(pause)
"""


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with closing(Worker(launch_command_runner())) as one:
        yield one


def prune(worker: Worker, job: Job, last: int) -> FitResult:
    """Return the result of a command that is told to stop after an epoch."""
    judged = job.model_copy(update={"judged": True})
    *epochs, result = worker.run(judged, QUIET, judge=lambda e: e.point.epoch < last)
    assert isinstance(result, FitResult), result
    assert result.curve == tuple(e.point for e in epochs if isinstance(e, EpochDone))
    assert len(result.curve) == last
    return result


@pytest.mark.parametrize(("last", "aucs", "selected"), [(1, [0.5], 1), (3, [0.5, 0.75, 0.625], 2)])
def test_the_curve_is_what_it_had_printed(
    worker: Worker, tmp_path: Path, last: int, aucs: list[float], selected: int
) -> None:
    result = prune(worker, make_job(tmp_path, f"{EPOCHS}\ntrain()"), last)
    assert [point.val_metric for point in result.curve] == aucs
    assert (result.stop_reason, result.selected_epoch, result.metrics) == ("pruned", selected, {})
    assert result.seconds < process.GRACE_S
    assert result.peak_memory_bytes is not None


@pytest.mark.parametrize(
    ("written", "metrics", "selected"),
    [
        ("metrics(auc=0.625, trees=7)", {"val_auc": 0.625, "trees": 7.0}, 3),
        ("metrics(trees=7, test_auc=1)", {"trees": 7.0}, 2),
        ("(out / 'metrics.json').write_text('[')", {}, 2),
        ("metrics(auc=7)", {}, 2),
        (f"rows({ROWS!r})", {}, 2),
    ],
    ids=["whole", "without the metric", "torn", "impossible", "predictions"],
)
def test_metrics_are_read_if_they_are_whole_and_predictions_never(
    worker: Worker, tmp_path: Path, written: str, metrics: dict[str, float], selected: int
) -> None:
    result = prune(worker, make_job(tmp_path, f"{EPOCHS}\n{written}\ntrain()"), 3)
    assert (result.metrics, result.table, result.selected_epoch) == (metrics, None, selected)


def test_what_it_writes_when_it_is_told_counts(worker: Worker, tmp_path: Path) -> None:
    code = f"""
import signal
def leave(*_):
    metrics(auc=0.75)
    print("x" * 10**6)
    sys.exit(9)
signal.signal(signal.SIGTERM, leave)
{EPOCHS}
train()
"""
    result = prune(worker, make_job(tmp_path, code), 2)
    assert result.metrics == {"val_auc": 0.75}
    assert (tmp_path / "o ut" / "stdout.log").stat().st_size > 10**6


@pytest.mark.slow
def test_one_that_does_not_listen_is_killed_with_its_family(tmp_path: Path) -> None:
    code = f"""
import signal, subprocess
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "1000"], start_new_session=True)
metrics(pids=child.pid, own=os.getpid())
{EPOCHS}
train(pause=1000)
"""
    with closing(Worker(launch_command_runner())) as worker:
        result = prune(worker, make_job(tmp_path, code), 2)
        for pid in (result.metrics["pids"], result.metrics["own"]):
            with pytest.raises(ProcessLookupError):
                os.kill(int(pid), 0)
        assert process.GRACE_S < result.seconds < 4 * process.GRACE_S
        free = list(worker.run(make_job(tmp_path, "metrics(auc=0.5)"), QUIET))
    assert isinstance(free[-1], FitResult)


def test_one_that_closed_its_outputs_is_killed_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "GRACE_S", 0.3)
    said: list[EpochDone | FitResult] = []

    def send(news: EpochDone | FitResult) -> bool:
        said.append(news)
        return len(said) < 4

    code = f"""
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
{EPOCHS}
train(pause=0)
sys.stdout.flush()
os.close(1)
os.close(2)
time.sleep(1000)
"""
    assert isinstance(run_command(make_job(tmp_path, code), send), JobDone)
    assert isinstance(said[-1], FitResult)
    assert (said[-1].stop_reason, len(said[-1].curve)) == ("pruned", 4)
    assert 0.3 < said[-1].seconds < process.LINGER_S + 10


def test_one_that_fails_by_itself_before_it_is_told_has_failed(
    worker: Worker, tmp_path: Path
) -> None:
    job = make_job(tmp_path, f"{EPOCHS}\ntrain(pause=0)\nsys.exit('no luck')", judged=True)
    *_, error = worker.run(job, QUIET, judge=lambda _: True)
    assert isinstance(error, JobError)
