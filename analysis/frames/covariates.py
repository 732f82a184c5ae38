"""Hyperparameters as regression columns: main effects, each on its own scale."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.frames.frame import TrialFrame
from analysis.frames.levels import cut_levels
from analysis.frames.scale import is_log_scale, to_scale
from analysis.frames.values import is_number_column


def build_covariates(
    frame: TrialFrame, rows: pd.DataFrame, names: tuple[str, ...]
) -> NDArray[np.float64]:
    """Return the main-effect columns of some hyperparameters and origins.

    A number enters linearly, a learning rate or weight decay by its logarithm with zero as a level
    of its own, text by one indicator a level that several rows have. A missing value (a conditional
    hyperparameter) is a level of its own too.

    Parameters
    ----------
    rows
        n rows that hold the named columns.

    Returns
    -------
    numpy.ndarray
        Shape (n, p), every column centred and scaled to unit length, constant ones dropped.
    """
    blocks = [_encode(frame, rows[name], name) for name in names]
    columns = np.column_stack([np.empty((len(rows), 0)), *blocks])
    centred = columns - columns.mean(axis=0)
    lengths = np.linalg.norm(centred, axis=0)
    is_varying = lengths > 1e-10 * np.sqrt(len(rows)) * np.maximum(1.0, np.abs(columns).max(axis=0))
    scaled: NDArray[np.float64] = centred[:, is_varying] / lengths[is_varying]
    return scaled


def _encode(frame: TrialFrame, column: pd.Series, name: str) -> NDArray[np.float64]:
    if not is_number_column(column):
        codes = cut_levels(column).codes
        levels, counts = np.unique(codes, return_counts=True)
        return np.asarray(codes[:, None] == levels[counts > 1], dtype="float64")
    values = column.to_numpy(dtype="float64")
    is_log = is_log_scale(frame, name, np.unique(values[~np.isnan(values)]))
    position = to_scale(values, is_log=is_log)
    is_off_scale = np.isnan(position)
    centre = 0.0 if is_off_scale.all() else np.nanmean(position)
    filled = np.where(is_off_scale, centre, position)
    return np.column_stack([filled, is_off_scale & ~np.isnan(values), np.isnan(values)])
