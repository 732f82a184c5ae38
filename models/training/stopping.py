"""When a replica stops, and which of its epochs counts."""

from collections.abc import Sequence


def select_epoch(val_aucs: Sequence[float]) -> int:
    """Return the first epoch, counted from 1, with the highest validation AUC."""
    return 1 + max(range(len(val_aucs)), key=lambda i: val_aucs[i])


def has_stalled(val_aucs: Sequence[float], *, patience: int, min_delta: float) -> bool:
    """Say whether `patience` epochs have gone by since the validation AUC last improved.

    An epoch improves if its AUC is more than `min_delta` above that of the last epoch that did; the
    first always does. Many small gains therefore count once they add up to `min_delta`.
    """
    reference, waited = float("-inf"), 0
    for auc in val_aucs:
        if auc > reference + min_delta:
            reference, waited = auc, 0
        else:
            waited += 1
    return waited >= patience
