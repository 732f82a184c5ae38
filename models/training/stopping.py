"""When a replica stops, and which of its epochs counts.

Both go by a metric of every epoch, with its sign turned where less is better.
"""

from collections.abc import Sequence


def select_epoch(values: Sequence[float]) -> int:
    """Return the first epoch, counted from 1, with the highest value."""
    return 1 + max(range(len(values)), key=lambda i: values[i])


def has_stalled(values: Sequence[float], *, patience: int, min_delta: float) -> bool:
    """Say whether `patience` epochs have gone by since the value last improved.

    An epoch improves if its value is more than `min_delta` above that of the last epoch that did;
    the first always does. Many small gains therefore count once they add up to `min_delta`.
    """
    reference, waited = float("-inf"), 0
    for value in values:
        if value > reference + min_delta:
            reference, waited = value, 0
        else:
            waited += 1
    return waited >= patience
