"""The parent's side of one worker process: start, hand over a job, listen, end."""

import os
import secrets
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator

from pydantic import ValidationError

from runner.errors import WorkerDied
from runner.faults.limits import Limits
from runner.workers.connection import MOST_LINE_BYTES, Connection, LineTooLong, PipeClosed
from runner.workers.family import end_worker, start_worker
from runner.workers.host_memory import OomKills
from runner.workers.launch import Launch, launch_built_in
from runner.workers.protocol import (
    Alive,
    EpochDone,
    EpochJudgement,
    FitResult,
    Job,
    JobDone,
    JobError,
    Load,
    Loaded,
    Measure,
    Measured,
    News,
    Order,
    Ordered,
    Probe,
    Probed,
    RangeTest,
    RangeTested,
    Ready,
    Said,
)
from runner.workers.watchdog import EndReason, Watchdog

LAST_WORDS = 4_000  # bytes of standard error that a crash report keeps
PROBE_TIMEOUT_S = 60.0
DYING_S = 2.0  # a process that closed its output has this long to end with its own status
POLL_S = 0.01
QUOTED = 60  # bytes of a line that cannot be understood


class Worker:
    """A worker process of its own session, so that Ctrl-C in a terminal reaches the parent alone.

    It lives on from job to job, because importing PyTorch costs seconds. When the parent dies in
    whatever way, its standard input closes and it ends itself.

    Parameters
    ----------
    launch
        How it is started; by default it trains with this project's own network.
    """

    def __init__(self, launch: Launch | None = None) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        self.launch = launch or launch_built_in()
        command, environment = self.launch.command, self.launch.environment
        self._process = start_worker(command, environment, self._errors)
        self._reaping = threading.Lock()
        self._connection = Connection(self._process, self.has_ended)
        self._token = ""  # of the order that it works on
        self._speaker: int | None = None  # the process whose word counts; `Ready` tells
        self._ready: Ready | None = None
        self._loaded: str | None = None  # the trainer that a host has imported
        self._oom_kills = OomKills()
        self._watchdog = Watchdog(self.kill, self.has_ended)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def wait_until_ready(self) -> Ready:
        """Return the worker's first words, once all is imported that it needs.

        Raises
        ------
        WorkerDied
            If it ended before.
        """
        if self._ready is None:
            with self._watchdog.over(Limits()):
                message = self._read()
            if not isinstance(message, Ready):
                raise self._refuse(message)
            self._ready = message
        return self._ready

    def run(
        self,
        job: Job,
        limits: Limits,
        meanwhile: Callable[[], None] = lambda: None,
        judge: Callable[[EpochDone], bool] = lambda _: True,
    ) -> Iterator[EpochDone | FitResult | JobError]:
        """Hand over a job and yield what the worker reports until the job has ended.

        Parameters
        ----------
        job
            The job.
        limits
            How long it may take.
        meanwhile
            Is called once the job is handed over: what it does costs the worker no time.
        judge
            Is asked of a judged job whether a fit goes on, once its epoch was yielded. The worker
            waits for that, and the time counts for no limit.

        Raises
        ------
        WorkerDied
            If the process ends in the middle of the job, or is ended because it exceeds a limit.
        """
        self.wait_until_ready()
        self._oom_kills.mark()
        if self.launch.kind == "function" and job.trainer != self._loaded:
            self._load(job, limits)
        with self._watchdog.over(limits):
            self._write(job)
        meanwhile()  # not watched: a disk that makes this thread wait is no silence of the worker
        with self._watchdog.over(limits):
            unfinished, told_to_stop = set(range(len(job.seeds))), set[int]()
            while not isinstance(message := self._read(), JobDone):
                if isinstance(message, JobError):
                    yield message
                    return
                if not isinstance(message, EpochDone | FitResult):
                    raise self._refuse(message)
                if message.index not in unfinished:
                    raise self._refuse(message, f": fit {message.index} does not run")
                if isinstance(message, FitResult):
                    if message.test_logits and not job.with_test:
                        raise self._refuse(message, ": nobody asked for the test period")
                    if message.stop_reason == "pruned" and message.index not in told_to_stop:
                        raise self._refuse(message, ": nobody told the fit to stop")
                    unfinished.remove(message.index)
                yield message
                if job.judged and isinstance(message, EpochDone):
                    self._answer(message, judge, told_to_stop)

    def _answer(
        self, epoch: EpochDone, judge: Callable[[EpochDone], bool], told_to_stop: set[int]
    ) -> None:
        """Tell the worker whether a fit goes on; one that was told to stop once stays told so."""
        if epoch.index not in told_to_stop:
            with self._watchdog.paused():  # it is the worker who waits
                go_on = judge(epoch)
            if not go_on:
                told_to_stop.add(epoch.index)
        self._say(EpochJudgement(index=epoch.index, go_on=epoch.index not in told_to_stop))

    def _load(self, job: Job, limits: Limits) -> None:
        """Have a trainer imported: that takes as long as it takes, as PyTorch does elsewhere."""
        assert job.trainer is not None
        with self._watchdog.over(Limits(hang_s=limits.hang_s)):
            self._write(Load(trainer=job.trainer))
            answer = self._read()
        if not isinstance(answer, Loaded):
            raise self._refuse(answer)
        self._loaded = job.trainer

    def computes_on(self, device: str) -> bool:
        """Return whether a small computation on a device succeeds, as a built-in worker sees it."""
        try:
            self.wait_until_ready()
            with self._watchdog.over(Limits(timeout_s=PROBE_TIMEOUT_S)):
                self._write(Probe(device=device))
                answer = self._read()
        except WorkerDied:
            return False
        return isinstance(answer, Probed) and answer.computes

    def measure(self) -> Measured:
        """Return how fast the processor multiplies matrices.

        Raises
        ------
        WorkerDied
            If the process ends over it.
        """
        self.wait_until_ready()
        with self._watchdog.over(Limits(timeout_s=PROBE_TIMEOUT_S)):
            self._write(Measure())
            answer = self._read()
        if not isinstance(answer, Measured):
            raise self._refuse(answer)
        return answer

    def test_range(self, order: RangeTest, limits: Limits) -> RangeTested | JobError:
        """Return the losses of a range test, or what the training raised.

        Raises
        ------
        WorkerDied
            If the process ends over it, or is ended because it exceeds a limit.
        """
        self.wait_until_ready()
        self._oom_kills.mark()
        with self._watchdog.over(limits):
            self._write(order)
            answer = self._read()
        if not isinstance(answer, RangeTested | JobError):
            raise self._refuse(answer)
        return answer

    def kill(self) -> None:
        """End the process and whatever it started, now."""
        with self._reaping:
            if self._process.returncode is None:
                end_worker(self._process)

    def close(self) -> None:
        """End the process and close what connects to it."""
        self.kill()
        self._watchdog.close()
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            if pipe is not None:
                pipe.close()

    def has_ended(self) -> bool:
        """Return whether the process has ended; it is not reaped where that can be helped."""
        with self._reaping:
            if self._process.returncode is not None:
                return True
            if not hasattr(os, "waitid"):  # macOS before Python 3.13
                return self._process.poll() is not None
            how = os.WEXITED | os.WNOHANG | os.WNOWAIT
            return os.waitid(os.P_PID, self._process.pid, how) is not None

    def _write(self, order: Order) -> None:
        """Give an order under a token of its own."""
        self._token = secrets.token_hex(8)
        self._say(order)

    def _say(self, order: Order) -> None:
        ordered = Ordered(token=self._token, order=order)
        try:
            self._connection.write_line(ordered.model_dump_json().encode())
        except PipeClosed:
            raise self._death() from None

    def _read(self) -> News:
        """Return the next message of this job that is more than a sign of life.

        What another process says, or a thread that an earlier job has left, is passed over: it is
        nobody's fault that is running now.
        """
        while True:
            said = self._read_any()
            if isinstance(said.message, Ready) and self._speaker is None:
                self._speaker = said.pid
            if said.pid == self._speaker or self._speaker is None:
                if isinstance(said.message, Alive):
                    self._watchdog.note_life()
                elif said.token == self._token:
                    self._watchdog.note_life()
                    return said.message

    def _read_any(self) -> Said:
        try:
            line = self._connection.read_line()
            return Said.model_validate_json(line)
        except PipeClosed:
            raise self._death() from None
        except LineTooLong:
            raise self._garbled(f"a line of more than {MOST_LINE_BYTES} bytes") from None
        except ValidationError:
            raise self._garbled(f"what is no message: {line[:QUOTED]!r}") from None

    def _refuse(self, message: News, which: str = "") -> WorkerDied:
        """End a process that says what it was not asked."""
        return self._garbled(f"the message {message.event!r} out of turn{which}")

    def _garbled(self, what: str) -> WorkerDied:
        """End a process that cannot be understood any more; what it runs has crashed."""
        self.kill()
        why = f"the worker process sent {what}"
        return WorkerDied(self._process.returncode, self._read_last_words(), "crashed", why)

    def _death(self) -> WorkerDied:
        """Say how the process ended; one that closed its output is about to end by itself."""
        deadline = time.monotonic() + DYING_S
        while not (ended := self.has_ended()) and time.monotonic() < deadline:
            time.sleep(POLL_S)
        self.kill()
        words = self._read_last_words()
        status = self._process.returncode
        out_of_memory = self._oom_kills.happened()
        reason = self._watchdog.reason  # read now: it may have come while the process was dying
        if reason is None and not ended:
            why = f"the worker process closed its output and did not end within {DYING_S:g} s"
            reason = EndReason("crashed", why)
        reason = reason or _explain(status, out_of_memory=out_of_memory)
        return WorkerDied(status, words, reason.kind, reason.why)

    def _read_last_words(self) -> str:
        """Return the end of what it wrote to standard error."""
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - LAST_WORDS))
        return self._errors.read().decode(errors="replace")


def _explain(status: int, *, out_of_memory: bool) -> EndReason:
    """Say how a process ended that nobody here has ended."""
    if status == -signal.SIGKILL and out_of_memory:
        return EndReason("out_of_host_memory", "the system ended the worker process to free memory")
    if status < 0:
        return EndReason("crashed", f"the worker process was ended by {_name_signal(-status)}")
    return EndReason("crashed", f"the worker process ended with status {status}")


def _name_signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return f"signal {number}"
