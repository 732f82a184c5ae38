"""Adjusting p values for the number of claims."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

ALPHA = 0.05  # the level of every test, and of a family of tests as a whole


def adjust_holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Return Holm's adjusted p values, in the order given.

    With ``p_(1) <= ... <= p_(m)``: ``max_(k <= i) min(1, (m - k + 1) p_(k))``. Rejecting where it
    is below alpha keeps the probability of any false rejection below alpha, whatever the
    correlations: Holm (1979), Scandinavian Journal of Statistics 6, 65-70.

    Parameters
    ----------
    p_values : array_like, shape (m,)
        The whole family; a claim that cannot be judged yet counts with p = 1.

    Returns
    -------
    ndarray, shape (m,)

    Raises
    ------
    ValueError
        If a value is not between 0 and 1.
    """
    values = np.asarray(p_values, dtype=np.float64)
    wrong = values[~((values >= 0) & (values <= 1))]
    if wrong.size:
        raise ValueError(f"p_values: got {wrong[0]}, expected values from 0 to 1")
    order = np.argsort(values, kind="stable")
    scaled = values[order] * np.arange(values.size, 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(scaled))
    return adjusted
