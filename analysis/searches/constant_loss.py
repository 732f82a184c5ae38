"""What a constant prediction loses on training and validation rows, by which losses compare."""

from collections.abc import Mapping

import numpy as np

from trial_sets.records.run_info import RunInfo, SplitSummary

_WEIGHTED = {"positive_class_weight": 1.0, "label_smoothing": 0.0}  # what leaves a loss as it is
_POWERS = {"mse": 2, "mae": 1}  # of the labels' deviation, as which a constant's loss grows


def measure_constant_losses(
    info: RunInfo, settings: Mapping[str, object]
) -> tuple[float, float] | None:
    """Return the loss of the best constant on the training rows, and on the validation rows.

    Of classes the entropy of their shares, in nats; of numbers the labels' variance under squared
    error and their standard deviation under absolute error, which a constant's mean is a fixed part
    of for one shape of their law. Without rows that are known, where a trainer has its own data,
    losses are taken as they are: (1, 1).

    Returns
    -------
    tuple or None
        None where the loss function or the rows' labels do not tell.
    """
    if not info.data.splits:
        return 1.0, 1.0
    if any(settings.get(name, usual) != usual for name, usual in _WEIGHTED.items()):
        return None
    parts = [info.data.splits.get("train"), info.data.splits.get("validation")]
    losses = [None if part is None else _measure(part, settings) for part in parts]
    first, second = losses
    return (first, second) if first and second else None


def _measure(split: SplitSummary, settings: Mapping[str, object]) -> float | None:
    if split.deviation is not None:
        if "loss" not in settings:  # a trainer of one's own
            return None
        power = _POWERS.get(str(settings["loss"] or "mse"))
        return None if power is None else split.deviation**power
    counts = list(split.classes.values())
    if split.positives is not None:
        counts = [split.positives, split.rows - split.positives]
    shares = np.array([count for count in counts if count > 0], dtype=np.float64) / split.rows
    return float(-(shares * np.log(shares)).sum())
