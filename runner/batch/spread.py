"""In which order a runner takes the jobs of a batch, where other runners may be at the same."""

import random
from collections import deque
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Generic, Self, TypeVar

A_RUN = 10  # jobs that are taken one after another as long as nobody else has had them

Item = TypeVar("Item")


class SpreadOut(Generic[Item]):
    """Jobs in their order, but after one that another runner has had from another place of it.

    Whoever is alone keeps to the order. Of a thousand runners that begin together each soon has a
    stretch of its own, instead of walking past all that the others have had before it. The longest
    jobs still come first: a place is chosen among jobs that are as long.

    Parameters
    ----------
    items
        The jobs.
    length
        Of a job, by which they are sorted.
    n_missed
        Returns how many jobs others have had so far.
    seed
        Of the places, another for each runner.
    """

    def __init__(
        self,
        items: Sequence[Item],
        length: Callable[[Item], float],
        n_missed: Callable[[], int],
        seed: str,
    ) -> None:
        alike = (list(group) for _, group in groupby(items, length))
        self._alike = deque(_cut(group) for group in alike)
        self._place = 0
        self._n_missed, self._seen = n_missed, n_missed()
        self._random = random.Random(seed)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Item:
        """Return the next job."""
        if not self._alike:
            raise StopIteration
        runs = self._alike[0]
        if self._seen != (now := self._n_missed()):
            self._seen, self._place = now, self._random.randrange(len(runs))
        item = runs[self._place].popleft()
        if not runs[self._place]:
            del runs[self._place]
            self._place %= max(len(runs), 1)
        if not runs:
            self._alike.popleft()
            self._place = 0
        return item


def _cut(items: Sequence[Item]) -> list[deque[Item]]:
    return [deque(items[start : start + A_RUN]) for start in range(0, len(items), A_RUN)]
