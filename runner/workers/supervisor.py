"""The parent's side of one worker process: start, hand over a job, listen, end."""

import secrets
import time
from collections.abc import Callable, Iterator

from pydantic import ValidationError

from runner.errors import WorkerDied
from runner.faults.limits import Limits
from runner.launching.worker_end import explain_far_end, explain_near_end
from runner.workers.connection import MOST_LINE_BYTES, Connection, LineTooLong, PipeClosed
from runner.workers.family import WorkerProcess
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
    See,
    Seen,
)
from runner.workers.watchdog import EndReason, Watchdog
from trial_sets.records.record import FailureKind

PROBE_TIMEOUT_S = 60.0
DYING_S = 2.0  # a process that closed its output has this long to end with its own status
FAR_DYING_S = 10.0  # likewise, where a launcher has to hear of it from elsewhere
PING_S = 5.0  # so often a far guard hears of this process
FIRST_WORDS = b'{"token":'  # what goes before, such as an image's greeting, is no message
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
        self.launch = launch or launch_built_in()
        self._life = WorkerProcess(self.launch)
        self._process = self._life.popen
        self._connection = Connection(self._process, self.has_ended)
        self._token = ""  # of the order that it works on
        self._speaker: int | None = None  # the process whose word counts; `Ready` tells
        self._ready: Ready | None = None
        self._loaded: str | None = None  # the trainer that a host has imported
        self._oom_kills = OomKills()
        self._pinged = time.monotonic()
        self._watchdog = Watchdog(self.kill, self.has_ended, self._ping)

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

    def see(self, order: See) -> Seen:
        """Return what the machine of a far worker sees.

        Raises
        ------
        WorkerDied
            If the process ends over it.
        """
        self.wait_until_ready()
        with self._watchdog.over(Limits()):
            self._write(order)
            answer = self._read()
        if not isinstance(answer, Seen):
            raise self._refuse(answer)
        return answer

    def hang_up(self) -> None:
        """Let a far worker's guard know that it is over: `kill` then has less to wait for."""
        self._life.hang_up()

    def kill(self) -> None:
        """End the process and whatever it started, now."""
        self._life.kill()

    def close(self) -> None:
        """End the process and close what connects to it."""
        self.kill()
        self._watchdog.close()
        self._life.close()

    def has_ended(self) -> bool:
        """Return whether the process has ended; it is not reaped where that can be helped."""
        return self._life.has_ended()

    @property
    def _is_far(self) -> bool:
        return self.launch.through is not None

    def _ping(self) -> None:
        """Let a far guard know that this process is there."""
        if self._is_far and time.monotonic() - self._pinged > PING_S:
            self._connection.say_nothing()
            self._pinged = time.monotonic()

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
            while self._is_far and self._ready is None and not line.startswith(FIRST_WORDS):
                _, mark, rest = line.partition(FIRST_WORDS)  # a greeting may lack its line's end
                line = mark + rest if mark else self._connection.read_line()
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
        return self._die("crashed", f"the worker process sent {what}")

    def _death(self) -> WorkerDied:
        """Say how the process ended; one that closed its output is about to end by itself."""
        patience_s = FAR_DYING_S if self._is_far else DYING_S
        deadline = time.monotonic() + patience_s
        while not (ended := self.has_ended()) and time.monotonic() < deadline:
            time.sleep(POLL_S)
        self.kill()
        reason = self._watchdog.reason  # read now: it may have come while the process was dying
        if reason is None and not ended:
            why = f"the worker process closed its output and did not end within {patience_s:g} s"
            reason = EndReason("crashed", why)
        reason = reason or self._explain_end()
        return self._die(reason.kind, reason.why)

    def _explain_end(self) -> EndReason:
        """Say how a process ended that nobody here has ended."""
        status, through = self._process.returncode, self.launch.through
        if through is None:
            return EndReason(*explain_near_end(status, out_of_memory=self._oom_kills.happened()))
        return EndReason(*explain_far_end(through.words[0], status, self._life.read_last_words()))

    def _die(self, kind: FailureKind, why: str) -> WorkerDied:
        """Say where it was, unless that is here, and why it has ended."""
        where = f"{self.launch.through}: " if self._is_far else ""
        return WorkerDied(self._process.returncode, self._life.read_last_words(), kind, where + why)
