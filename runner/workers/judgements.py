"""The parent's answers to the epochs of a judged job: whether a fit goes on.

Python 3.8 and its library will do for this module: a trainer's host reads it in any environment.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue


class Judgements:
    """Hands the answers that the listening thread hears to who waits for them.

    Each job has a queue of its own: a thread that an earlier one has left waits there for ever, and
    takes no answer from the job that runs.
    """

    def __init__(self) -> None:
        self._job: tuple[str, SimpleQueue[tuple[int, bool]]] = ("", SimpleQueue())

    def open(self, token: str) -> Callable[[int], bool]:
        """Begin a job: the answers under its token count from now on, and no others.

        Returns
        -------
        callable
            Waits for the answer to an epoch of the fit of this index: whether that goes on. What is
            said of other fits is passed over.
        """
        answers: SimpleQueue[tuple[int, bool]] = SimpleQueue()
        self._job = token, answers

        def wait(index: int) -> bool:
            while True:
                judged, go_on = answers.get()
                if judged == index:
                    return go_on

        return wait

    def put(self, token: str, index: int, *, go_on: bool) -> None:
        """Take an answer; it counts if it is to the job that was begun last."""
        job, answers = self._job  # at once, whatever begins meanwhile
        if token == job:
            answers.put((index, go_on))
