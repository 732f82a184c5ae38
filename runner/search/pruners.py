"""When a trial ends before its last epoch, since others were better by then."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from trial_sets.records.search_info import PrunerName

if TYPE_CHECKING:
    from optuna.pruners import BasePruner

MEDIAN_STARTUP, MEDIAN_WARM_UP, MEDIAN_INTERVAL = 5, 10, 1  # trials, epochs, epochs
# From which epoch on a trial may be worse than the best by less than which share.
GUIDE: Mapping[int, float] = {5: 0.15, 10: 0.10, 30: 0.05}
GUIDE_END = 50  # from this epoch on a trial is never pruned: it may still recover


def make_pruner(name: PrunerName, epochs: int | None) -> "BasePruner | None":
    """Return Optuna's pruner of a name; None for `guide`, which is ours, and where there is none.

    Parameters
    ----------
    name
        The pruner's.
    epochs
        That every fit trains at most; None where that is not known, or differs.
    """
    from optuna import pruners  # noqa: PLC0415 - of the extra

    match name:
        case "median":
            return pruners.MedianPruner(
                n_startup_trials=MEDIAN_STARTUP,
                n_warmup_steps=MEDIAN_WARM_UP,
                interval_steps=MEDIAN_INTERVAL,
            )
        case "hyperband":
            return pruners.HyperbandPruner(max_resource=epochs or "auto")
    return None


def explain_idle(name: PrunerName, epochs: int | None) -> str | None:
    """Say that a pruner ends no fit, where none trains long enough for it; None where it may.

    Parameters
    ----------
    epochs
        That every fit trains at most; None where that is not known.
    """
    first = {"median": MEDIAN_WARM_UP, "guide": min(GUIDE)}.get(name)
    if first is None or epochs is None or epochs > first:
        return None
    return (
        f"--pruner {name} will end no fit: it looks at epoch {first} and later ones that are not "
        f"the last, and fits train at most {epochs}"
    )


def is_hopeless(epoch: int, value: float, best: float | None, sign: int, *, is_share: bool) -> bool:
    """Return whether a trial is so much worse than the best complete one that it should end.

    It is compared with the final score of the best complete trial, at its own best epoch so far:
    from epoch 5 on it may be worse by 15 %, from epoch 10 on by 10 %, from epoch 30 on by 5 %, and
    from epoch 50 on it is left alone. Of a metric that is a share, such as accuracy or an area
    under a curve, these are points of it (0.15 below 0.80 is 0.65); of any other they are relative
    to the size of the best score.

    Parameters
    ----------
    epoch
        That has just ended, from 1.
    value
        The best that the trial has reached.
    best
        The best score of a complete trial; None where there is none yet.
    sign
        1 where a larger score is better, -1 where a smaller one is.
    is_share
        Whether the metric lies between 0 and 1.
    """
    allowed = next((GUIDE[start] for start in sorted(GUIDE, reverse=True) if epoch >= start), None)
    if allowed is None or best is None or epoch >= GUIDE_END:
        return False
    return sign * (best - value) > allowed * (1.0 if is_share else abs(best))
