"""Hyperparameters as regression columns: one indicator a level, whatever shape their effect has.

A number that entered by its value, or by its logarithm, would leave a hump to the error and to the
other hyperparameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.frames.levels import MAX_VALUES, N_RANGES, cut_levels

_MOST_USED = 0.75  # of the configurations, by levels; the others are left to the error


@dataclass(frozen=True, slots=True, eq=False)
class Covariates:
    """Main effects of some hyperparameters and origins.

    Attributes
    ----------
    columns
        Shape (n, p), centred and of unit length.
    ranged
        The names whose values are too many to be levels of their own, and entered as ranges of
        values or share a level.
    """

    columns: NDArray[np.float64]
    ranged: tuple[str, ...]


def build_covariates(
    rows: pd.DataFrame,
    names: Sequence[str],
    keys: Sequence[str] = ("configuration",),
    *,
    limit: int,
) -> Covariates:
    """Return the main-effect columns of some hyperparameters and origins.

    Each enters by one indicator a level: its values, or where these are more than the limit, five
    ranges of about equal counts (of texts, the most frequent). A missing value (a conditional
    hyperparameter) is a level of its own. A configuration that was tried at two budgets is half at
    each: the columns are means over its rows, as its metric is.

    Parameters
    ----------
    rows
        With the named columns and the keys, one a trial and seed.
    keys
        What rows of one configuration share; n groups, in the order of their first rows.
    limit
        The most levels a name, as `choose_limit` returns it.

    Returns
    -------
    Covariates
        Without columns that are constant.
    """
    blocks = [_encode(rows[name], limit) for name in names]
    indicators = pd.DataFrame(np.column_stack([np.empty((len(rows), 0)), *blocks]))
    groups = [rows[key].to_numpy() for key in keys]
    columns = indicators.groupby(groups, sort=False, dropna=False).mean().to_numpy()
    centred = columns - columns.mean(axis=0)
    lengths = np.linalg.norm(centred, axis=0)
    is_varying = lengths > 1e-10 * np.sqrt(len(columns))
    return Covariates(
        columns=centred[:, is_varying] / lengths[is_varying],
        ranged=tuple(name for name in names if rows[name].nunique() > limit),
    )


def choose_limit(rows: pd.DataFrame, names: Sequence[str], n_configurations: int) -> int:
    """Return how many levels each of some hyperparameters may have, twelve at most.

    As many as leave a quarter of the configurations to the error, but two at least.
    """
    sizes = [rows[name].nunique() for name in names]
    n_gaps = sum(bool(rows[name].isna().any()) for name in names)
    for limit in range(MAX_VALUES, 2, -1):
        levels = [size if size <= limit else min(limit, N_RANGES) for size in sizes]
        if sum(levels) - len(levels) + n_gaps < _MOST_USED * n_configurations:
            return limit
    return 2


def _encode(column: pd.Series, limit: int) -> NDArray[np.float64]:
    """Return one indicator a level and one for a missing value, but for the first of them.

    Of more texts than the limit, those seen once are of no level but share the rest.
    """
    cut = cut_levels(column, limit)
    levels, counts = np.unique(cut.codes, return_counts=True)
    if cut.values is None and column.nunique() > limit:
        levels = levels[(counts > 1) & (levels != len(cut.labels) - 1)]
    else:
        levels = levels[1:]
    return np.asarray(cut.codes[:, None] == levels, dtype="float64")
