"""What the losses of a fit's epochs say of it."""

import numpy as np
from numpy.typing import ArrayLike

_LATE = 0.25  # of the epochs


def measure_overfit(train: ArrayLike, validation: ArrayLike) -> float:
    """Return how far the validation loss ends above its lowest while training goes on falling.

    With k the epoch of the lowest validation loss: ``validation_last / validation_k - 1`` where the
    training loss ends below that of epoch k, otherwise 0.

    Parameters
    ----------
    train, validation : array_like, shape (epochs,)
        Positive losses.

    Returns
    -------
    float
        NaN for fewer than two epochs, or a validation loss that is not above 0.
    """
    inner, outer = (np.asarray(losses, dtype=np.float64) for losses in (train, validation))
    if len(outer) < 2 or not outer.min() > 0:
        return float("nan")
    lowest = int(np.argmin(outer))
    return float(outer[-1] / outer[lowest] - 1) if inner[-1] < inner[lowest] else 0.0


def measure_late_fall(losses: ArrayLike) -> float:
    """Return the share of a loss's whole fall that its last quarter of epochs brought.

    With m_t the lowest of the first t losses, T epochs and t = T - ceil(T / 4):
    ``(m_t - m_T) / (losses_1 - m_T)``.

    Parameters
    ----------
    losses : array_like, shape (epochs,)

    Returns
    -------
    float
        NaN for fewer than four epochs, or a loss that never falls.
    """
    values = np.asarray(losses, dtype=np.float64)
    if len(values) < 4 or values.min() >= values[0]:
        return float("nan")
    early = values[: len(values) - int(np.ceil(_LATE * len(values)))]
    return float((early.min() - values.min()) / (values[0] - values.min()))
