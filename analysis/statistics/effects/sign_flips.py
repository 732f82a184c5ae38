"""Whether blocks of columns explain anything, where rows differ in how noisy they are.

An F test takes all errors for equally wide. Where a rare level is noisier than the others it finds
differences of the mean that are none. The wild bootstrap leaves each row an error as wide as its
own, of which it draws the sign anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as f_distribution

from analysis.statistics.effects.regression import span_columns

N_FLIPS = 1_999
_A_TIME = 200  # flips, so that memory stays small
_MOST_LEVERAGE = 0.99  # a row that has a column of its own has no residual


@dataclass(frozen=True, slots=True, eq=False)
class _Tests:
    """The F tests of one design: all blocks together, and each beside the others."""

    full: NDArray[np.float64]  # shape (n, rank), orthonormal
    smaller: tuple[NDArray[np.float64], ...]

    def find_least(self, metrics: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the smallest p value, each block's times their number; shape (columns,)."""
        n, rank = self.full.shape
        total = (metrics**2).sum(axis=0)
        rest = np.maximum(total - ((self.full.T @ metrics) ** 2).sum(axis=0), 1e-300)
        least = np.ones(metrics.shape[1])
        for place, basis in enumerate(self.smaller):
            added = rank - basis.shape[1]
            if added:
                gain = np.maximum(total - ((basis.T @ metrics) ** 2).sum(axis=0) - rest, 0.0)
                p_values = f_distribution.sf(gain / added / (rest / (n - rank)), added, n - rank)
                least = np.minimum(least, p_values * (1 if place == 0 else len(self.smaller) - 1))
        return least


def flip_signs(
    null: NDArray[np.float64],
    blocks: Sequence[NDArray[np.float64]],
    metric: NDArray[np.float64],
    rng: np.random.Generator,
    n_flips: int = N_FLIPS,
) -> float:
    """Test that no block of columns does anything, by the wild bootstrap.

    The statistic is the smallest p value of the F tests of all blocks together and of each beside
    the others (times their number). It is held against the same of the smaller model's residuals,
    each divided by the root of one minus its leverage (HC2) and given a random sign (Rademacher).
    Davidson and Flachaire 2008, "The wild bootstrap, tamed at last", Journal of Econometrics 146.

    Parameters
    ----------
    null
        Shape (n, p), columns that are there anyway, the constant among them.
    blocks
        Shapes (n, p), one a hyperparameter.
    metric
        Shape (n,).

    Returns
    -------
    float
        The p value, at least 1 / (n_flips + 1); NaN where the full model leaves no residual degrees
        of freedom, or adds nothing.
    """
    bases = [span_columns(np.column_stack([null, *kept])) for kept in _leave_each_out(blocks)]
    full = span_columns(np.column_stack([null, *blocks]))
    tests = _Tests(full, (span_columns(null), *bases))
    if full.shape[1] >= len(metric) or full.shape[1] == tests.smaller[0].shape[1]:
        return np.nan
    seen = tests.find_least(metric[:, None])[0]
    smaller = tests.smaller[0]
    leverage = np.minimum((smaller**2).sum(axis=1), _MOST_LEVERAGE)
    errors = (metric - smaller @ (smaller.T @ metric)) / np.sqrt(1 - leverage)
    n_as_small = 0
    for first in range(0, n_flips, _A_TIME):
        shape = (len(metric), min(_A_TIME, n_flips - first))
        signs = rng.integers(0, 2, shape) * 2.0 - 1.0
        n_as_small += int((tests.find_least(errors[:, None] * signs) <= seen).sum())
    return (1 + n_as_small) / (1 + n_flips)


def _leave_each_out(
    blocks: Sequence[NDArray[np.float64]],
) -> Iterator[list[NDArray[np.float64]]]:
    for place in range(len(blocks)):
        yield [block for other, block in enumerate(blocks) if other != place]
