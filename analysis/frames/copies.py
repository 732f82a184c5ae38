"""Distinct configurations: what remains of the trials when copies are merged.

A sampler that re-runs its favourite fills the top of a table with copies of one configuration. They
are one observation (without a change of seed, the same number again), so everything that claims
something about a value counts configurations: a configuration's metric is the mean of its rows.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def merge_copies(
    rows: pd.DataFrame, params: Sequence[str], origins: Sequence[str] = ()
) -> pd.DataFrame:
    """Return one row a distinct configuration; see `TrialFrame.merge_copies`.

    Parameters
    ----------
    rows
        With `configuration`, `metric`, the hyperparameters and the origin columns.
    origins
        Columns that also tell configurations apart, such as `budget`.

    Returns
    -------
    pandas.DataFrame
        The hyperparameters, the origin columns, and `metric`, the mean of the copies.
    """
    keys = ["configuration", *origins]
    means = rows.groupby(keys, sort=False, dropna=False)["metric"].mean().reset_index()
    first = rows.drop_duplicates(keys)[[*keys, *params]]
    return first.merge(means, on=keys, how="left", validate="one_to_one")


def mark_top(gains: NDArray[np.float64], n_top: int) -> NDArray[np.bool_]:
    """Mark the n largest values; values tied with the last of them are marked too."""
    if n_top >= len(gains):
        return np.ones(len(gains), dtype=bool)
    threshold = np.partition(gains, len(gains) - n_top)[len(gains) - n_top]
    return np.asarray(gains >= threshold)
