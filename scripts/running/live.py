"""Showing a running batch: a live table in a terminal, plain lines elsewhere and in a log file."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from analysis.numbers import choose_decimals, format_duration
from runner.batch.events import (
    EpochEnded,
    Event,
    FitElsewhere,
    FitEnded,
    FitRepeated,
    FitRetried,
    FitStarted,
    Observer,
    SlotLost,
)
from runner.batch.tracker import BestTrial, FitProgress, Tracker
from runner.planning.fit import Fit
from runner.storage.durable import writing
from scripts.text import mark, score, show_value
from trial_sets.placement import open_log
from trial_sets.wording import tame_text

PLAIN_EVERY_S = 15.0
MOST_OF_A_STATE = 12  # fits that wait or have ended, of those that the live table shows
_STAMP = "%Y-%m-%d %H:%M:%S"  # local: a batch may take days


@contextmanager
def watch(tracker: Tracker, screen: Console, log: Path) -> Iterator[Observer]:
    """Yield an observer that keeps a table or lines up to date until the batch ends."""
    with writing(log):
        log.parent.mkdir(parents=True, exist_ok=True)
        file = LogFile(log)
    with ExitStack() as stack:
        stack.enter_context(contextlib.closing(file))
        files: list[IO[str] | LogFile] = [file]
        if screen.is_terminal:
            view = LiveTable(tracker)
            stack.enter_context(Live(view, console=screen, refresh_per_second=4))
        else:
            files.append(screen.file)
        write_lines, show_lines = PlainLines(tracker, files), PlainLines(tracker, files[1:])

        def observe(event: Event) -> None:
            tracker(event)
            (show_lines if _is_told_by_other(event) else write_lines)(event)

        yield observe


def _is_told_by_other(event: Event) -> bool:
    """Return whether another runner writes of it: each says in the log what it does itself."""
    return isinstance(event, FitElsewhere) or (isinstance(event, FitEnded) and event.by_other)


@dataclass(frozen=True, slots=True)
class LiveTable:
    """The running fits and the last that ended, with the time left."""

    tracker: Tracker

    def __rich__(self) -> Table:
        """Return the table as it stands now."""
        tracker = self.tracker
        rows = tracker.list_rows(MOST_OF_A_STATE)
        table = Table(title=self._title(), title_justify="left", box=None, header_style="bold")
        has_folds = any(row.fit.fold is not None for row in rows)
        for column in ("fit", *(["fold"] if has_folds else []), "seed", "device", "state"):
            table.add_column(column)
        for column in ("epoch", f"val {mark(tracker.metric.title)}", "best", "left"):
            table.add_column(column, justify="right")
        decimals = choose_decimals(tracker.rope)
        for row in rows:
            table.add_row(*_cells(row, decimals, has_folds=has_folds), self._left(row))
        if n_hidden := len(tracker.rows) - len(rows):
            table.add_row(Text(f"and {n_hidden} more", style="dim"))
        return table

    def _title(self) -> Text:
        tracker = self.tracker
        of = "" if tracker.total is None else f" of {tracker.total}"
        counts = (f"{tracker.ended}{of} {tracker.noun}", *tracker.describe_ended())
        parts = [" · ".join([*counts, _say_when(tracker) or "estimating"])]
        if tracker.best_trial is not None:
            parts.append(_describe_best(tracker.best_trial, tracker))
        return Text("\n".join(parts))

    def _left(self, row: FitProgress) -> str:
        left = self.tracker.fit_left_s(row.fit)
        return "" if left is None else format_duration(left)


def _say_when(tracker: Tracker) -> str:
    """Say how long the batch will take, or, once every fit has ended, how long it took."""
    elapsed, left = format_duration(tracker.elapsed_s()), tracker.left_s()
    if tracker.ended == tracker.total:
        return f"all in {elapsed}"
    return "" if left is None else f"{elapsed} so far, about {format_duration(left)} left"


def _describe_best(best: BestTrial, tracker: Tracker) -> str:
    """Say which trial is the best so far, with what tells it from the others."""
    values = ", ".join(f"{name}={show_value(value)}" for name, value in best.values.items())
    number = score(best.score, choose_decimals(tracker.rope))
    return tame_text(f"best {tracker.metric.title} {number}: {best.name}, {values}")


def _cells(row: FitProgress, decimals: int, *, has_folds: bool) -> list[str | Text]:
    """Return one row of the live table."""
    style = {"running": "cyan", "complete": "green", "failed": "red", "pruned": "yellow"}.get(
        row.state, "dim"
    )
    started = row.state != "waiting"
    return [
        Text(tame_text(" = ".join(row.fit.names))),
        *([str(row.fit.fold)] if has_folds else []),
        str(row.fit.seed),
        Text(tame_text(row.device)),
        Text(row.state, style=style),
        _count_epochs(row.epoch, row.fit) if started else "",
        score(row.val_metric, decimals) if started else "",
        score(row.best, decimals) if started else "",
    ]


def _count_epochs(epoch: int, fit: Fit) -> str:
    """Return how many epochs a fit has trained, of how many where that is known."""
    return f"{epoch}/{most}" if (most := fit.configuration.epochs) else str(epoch or "")


class LogFile:
    """A file that lines are added to; a full disk costs lines, and stops the batch elsewhere."""

    def __init__(self, path: Path) -> None:
        self._file = open_log(path)  # what could not be written is not kept

    def write(self, line: str) -> None:
        """Add a line."""
        with contextlib.suppress(OSError):
            self._file.write(line.encode())

    def flush(self) -> None:
        """Do nothing: every line is on its way already."""

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def add_to_log(log: Path, text: str) -> None:
    """Add a line to a run's log, between two batches."""
    with contextlib.closing(LogFile(log)) as file:
        file.write(f"{time.strftime(_STAMP)} {tame_text(' '.join(text.split()))}\n")


class PlainLines:
    """One line a started and an ended fit, and now and then one in between."""

    def __init__(self, tracker: Tracker, files: Sequence[IO[str] | LogFile]) -> None:
        self._tracker = tracker
        self._files = files
        self._last = time.monotonic()

    def __call__(self, event: Event) -> None:
        """Write a line when the event deserves one."""
        match event:
            case FitStarted(fit=fit, device=device):
                self._write(f"{fit}: started on {device}")
            case EpochEnded(fit=fit, point=point):
                if time.monotonic() - self._last >= PLAIN_EVERY_S:
                    epochs = _count_epochs(point.epoch, fit)
                    self._write(f"{fit}: epoch {epochs}, {self._score(point.val_metric)}")
            case FitRetried(fit=fit, failure=failure):
                self._write(f"{fit}: {failure.kind}, trying again: {failure.message}")
            case SlotLost(why=why):
                self._write(why)
            case FitElsewhere(fit=fit, runner=runner):
                self._write(f"{fit}: another runner is at it ({runner})")
            case FitRepeated(fit=fit, trial=trial, record=record):
                self._write(f"{trial}: repeats {fit.name}, {self._score(record.score)}")
            case FitEnded(fit=fit, record=record) if record.failure is not None:
                self._write(f"{fit}: FAILED ({record.failure.kind}): {record.failure.message}")
            case FitEnded(fit=fit, record=record) if record.score is None:
                epochs = f" after epoch {len(record.curve)}" if record.curve else ""
                self._write(f"{fit}: {record.status}{epochs}, {format_duration(record.seconds)}")
            case FitEnded(fit=fit, record=record):
                best = self._tracker.best_trial
                praise = "; the best so far" if best is not None and best.name == fit.name else ""
                epochs = f" at epoch {record.selected_epoch} of {len(record.curve)}"
                self._write(
                    f"{fit}: {record.status}, {self._score(record.score)}"
                    f"{epochs if record.curve else ''}, {format_duration(record.seconds)}"
                    f"{praise}"
                )

    def _score(self, value: float | None) -> str:
        decimals = choose_decimals(self._tracker.rope)
        return f"val {self._tracker.metric.title} {score(value, decimals)}"

    def _write(self, text: str) -> None:
        when = _say_when(self._tracker)
        total = self._tracker.total
        done = f"{self._tracker.ended}{'' if total is None else f'/{total}'}"
        stamp = time.strftime(_STAMP)
        said = tame_text(" ".join(text.split()))
        line = f"{stamp} [{done}] {said}{f'; {when}' if when else ''}\n"
        for file in self._files:
            file.write(line)
            file.flush()
        self._last = time.monotonic()
