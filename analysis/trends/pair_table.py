"""Tables of two hyperparameters at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.frames.frame import TrialFrame
from analysis.frames.levels import cut_param
from analysis.numbers import DECIMALS
from trial_sets.errors import InputError
from trial_sets.wording import join_words


@dataclass(frozen=True, slots=True, eq=False)
class PairTable:
    """Mean metric and number of trials of each combination of two hyperparameters' levels.

    Attributes
    ----------
    row_labels, column_labels
        The levels of the first and of the second hyperparameter.
    means, counts
        Shape (rows, columns); a combination that was never tried has a NaN mean and a count of
        zero.
    decimals
        With which the metric is written.
    """

    row_param: str
    column_param: str
    metric_label: str
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    means: NDArray[np.float64]
    counts: NDArray[np.int64]
    decimals: int = DECIMALS


def tabulate_pair(frame: TrialFrame, row_param: str, column_param: str) -> PairTable:
    """Return the table of two hyperparameters over the finished trials.

    Raises
    ------
    InputError
        When a name is not a hyperparameter of the input, or both are the same.
    """
    for name in (row_param, column_param):
        if name not in frame.params:
            raise InputError(
                f"{name} is not a hyperparameter of the input; it has {join_words(frame.params)}"
            )
    if row_param == column_param:
        raise InputError(f"a pair needs two hyperparameters, got {row_param} twice")
    finished = frame.finished.dropna(subset=[row_param, column_param])
    rows, columns = (cut_param(frame, finished, name) for name in (row_param, column_param))
    shape = (len(rows.labels), len(columns.labels))
    cell = np.ravel_multi_index((rows.codes, columns.codes), shape)
    counts = np.bincount(cell, minlength=shape[0] * shape[1])
    sums = np.bincount(cell, weights=finished["metric"].to_numpy(), minlength=len(counts))
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return PairTable(
        row_param=row_param,
        column_param=column_param,
        metric_label=frame.metric_label,
        row_labels=rows.labels,
        column_labels=columns.labels,
        means=means.reshape(shape),
        counts=counts.reshape(shape),
        decimals=frame.decimals,
    )
