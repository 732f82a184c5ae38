"""What goes wrong in a run, and which of it a person can mend."""

from models.errors import DataError
from trial_sets.errors import TrialSetError


class RunError(ValueError):
    """A run cannot start as it was asked for; the message is one sentence."""


class WorkerDied(Exception):  # noqa: N818 - it says what happened
    """A worker process ended in the middle of its job.

    Attributes
    ----------
    exit_status
        As `subprocess` reports it: negative for a signal.
    last_words
        The end of what it wrote to standard error.
    """

    def __init__(self, exit_status: int, last_words: str) -> None:
        super().__init__(f"the worker process ended with status {exit_status}")
        self.exit_status = exit_status
        self.last_words = last_words


INPUT_ERRORS = (RunError, TrialSetError, DataError)
