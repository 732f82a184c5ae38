"""What the highest value of a batch is worth on rows and seeds that did not choose it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.metrics.metric import MetricEstimate, check_estimates


@dataclass(frozen=True, slots=True)
class AdjustedMaximum:
    """The highest value of a batch, and what such a choice is worth on other rows and seeds.

    Attributes
    ----------
    best : int
        The trial with the highest mean over seeds.
    maximum : float
        Its value on all rows.
    adjusted : float or None
        The maximum less what the choice is expected to have added, never above the maximum; None
        where a half of the rows holds fewer than one block.
    n_trials : int
        Trials that the maximum was taken over.
    """

    best: int
    maximum: float
    adjusted: float | None
    n_trials: int


def adjust_maximum(fits: MetricEstimate, *, horizon_rows: int) -> AdjustedMaximum:
    """Return the highest value and what remains of it.

    The rows are cut into blocks of max(40, 4 horizon). On the even blocks and the other seeds a
    trial is chosen, and its value there is compared with its value on the odd blocks and the seed
    left out; then with the halves swapped; o is the mean of these differences over halves and
    seeds. A choice on half of the rows, whose noise is sqrt(2) times as large, gains that much
    more: ``maximum - max(0, o) / sqrt(2)``. The value on a half is to first order ``value + N /
    N_half * sum of the half's influences``, so that no metric has to be computed anew.

    Parameters
    ----------
    fits : MetricEstimate
        Of K trials with the same S seeds, ``values`` (K, S), on rows in time order.
    horizon_rows : int
        Rows that a label looks ahead.

    Raises
    ------
    ValueError
        If the shape does not fit.
    """
    fits = check_estimates(fits, "fits")
    means = fits.values.mean(axis=1)  # (K,)
    best, n_rows = int(np.argmax(means)), fits.influences.shape[2]
    block_rows = max(40, 4 * horizon_rows)
    adjusted = None
    if n_rows >= 2 * block_rows:
        is_even = np.arange(n_rows) // block_rows % 2 == 0
        even, odd = (_value_half(fits, half) for half in (is_even, ~is_even))
        optimism = (_measure_optimism(even, odd) + _measure_optimism(odd, even)) / 2
        adjusted = float(means[best]) - max(0.0, optimism) / np.sqrt(2)
    return AdjustedMaximum(best, float(means[best]), adjusted, means.size)


def _value_half(fits: MetricEstimate, half: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Values on some of the rows (K, S)."""
    return np.asarray(fits.values + fits.influences[..., half].sum(axis=-1) / half.mean())


def _measure_optimism(choosing: NDArray[np.float64], scoring: NDArray[np.float64]) -> float:
    """Mean over seeds of the chosen trial's value where it was chosen less that elsewhere."""
    n_seeds = choosing.shape[1]
    if n_seeds > 1:  # a lucky seed is lucky on all rows: the others choose
        choosing = (choosing.sum(axis=1, keepdims=True) - choosing) / (n_seeds - 1)
    chosen, seeds = np.argmax(choosing, axis=0), np.arange(n_seeds)
    return float((choosing[chosen, seeds] - scoring[chosen, seeds]).mean())
