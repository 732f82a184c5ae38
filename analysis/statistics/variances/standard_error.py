"""From the variances of rows, seeds and periods to a standard error and its degrees of freedom."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.variances.row_variance import measure_row_variance


def combine_variances(
    rows: NDArray[np.float64],
    seeds: NDArray[np.float64],
    interaction: NDArray[np.float64],
    *,
    row_df: int,
    seed_df: int,
    periods: NDArray[np.float64] | float = 0.0,
    period_df: int = 0,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return standard errors and their degrees of freedom.

    ``SE^2 = V_rows + B + V_period`` with ``B = max(0, V_seed - V_int)``, and by
    Welch-Satterthwaite ``df = SE^4 / (V_rows^2 / nu + B^2 / (d0 + S - 1))``, V_period alike.

    Parameters
    ----------
    rows, seeds, interaction : ndarray, shape (...)
        V_rows, V_seed and V_int.
    row_df, seed_df : int
        nu and d0 + k (S - 1).
    periods : ndarray or float, shape (...)
        V_period, of several folds.
    period_df : int
        Its degrees of freedom.

    Returns
    -------
    standard_error, df : ndarray, shape (...)
        Where the error is zero, `df` is that of the rows.
    """
    seed_part = np.maximum(0, seeds - interaction)
    total = np.asarray(rows + seed_part + periods)
    spread = rows**2 / row_df + seed_part**2 / max(seed_df, 1)
    spread = spread + np.square(periods) / max(period_df, 1)
    df = np.divide(total**2, spread, out=np.full_like(total, row_df), where=spread > 0)
    return np.sqrt(total), df


def split_seed_variance(
    deltas: NDArray[np.float64],
    influences: NDArray[np.float64],
    horizon_rows: int | None,
    fold_rows: Sequence[int] = (),
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a contrast's own V_seed and V_int, zero with one seed.

    Parameters
    ----------
    deltas : ndarray, shape (k, S)
        By fold and seed.
    influences : ndarray, shape (S, N)
    horizon_rows : int or None
        As in `measure_row_variance`.
    fold_rows : sequence of int
        The rows of each fold, where there are several.
    """
    n_folds, n_seeds = deltas.shape
    if n_seeds == 1:
        return np.zeros(()), np.zeros(())
    deviations = influences - influences.mean(axis=0)
    own = measure_row_variance(deviations, horizon_rows, fold_rows).sum()
    interaction = np.asarray(own / (n_seeds * (n_seeds - 1)))
    return np.asarray(deltas.var(axis=1, ddof=1).sum() / n_folds**2 / n_seeds), interaction
