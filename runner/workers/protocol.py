"""What the parent and a worker process say to each other: one JSON object a line.

Every order goes out under a token that nobody can guess, and what a worker says carries the token
of the order that it answers to and the process that says it. So nothing that a thread of an earlier
job or a forked process says counts for the job that runs now.
"""

import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Literal
from urllib.parse import quote_from_bytes, unquote_to_bytes

from pydantic import Field

from models.settings import MatmulPath, Precision
from runner.workers.fault_words import describe_error
from runner.workers.sent_logits import SentLogits, SentValues
from runner.workers.sent_table import SentTable
from trial_sets.configuration import AnyConfiguration, StrictModel
from trial_sets.records.limits import MOST_MESSAGE, MOST_TRACEBACK, cap_text, keep_end
from trial_sets.records.record import Count, EpochPoint, FailureKind, Finite
from trial_sets.task import Task


class CommandJob(StrictModel):
    """A person's command, as one fit runs it; paths in it are as `quote_path` writes them."""

    words: tuple[str, ...]  # of the template, the program's name among them
    program: str  # its path
    values: dict[str, bool | int | Finite | str | None]  # of the placeholders but out and device
    folder: str  # in which it runs
    out: str  # the folder that it writes to; it is made, and whatever was there goes
    task: Task = "binary"
    classes: tuple[str, ...] = ()  # as far as they are known
    has_groups: bool = False  # whether its predictions have to say which group a row belongs to


class Job(StrictModel):
    """A group of fits for one worker: they share architecture, batch size and budget."""

    order: Literal["train"] = "train"
    configurations: tuple[AnyConfiguration, ...]
    seeds: tuple[int, ...]
    data: str  # path of the prepared data, as `quote_path` writes it
    trainer: str | None = None  # FILE.py:function of a trainer of one's own, likewise
    command: CommandJob | None = None  # in place of a trainer
    metric: str = "auc"  # that an epoch is selected by
    direction: Literal["maximize", "minimize"] = "maximize"
    with_test: bool = False  # predict the test rows too
    precision: Precision = "fp32"
    micro_batches: int = 1  # parts that a step's batch is computed in, one after another
    judged: bool = False  # after each epoch of a fit the worker waits for a `EpochJudgement`
    device: str  # cpu, mps, cuda:0

    def only(self, indices: Sequence[int]) -> "Job":
        """Return the job that trains some fits of this group."""
        chosen = {
            "configurations": tuple(self.configurations[index] for index in indices),
            "seeds": tuple(self.seeds[index] for index in indices),
        }
        return self.model_copy(update=chosen)


class Load(StrictModel):
    """The order to import a trainer of one's own, before the time of its first fit counts."""

    order: Literal["load"] = "load"
    trainer: str  # as a job says it


class EpochJudgement(StrictModel):
    """The answer to an epoch of a judged job; it comes under the job's token."""

    order: Literal["judge"] = "judge"
    index: int  # of the fit within the job
    go_on: bool  # whether it trains another epoch; else it ends as it is


class RangeTest(StrictModel):
    """The order to test the range of learning rates, with what a job's one fit says otherwise."""

    order: Literal["range_test"] = "range_test"
    job: Job


class Probe(StrictModel):
    """The question whether a device still computes."""

    order: Literal["probe"] = "probe"
    device: str


class See(StrictModel):
    """The question what a far machine sees of this one's files.

    Not the worker but its guard answers. All paths are as `quote_path` writes them.
    """

    order: Literal["see"] = "see"
    files: dict[str, str]  # the SHA-256 of each, by its path
    paths: tuple[str, ...] = ()  # what has to be there
    folder: str = ""  # that has to be written to; empty for none
    python: str = ""  # whose PyTorch is asked for devices; empty if nobody needs to know


class Measure(StrictModel):
    """The question how fast the processor multiplies matrices."""

    order: Literal["measure"] = "measure"


class CudaDevice(StrictModel):
    """A CUDA device as a worker sees it."""

    name: str
    memory_bytes: int


class Ready(StrictModel):
    """A worker's first words, once all is imported that it needs.

    Who imports no PyTorch, since it hosts a person's function or runs their command, knows nothing
    of devices.
    """

    event: Literal["ready"] = "ready"
    versions: dict[str, str]
    processor: str  # its maker and the instructions that PyTorch uses of it
    cuda: tuple[CudaDevice, ...]
    mps: bool
    matmul: MatmulPath  # the library that multiplies in single precision
    platform: str = ""  # the system and the kind of machine


class Alive(StrictModel):
    """The process has used its processor since it was last heard of."""

    event: Literal["alive"] = "alive"


class Loaded(StrictModel):
    """A trainer was imported; if that raised, its fits will tell."""

    event: Literal["loaded"] = "loaded"


class Probed(StrictModel):
    """The answer to a probe."""

    event: Literal["probed"] = "probed"
    computes: bool


class Seen(StrictModel):
    """The answer to what a far machine sees."""

    event: Literal["seen"] = "seen"
    missing: str  # the first thing that it does not; empty if it sees all
    cuda: tuple[CudaDevice, ...] = ()
    mps: bool = False


class Measured(StrictModel):
    """How fast one thread multiplies matrices."""

    event: Literal["measured"] = "measured"
    gflops: dict[str, Finite]


class RangeTested(StrictModel):
    """The losses of a range test, one a rate; none where the first was not finite."""

    event: Literal["range_tested"] = "range_tested"
    rates: tuple[Finite, ...]
    losses: tuple[Finite, ...]


class EpochDone(StrictModel):
    """One replica of the job has ended an epoch."""

    event: Literal["epoch"] = "epoch"
    index: int  # of the fit within the job
    point: EpochPoint


class FitResult(StrictModel):
    """One replica of the job has ended; logits are in the order of the split's rows.

    Where a row has several numbers, one a class, they follow each other: all of the first row, all
    of the second.
    """

    event: Literal["result"] = "result"
    index: int
    curve: tuple[EpochPoint, ...]
    selected_epoch: Count | None
    stop_reason: Literal["patience", "epochs", "diverged", "pruned", "finished"]
    outputs: Annotated[int, Field(ge=1, le=2**31)] = 1  # numbers a row
    train_logits: tuple[float, ...] = ()  # at the selected epoch
    val_logits: tuple[float, ...] = ()
    val_logits_last: tuple[float, ...] = ()  # at the last epoch
    test_logits: tuple[float, ...] = ()
    epoch_logits: SentLogits | None = None  # of the validation rows, by epoch
    epoch_values: SentValues | None = None  # in place of it, where more than their order counts
    table: SentTable | None = None  # what a command predicted, with the rows that it says
    metrics: dict[str, Finite] = Field(default_factory=dict)  # of a trainer of one's own
    n_parameters: Count | None
    seconds: Finite
    peak_memory_bytes: Count | None
    notices: tuple[str, ...] = ()  # what was left out
    message: str = ""  # why it diverged


class JobError(StrictModel):
    """The job raised: none of its unfinished fits will have a result."""

    event: Literal["error"] = "error"
    kind: FailureKind
    message: str
    traceback: str

    @classmethod
    def of(cls, error: BaseException, kind: FailureKind) -> "JobError":
        """Return what is said of an exception that is being handled."""
        return cls(
            kind=kind,
            message=cap_text(describe_error(error), MOST_MESSAGE),
            traceback=keep_end(traceback.format_exc(), MOST_TRACEBACK),
        )


class JobDone(StrictModel):
    """The job has ended and the worker waits for the next."""

    event: Literal["done"] = "done"


Order = Annotated[
    Job | EpochJudgement | RangeTest | Load | Probe | See | Measure, Field(discriminator="order")
]
News = (
    Ready | Loaded | Probed | Seen | Measured | RangeTested | EpochDone | FitResult | JobError
    | JobDone
)  # fmt: skip
Message = Annotated[News | Alive, Field(discriminator="event")]
Send = Callable[[EpochDone | FitResult], bool]
"""How a worker tells what a fit shows; says whether the fit goes on."""


class Ordered(StrictModel):
    """A line to a worker."""

    token: str
    order: Order


class Said(StrictModel):
    """A line from a worker."""

    token: str  # of the order that it answers to; none for `Ready` and `Alive`
    pid: int  # of the process that says it
    message: Message


def quote_path(path: str) -> str:
    """Return a path as text that JSON can hold: on Linux it may be any bytes."""
    return quote_from_bytes(os.fsencode(path), safe="/: ")


def unquote_path(text: str) -> str:
    """Return the path that `quote_path` was given."""
    return os.fsdecode(unquote_to_bytes(text))


# One thread a worker: a fit's bits must not depend on how many cores there are, and one
# single-thread process a core is faster than one process with many threads.
ENVIRONMENT: Mapping[str, str] = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # Memory that a step gives back stays with the process: to ask the system again costs time. Only
    # the C library of GNU systems reads these two.
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "1073741824",
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",  # the same bits for the same plan on one GPU
}
