"""What goes wrong in a run, and which of it a person can mend."""

from models.errors import DataError
from trial_sets.errors import InputError
from trial_sets.records.record import FailureKind


class RunError(InputError):
    """A run cannot start as it was asked for; the message is one sentence."""


class BatchStopped(Exception):  # noqa: N818 - it says what happened
    """A running batch cannot or should not go on; the message is one sentence.

    Finished fits are kept, and the same command goes on with the others.
    """


class JobRefused(Exception):  # noqa: N818 - it says what happened
    """A scheduler takes no job; the message is one sentence, with its words."""


class Stopped(Exception):  # noqa: N818 - it says what happened
    """The batch was stopped; the job that was running has no result."""


class WorkerDied(Exception):  # noqa: N818 - it says what happened
    """A worker process ended in the middle of its job.

    Attributes
    ----------
    exit_status
        As `subprocess` reports it: negative for a signal.
    last_words
        The end of what it wrote to standard error.
    kind
        The class of fault that this is.
    """

    def __init__(
        self, exit_status: int, last_words: str, kind: FailureKind = "crashed", why: str = ""
    ) -> None:
        super().__init__(why or f"the worker process ended with status {exit_status}")
        self.exit_status = exit_status
        self.last_words = last_words
        self.kind: FailureKind = kind


INPUT_ERRORS = (InputError, DataError)
