"""What the highest value of a batch is worth on rows and seeds that did not choose it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.metrics.blocks import choose_block_rows, find_even_blocks
from analysis.statistics.metrics.folds import centre_folds
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
        where a half of the rows, of any fold, holds fewer than one block.
    n_trials : int
        Trials that the maximum was taken over.
    """

    best: int
    maximum: float
    adjusted: float | None
    n_trials: int


def adjust_maximum(fits: MetricEstimate, *, horizon_rows: int | None) -> AdjustedMaximum:
    """Return the highest value and what remains of it.

    The rows are cut into blocks of max(40, 4 horizon), or dealt where they have no order. On the
    even blocks and the other seeds a trial is chosen, and its value there is compared with its
    value on the odd blocks and the seed left out; then with the halves swapped; o is the mean of
    these differences over halves and seeds. A choice on half of the rows, whose noise is sqrt(2)
    times as large, gains that much more: ``maximum - max(0, o) / sqrt(2)``. The value on a half is
    to first order ``value + N / N_half * sum of the half's influences``, so that no metric has to
    be computed anew. Over folds each is cut for itself, and a half has the half of every fold.

    Parameters
    ----------
    fits : MetricEstimate
        Of K trials with the same S seeds, ``values`` (K, S), on rows in time order.
    horizon_rows : int or None
        Rows that a label looks ahead; None for rows without order.

    Raises
    ------
    ValueError
        If the shape does not fit.
    """
    fits = check_estimates(fits, "fits")
    means = fits.values.mean(axis=1)  # (K,)
    best, n_rows = int(np.argmax(means)), fits.influences.shape[2]
    adjusted = None
    if min(fits.fold_rows or (n_rows,)) >= 2 * choose_block_rows(horizon_rows):
        is_even = find_even_blocks(n_rows, horizon_rows, fits.fold_rows)
        even, odd = (_value_half(fits, half) for half in (is_even, ~is_even))
        optimism = (_measure_optimism(even, odd) + _measure_optimism(odd, even)) / 2
        adjusted = float(means[best]) - max(0.0, optimism) / np.sqrt(2)
    return AdjustedMaximum(best, float(means[best]), adjusted, means.size)


def _value_half(fits: MetricEstimate, half: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Values on some of the rows (K, S): the influences, over the share of their fold's rows."""
    if not fits.fold_rows:
        return np.asarray(fits.values + fits.influences[..., half].sum(axis=-1) / half.mean())
    starts = np.cumsum([0, *fits.fold_rows[:-1]])
    shares = np.add.reduceat(half.astype(float), starts) / fits.fold_rows  # (k,)
    own = centre_folds(fits.influences, fits.fold_rows)
    return np.asarray(fits.values + own @ (half / np.repeat(shares, fits.fold_rows)))


def _measure_optimism(choosing: NDArray[np.float64], scoring: NDArray[np.float64]) -> float:
    """Mean over seeds of the chosen trial's value where it was chosen less that elsewhere."""
    n_seeds = choosing.shape[1]
    if n_seeds > 1:  # a lucky seed is lucky on all rows: the others choose
        choosing = (choosing.sum(axis=1, keepdims=True) - choosing) / (n_seeds - 1)
    chosen, seeds = np.argmax(choosing, axis=0), np.arange(n_seeds)
    return float((choosing[chosen, seeds] - scoring[chosen, seeds]).mean())
