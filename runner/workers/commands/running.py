"""One fit of a command: run, and read once it has ended."""

import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from runner.workers.commands.columns import read_columns
from runner.workers.commands.metrics_file import (
    MetricsFile,
    match_epoch,
    point_of,
    read_metrics,
)
from runner.workers.commands.predictions_file import Predicted, tabulate_predictions
from runner.workers.commands.process import CommandFailed, CommandProcess
from runner.workers.fault_words import classify_words
from runner.workers.protocol import (
    CommandJob,
    EpochDone,
    FitResult,
    Job,
    JobDone,
    JobError,
    Send,
    unquote_path,
)
from runner.workers.sent_table import SentTable
from trial_sets.errors import InputError, suggest
from trial_sets.records.limits import MOST_MESSAGE, MOST_TRACEBACK, cap_text, keep_end
from trial_sets.records.record import EpochPoint, FailureKind
from trial_sets.task import Metric


def run_command(job: Job, send: Send) -> JobDone | JobError:
    """Run a command for the one fit of a job, and return how that has ended."""
    command = job.command
    assert command is not None
    try:
        send(_run(job, command, send))
    except CommandFailed as failure:
        message, words = (
            cap_text(str(failure), MOST_MESSAGE),
            keep_end(failure.words, MOST_TRACEBACK),
        )
        return JobError(kind=failure.kind, message=message, traceback=words)
    except InputError as error:
        return JobError(kind="error", message=cap_text(str(error), MOST_MESSAGE), traceback="")
    except BaseException as error:  # noqa: BLE001 - memory, a disk that is full
        return JobError.of(error, cast(FailureKind, classify_words(str(error))))
    return JobDone()


def _run(job: Job, command: CommandJob, send: Send) -> FitResult:
    """Run the command and return what it has shown."""
    out = Path(unquote_path(command.out))
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    metric = Metric(name=job.metric, direction=job.direction)
    curve: list[EpochPoint] = []
    started = told = time.perf_counter()

    def report(row: Mapping[str, float]) -> bool:
        nonlocal told
        now = time.perf_counter()
        point = point_of(row, len(curve) + 1, now - told, metric)
        told = now
        curve.append(point)
        return send(EpochDone(index=0, point=point))

    process = CommandProcess(job, command, out)
    peak = process.run(report)
    seconds = time.perf_counter() - started
    if process.is_stopped:
        return _gather_pruned(job, out, curve, seconds, peak)
    found = read_metrics(out, metric)
    predicted = _read_predictions(job, command, out)
    if found is None and predicted is None:
        raise InputError("the command wrote neither metrics.json nor predictions to {out}")
    if found is not None and predicted is None and metric.key() not in found.metrics:
        near = suggest(metric.name, list(found.metrics))
        raise InputError(f"{found.file}: does not hold {metric.name}, the study's metric{near}")
    return _gather(job, command, found or MetricsFile({}), predicted, curve, seconds, peak)


def _read_predictions(job: Job, command: CommandJob, out: Path) -> Predicted | None:
    if command.task == "none" or (columns := read_columns(out)) is None:
        if job.with_test:
            raise InputError("the command wrote no predictions of the test rows to {out}")
        return None
    return tabulate_predictions(
        columns,
        command.task,
        command.classes,
        with_test=job.with_test,
        has_groups=command.has_groups,
    )


def _gather(  # noqa: PLR0917
    job: Job,
    command: CommandJob,
    found: MetricsFile,
    predicted: Predicted | None,
    told: list[EpochPoint],
    seconds: float,
    peak: int | None,
) -> FitResult:
    """Return the result of a fit: the curve of the file, else what its output told."""
    metrics, left_out = _leave_out_tested(job, found)
    notices = [*(predicted.notices if predicted else ()), *left_out]
    curve, selected = found.curve, found.selected_epoch
    if not curve:
        judged = metrics.get(f"val_{job.metric}")
        curve, selected = (
            tuple(told),
            match_epoch(told, judged, minimize=job.direction == "minimize"),
        )
    table = None
    if predicted is not None:
        assert command.task != "none"
        table = SentTable.of_tables(command.task, predicted.val, predicted.test)
    return FitResult(
        index=0, curve=curve, selected_epoch=selected, stop_reason="finished", metrics=metrics,
        table=table, notices=tuple(notices), n_parameters=None, seconds=seconds,
        peak_memory_bytes=peak,
    )  # fmt: skip


def _leave_out_tested(job: Job, found: MetricsFile) -> tuple[dict[str, float], list[str]]:
    """Return the metrics but for those of test rows that nobody asked for, and a notice of them."""
    tested = [] if job.with_test else [name for name in found.metrics if name.startswith("test_")]
    metrics = {name: value for name, value in found.metrics.items() if name not in tested}
    if not tested:
        return metrics, []
    return metrics, [f"{', '.join(tested[:5])}: left out, since nobody asked for the test rows"]


def _gather_pruned(
    job: Job, out: Path, told: list[EpochPoint], seconds: float, peak: int | None
) -> FitResult:
    """Return what a command has shown that was told to stop.

    That is the curve that it has printed, and its metrics if they are whole. Predictions are not
    read: of some rows they may be missing, which those of other fits would be held against.
    """
    metric = Metric(name=job.metric, direction=job.direction)
    metrics, notices = _leave_out_tested(job, _read_torn(out, metric))
    scored = [point.val_metric for point in told if point.val_metric is not None]
    best = max(scored, key=lambda value: metric.sign * value, default=None)
    minimize = job.direction == "minimize"
    return FitResult(
        index=0, curve=tuple(told), stop_reason="pruned", metrics=metrics, notices=tuple(notices),
        selected_epoch=match_epoch(told, metrics.get(metric.key(), best), minimize=minimize),
        n_parameters=None, seconds=seconds, peak_memory_bytes=peak,
    )  # fmt: skip


def _read_torn(out: Path, metric: Metric) -> MetricsFile:
    """Return the metrics that a command has written that was ended; nothing of what cannot be."""
    try:
        found = read_metrics(out, metric) or MetricsFile({})
    except InputError:
        return MetricsFile({})
    score = found.metrics.get(metric.key())
    return found if score is None or metric.allows(score) else MetricsFile({})
