"""Turns what the queue reports of numbered fits into claims, records and events."""

import contextlib
import math
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from runner.batch.events import EpochEnded, FitElsewhere, FitEnded, FitRetried, FitStarted, Observer
from runner.batch.filing import Filed, Filing
from runner.batch.ran import Ran
from runner.batch.recording import Outcome, Recorder, Subject
from runner.errors import BatchStopped
from runner.faults.breaker import Breaker
from runner.planning.fit import Fit
from runner.planning.plan import PlannedFit
from runner.storage.claims import Claims, find_claim
from runner.storage.durable import writing
from runner.storage.owner import Runner
from runner.workers.protocol import FitResult
from trial_sets.errors import InputError
from trial_sets.records.record import EpochPoint, Failure, Record, RecordStatus

_LOOKS, _LOOK_EVERY_S = 8, 10.0  # at fits of others while there are fits of one's own
_WORTH: Mapping[RecordStatus, int] = {"failed": 0, "pruned": 1, "complete": 2}


class Planned(Protocol):
    """The fits of a batch by number; there may be more of them later."""

    def __getitem__(self, number: int, /) -> PlannedFit:
        """Return the fit of a number."""


@dataclass(slots=True)
class Bookkeeper:
    """Files what the fits of a batch have shown; its methods are called from several threads."""

    planned: Planned
    recorder: Recorder
    claims: Claims
    filing: Filing
    breaker: Breaker
    observe: Observer
    has_changed: Callable[[], bool] = lambda: False  # whether what trains is another by now
    judges: Callable[[int, EpochPoint], bool] = lambda _, __: True  # whether a judged fit goes on
    elsewhere: list[int] = field(default_factory=list)  # fits that other runners have claimed
    left: list[int] = field(default_factory=list)  # those that were not begun for that
    n_missed: int = 0  # how often another runner has had a fit or has it
    _started: dict[int, datetime] = field(default_factory=dict)
    _looking: threading.Lock = field(default_factory=threading.Lock)
    _next_look: float = -math.inf

    def refuse_left(self) -> None:
        """End the batch if fits were not begun since what trains has changed.

        Raises
        ------
        BatchStopped
            If there are some.
        """
        if self.left:
            raise BatchStopped(
                "the command's code has changed since the run was planned: no further fit was "
                "begun, and with the new code it is another run"
            )

    def claim(self, numbers: Sequence[int]) -> list[int]:
        """Claim what nobody else runs or has just run; return it by index.

        Nothing once what trains has changed: its fits would be of another run.
        """
        self.filing.raise_error()
        if self.has_changed():
            self.left += numbers
            return []
        self._catch_up()
        return [index for index, number in enumerate(numbers) if self._claim_one(number)]

    def _catch_up(self) -> None:
        """Tell of fits that other runners have ended meanwhile, so that none is counted as open.

        Of a few fits, and once in a while: who has nothing else to do looks at all of them.
        """
        now = time.monotonic()
        if not self.elsewhere or now < self._next_look or not self._looking.acquire(blocking=False):
            return
        try:
            self._next_look = now + _LOOK_EVERY_S
            for number in self.elsewhere[:_LOOKS]:
                fit = self.planned[number].fit
                path = self.recorder.folder.fit(*fit.id)
                filed = self._find_filed(self.planned[number], path)
                self.elsewhere.remove(number)
                if filed is None:
                    self.elsewhere.append(number)
                else:
                    self.observe(FitEnded(fit, filed, by_other=True))
        finally:
            self._looking.release()

    def _claim_one(self, number: int) -> bool:
        planned = self.planned[number]
        fit, folder = planned.fit, self.recorder.folder
        path = folder.fit(*fit.id)
        if (filed := self._find_filed(planned, path)) is not None:
            self._miss(fit, filed)
            return False
        with writing(path):
            other = self.claims.take(path)
        if other is not None:
            self.n_missed += 1
            self.elsewhere.append(number)
            owner = other.claim.runner if other.claim else None
            self.observe(FitElsewhere(fit, self._describe(owner) if owner else "?"))
            return False
        record = folder.tidy(*fit.id, inherited=self.claims.is_inherited(path))
        if record is None or planned.has_seen(record) or record.key != fit.key:
            return True
        self.claims.release(path)  # another runner has filed it since the plan was made
        self._miss(fit, record)
        return False

    def _find_filed(self, planned: PlannedFit, path: Path) -> Record | None:
        """Return what another runner has filed of a fit since the plan, where that can be told.

        Nothing has to be claimed for that: who files a record gives up its claim once the record
        is flushed. What is not clear shows once the fit is claimed.
        """
        if planned.record is not None or not os.path.lexists(path):
            return None
        with contextlib.suppress(InputError, OSError):
            if find_claim(path) is None:
                record = self.recorder.folder.read_record(*planned.fit.id)
                return record if record is not None and record.key == planned.fit.key else None
        return None

    def _miss(self, fit: Fit, record: Record) -> None:
        """Tell of a record that another runner has filed."""
        self.n_missed += 1
        self.observe(FitEnded(fit, record, by_other=True))

    def start(self, number: int, place: str) -> None:
        """Note when a fit has started, and tell of it."""
        self._started[number] = datetime.now(UTC)
        self.observe(FitStarted(self.planned[number].fit, place))

    def end_epoch(self, number: int, point: EpochPoint) -> None:
        """Tell of an epoch."""
        self.observe(EpochEnded(self.planned[number].fit, point))

    def judge(self, number: int, point: EpochPoint) -> bool:
        """Ask whether a fit goes on; what a study declares is trained to its end."""
        return self.judges(number, point)

    def retry(self, number: int, failure: Failure) -> None:
        """Tell of an attempt that has failed."""
        self.observe(FitRetried(self.planned[number].fit, failure))

    def file_result(self, number: int, result: FitResult, ran: Ran) -> None:
        """Have what a fit has shown filed; meanwhile its worker goes on."""
        self._file(number, Outcome.of_result(result), ran)

    def file_failure(self, number: int, failure: Failure, ran: Ran) -> None:
        """Have a failure filed."""
        self._file(number, Outcome(failure=failure), ran)

    def spend_time(self) -> None:
        """Write the records that wait."""
        self.filing.write()

    def _file(self, number: int, outcome: Outcome, ran: Ran) -> None:
        self.filing.submit(partial(self._write, number, outcome, ran))
        if outcome.failure is not None:
            self.filing.flush()  # before another fit starts: it may stop the batch

    def _write(self, number: int, outcome: Outcome, ran: Ran) -> Filed | None:
        """Put a record in its place, unless another runner has filed one since.

        A result counts even if an heir has the claim by now, since this runner slept so long that
        it was taken for dead: the heir finds the record. A failure is then left to the heir.
        """
        fit = self.planned[number].fit
        path = self.recorder.folder.fit(*fit.id)
        is_mine = self.claims.holds(path)
        if not is_mine or self.claims.is_inherited(path):
            other = self._find_other(number, outcome)
            if other is not None:
                return Filed(path, partial(self._end, path, fit, other))
        if not is_mine and outcome.failure is not None:
            self.elsewhere.append(number)
            return None
        record = self.recorder.file(Subject.of_fit(fit), outcome, ran, self._started[number])
        return Filed(path, partial(self._end, path, fit, record))

    def _describe(self, owner: Runner) -> str:
        """Say who runs a fit, for a log that is shared: no machine is named."""
        is_here = owner.machine == self.claims.runner.machine
        return f"process {owner.pid}{'' if is_here else ' of another machine'}"

    def _find_other(self, number: int, outcome: Outcome) -> Record | None:
        """Return what another runner has filed of a fit since the plan, if it counts as much."""
        planned = self.planned[number]
        try:
            record = self.recorder.folder.read_record(*planned.fit.id)
        except InputError:
            return None
        if record is None or planned.has_seen(record) or record.key != planned.fit.key:
            return None
        return record if _WORTH[record.status] >= _WORTH[outcome.status] else None

    def _end(self, path: Path, fit: Fit, record: Record) -> None:
        """Tell of a record that is flushed."""
        with writing(path):
            self.claims.release(path)
        self.observe(FitEnded(fit, record))
        self.breaker.note(record)
