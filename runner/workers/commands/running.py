"""One fit of a command: started, listened to, and read once it has ended."""

import contextlib
import math
import os
import selectors
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from runner.planning.command_template import fill_words
from runner.workers.commands.columns import read_columns
from runner.workers.commands.last_words import describe_exit, find_last_words
from runner.workers.commands.logs import EpochLines, TailLog
from runner.workers.commands.metrics_file import (
    MetricsFile,
    match_epoch,
    point_of,
    read_metrics,
)
from runner.workers.commands.predictions_file import Predicted, tabulate_predictions
from runner.workers.fault_words import classify_words
from runner.workers.host_memory import OomKills
from runner.workers.launch import KEPT_PATH
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

STDOUT, STDERR = "stdout.log", "stderr.log"  # in the folder that the command writes to
PIECE_BYTES = 2**16
WORDS_BYTES = 16_000  # of a log that a failure's record keeps
POLL_S = 0.05  # how long an ended command is not noticed whose pipes another process holds
LINGER_S = 1.0  # that such a process is still listened to
MOST_PASSED_ON = 2**20  # bytes of standard error that wait for a report, of which it needs the end
# One thread a fit, as for every other: a person who sets them otherwise has it otherwise.
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class CommandFailed(Exception):  # noqa: N818 - it says what happened
    """A command has ended without a result."""

    def __init__(self, kind: FailureKind, message: str, words: str = "") -> None:
        super().__init__(message)
        self.kind: FailureKind = kind
        self.words = words


@dataclass(slots=True)
class Heard:
    """What a command has let hear of itself so far."""

    pieces: int = 0  # of its outputs: signs of life


HEARD = Heard()
_KILLS = OomKills()  # since the last command began


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

    def report(row: Mapping[str, float]) -> None:
        nonlocal told
        now = time.perf_counter()
        point = point_of(row, len(curve) + 1, now - told, metric)
        told = now
        curve.append(point)
        send(EpochDone(index=0, point=point))

    peak = _Process(job, command, out).run(report)
    seconds = time.perf_counter() - started
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
    metrics, notices = dict(found.metrics), list(predicted.notices if predicted else ())
    tested = [] if job.with_test else [name for name in metrics if name.startswith("test_")]
    for name in tested:
        del metrics[name]
    if tested:
        notices.append(f"{', '.join(tested[:5])}: left out, since nobody asked for the test rows")
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


class _Process:
    """A command's process and what it prints."""

    def __init__(self, job: Job, command: CommandJob, out: Path) -> None:
        values = {**command.values, "out": str(out), "device": job.device}
        self._arguments = fill_words(command.words, unquote_path(command.program), values)
        self._folder, self._out = unquote_path(command.folder), out
        self._lines = EpochLines()
        _KILLS.mark()

    def run(self, report: Callable[[Mapping[str, float]], None]) -> int | None:
        """Run it to its end and return the most memory that it took, in bytes.

        Raises
        ------
        CommandFailed
            If it cannot be started, or ends with another status than 0.
        """
        with TailLog(self._out / STDOUT) as output, TailLog(self._out / STDERR) as errors:
            process = self._start()
            with process:
                self._listen(process, output, errors, report)
                peak = _wait(process)
            status = process.returncode
            ends = errors.read_end(WORDS_BYTES), output.read_end(WORDS_BYTES)
        if status != 0:
            raise self._explain(status, *ends)
        return peak

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                self._arguments, cwd=self._folder, env=_make_environment(),
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise CommandFailed(
                "error", f"{self._arguments[0]}: cannot be started: {why}"
            ) from None

    def _listen(
        self,
        process: subprocess.Popen[bytes],
        output: TailLog,
        errors: TailLog,
        report: Callable[[Mapping[str, float]], None],
    ) -> None:
        """Take in what it prints until it closes both outputs or has ended."""
        assert process.stdout is not None
        assert process.stderr is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ, output)
            selector.register(process.stderr, selectors.EVENT_READ, errors)
            until = math.inf  # a process that it has left may print for ever
            while selector.get_map() and time.monotonic() < until:
                ready = selector.select(POLL_S if until == math.inf else 0)
                for key, _ in ready:
                    stream = cast("IO[bytes]", key.fileobj)
                    piece = os.read(stream.fileno(), PIECE_BYTES)
                    if not piece:
                        selector.unregister(stream)
                        continue
                    HEARD.pieces += 1
                    key.data.write(piece)
                    if stream is process.stdout:
                        for row in self._lines.feed(piece):
                            report(row)
                    else:
                        _pass_on(piece)
                if until < math.inf and not ready:
                    return
                if until == math.inf and _has_ended(process.pid):
                    until = time.monotonic() + LINGER_S

    def _explain(self, status: int, errors: bytes, output: bytes) -> CommandFailed:
        words = find_last_words(errors, output)
        said = (errors or output).decode(errors="replace")
        kind = "crashed" if status < 0 else classify_words(words)
        if status == -9 and _KILLS.happened():
            kind = "out_of_host_memory"
        return CommandFailed(cast(FailureKind, kind), describe_exit(status, words), said)


def _pass_on(piece: bytes) -> None:
    """Write to this process's standard error, for the report of a crash or time limit.

    Where that is a file, as the supervisor has it, no more than its end is kept.
    """
    with contextlib.suppress(OSError):  # it is no file
        size = os.lseek(2, 0, os.SEEK_CUR)
        if size > MOST_PASSED_ON:
            end = os.pread(2, WORDS_BYTES, size - WORDS_BYTES)
            os.ftruncate(2, 0)
            os.lseek(2, 0, os.SEEK_SET)
            os.write(2, end)
    with contextlib.suppress(OSError):
        os.write(2, piece)


def _make_environment() -> dict[str, str]:
    """Return the person's environment, with one thread a fit, and output as it comes."""
    environment = dict(os.environ)
    path = environment.pop(KEPT_PATH, "")
    environment.pop("PYTHONPATH", None)
    if path:
        environment["PYTHONPATH"] = path
    for name in THREADS:
        environment.setdefault(name, "1")
    environment.setdefault("PYTHONUNBUFFERED", "1")
    return environment


def _has_ended(pid: int) -> bool:
    """Return whether a child has ended; it is reaped later."""
    if not hasattr(os, "waitid"):  # macOS before Python 3.13
        return False
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _wait(process: subprocess.Popen[bytes]) -> int | None:
    """Wait for the end of a process and return the most memory that it took, in bytes."""
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except ChildProcessError:
        process.wait()
        return None
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
