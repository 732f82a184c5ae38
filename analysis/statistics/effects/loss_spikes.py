"""Spikes of the training loss, the sign of a learning rate that is too high."""

import numpy as np
from numpy.typing import ArrayLike


def measure_loss_rise(losses: ArrayLike) -> float:
    """Return the largest relative rise of a loss above its lowest value so far.

    With m_t the minimum of the losses before epoch t: max_t (loss_t / m_t) - 1, at least 0.

    Parameters
    ----------
    losses : array_like, shape (epochs,)
        Training loss an epoch, positive.

    Returns
    -------
    float
        NaN for fewer than two epochs.
    """
    values = np.asarray(losses, dtype=np.float64)
    if len(values) < 2:
        return float("nan")
    lowest = np.minimum.accumulate(values)[:-1]
    return max(0.0, float(np.max(values[1:] / lowest)) - 1)
