"""Slices: the metric along one hyperparameter, for a figure."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from analysis.frames.frame import TrialFrame
from analysis.frames.levels import cut_levels
from analysis.frames.scale import is_log_scale
from analysis.frames.values import is_number_column
from analysis.numbers import DECIMALS
from trial_sets.errors import InputError
from trial_sets.wording import join_words


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """The metric along one hyperparameter.

    Attributes
    ----------
    labels
        The levels as people write them.
    values
        The number that each level stands for, or None for text.
    is_log, is_binned
        The hyperparameter is tuned by ratios; its levels are ranges of values.
    means, lows, highs
        Mean metric over a level's distinct configurations with its interval, shape (levels,); NaN
        bounds for a single configuration.
    counts, n_configurations
        Trials and distinct configurations of each level, shape (levels,).
    points
        One row a trial: `level`, `value` (NaN for text) and `metric`.
    decimals
        With which the metric is written.
    """

    param: str
    metric_label: str
    labels: tuple[str, ...]
    values: tuple[float, ...] | None
    is_log: bool
    is_binned: bool
    means: NDArray[np.float64]
    lows: NDArray[np.float64]
    highs: NDArray[np.float64]
    counts: NDArray[np.int64]
    n_configurations: NDArray[np.int64]
    points: pd.DataFrame
    decimals: int = DECIMALS


def slice_trials(frame: TrialFrame, param: str, *, level: float = 0.95) -> Slice:
    """Return the slice of the finished trials along one hyperparameter.

    The interval is ``mean -+ t(n - 1) s / sqrt(n)`` over distinct configurations, copies merged
    into their mean: it describes how firmly the mean of a level stands against the choice of the
    other hyperparameters, not the error of a single fit.

    Raises
    ------
    InputError
        When the name is not a hyperparameter of the input, or no finished trial sets it.
    """
    if param not in frame.params:
        raise InputError(
            f"{param} is not a hyperparameter of the input; it has {join_words(frame.params)}"
        )
    finished = frame.finished
    finished = finished[finished[param].notna()]
    if finished.empty:
        raise InputError(f"no finished trial sets {param}")
    column = finished[param]
    is_number = is_number_column(column)
    levels = cut_levels(column)
    points = pd.DataFrame(
        {
            "level": levels.codes,
            "value": column.to_numpy(dtype="float64") if is_number else np.nan,
            "metric": finished["metric"].to_numpy(dtype="float64"),
        }
    )
    merged = points["metric"].groupby([levels.codes, finished["configuration"].to_numpy()]).mean()
    means, lows, highs, n_configurations = _estimate_means(merged, level)
    return Slice(
        param=param,
        metric_label=frame.metric_label,
        labels=levels.labels,
        values=levels.values,
        is_log=is_number and is_log_scale(frame, param, np.unique(column.to_numpy())),
        is_binned=levels.is_binned,
        means=means,
        lows=lows,
        highs=highs,
        counts=levels.count(levels.codes),
        n_configurations=n_configurations,
        points=points,
        decimals=frame.decimals,
    )


def _estimate_means(
    merged: "pd.Series[float]", level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    groups = merged.groupby(level=0)
    means = np.asarray(groups.mean(), dtype=np.float64)
    n = np.asarray(groups.size(), dtype=np.int64)
    errors = np.asarray(groups.std(ddof=1), dtype=np.float64) / np.sqrt(n)
    reach = student.ppf((1 + level) / 2, np.maximum(n - 1, 1)) * errors
    return means, means - reach, means + reach, n
