"""Trend tables: what each value of a hyperparameter came to.

The first columns are those that proposals print (mean, best, share of the top N trials). They are
easily misread, so the others say what the first ones hide: how many trials and distinct
configurations stand behind a row, what is left of its share when copies are merged, how much more
often than chance it reaches the top, and what it does at equal other hyperparameters. A value is
said to lead only where the test of the levels at equal other hyperparameters says that they differ.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import spearmanr

from analysis.frames.copies import mark_top
from analysis.frames.covariates import build_covariates, choose_limit
from analysis.frames.frame import TrialFrame
from analysis.frames.levels import Levels, cut_param
from analysis.frames.values import is_number_column
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.effects.adjusted import AdjustedEffects, adjust_levels
from analysis.statistics.effects.lift import estimate_lift
from analysis.top import SMALLEST_TOP, choose_merged_top, choose_top
from trial_sets.metric_names import Direction


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One value of a hyperparameter, or one range of values.

    Attributes
    ----------
    label
        The value as people write it.
    value
        The number, a range's median, or NaN for text.
    mean, best, top_share, n
        Over trials: mean and best metric, share of the top, count.
    n_configurations, merged_mean, merged_share
        The same over distinct configurations, of which the top is always a fifth.
    lift, lift_low, lift_high
        Share of the top over share of all, over distinct configurations, with an exact 95 %
        interval.
    effect, effect_low, effect_high
        Adjusted difference from the average configuration, with a 95 % interval.
    """

    label: str
    value: float
    mean: float
    best: float
    top_share: float
    n: int
    n_configurations: int
    merged_mean: float
    merged_share: float
    lift: float
    lift_low: float
    lift_high: float
    effect: float
    effect_low: float
    effect_high: float


@dataclass(frozen=True, slots=True, eq=False)
class TrendTable:
    """The trend of one hyperparameter.

    Attributes
    ----------
    rows
        One a level, numbers ascending.
    is_binned
        The levels are ranges of values.
    n_asked
        The size of the top that was asked for.
    n_trials, n_set, n_top
        Finished trials, how many of them set the hyperparameter, and how many form the top (more
        than asked where the last place is tied), which is the same for every hyperparameter.
    n_configurations, n_set_configurations, n_merged_top
        The same of distinct configurations.
    adjusted
        The adjusted effects with their F test.
    ranged
        The other hyperparameters that entered the adjusted effects as ranges of values.
    pearson, spearman
        Correlations of value and metric over trials, as recorded; NaN for text.
    """

    param: str
    metric_label: str
    direction: Direction
    rows: tuple[TrendRow, ...]
    is_binned: bool
    n_asked: int
    n_trials: int
    n_set: int
    n_top: int
    n_configurations: int
    n_set_configurations: int
    n_merged_top: int
    adjusted: AdjustedEffects
    ranged: tuple[str, ...]
    pearson: float
    spearman: float

    @property
    def sign(self) -> int:
        """+1 when more is better, -1 when less is."""
        return 1 if self.direction == "maximize" else -1

    @property
    def has_effect(self) -> bool:
        """The levels differ at equal other hyperparameters, by the F test."""
        return self.adjusted.p_value < ALPHA

    @property
    def leader(self) -> TrendRow:
        """The row with the largest share of the top trials; equal shares go to the better mean."""
        return max(self.rows, key=lambda row: (row.top_share, self.sign * row.mean))

    @property
    def merged_leader(self) -> TrendRow:
        """The row with the largest share of the top distinct configurations."""
        return max(self.rows, key=lambda row: (row.merged_share, self.sign * row.merged_mean))

    @property
    def lead(self) -> TrendRow | None:
        """The merged leader where it may be said to lead, otherwise None.

        The levels differ, and it reaches a top of some size more often than it was tried.
        """
        is_ranked = self.has_effect and self.n_merged_top >= SMALLEST_TOP
        return self.merged_leader if is_ranked and self.merged_leader.lift > 1 else None


def tabulate_trends(frame: TrialFrame, n_top: int | None = None) -> tuple[TrendTable, ...]:
    """Return the trend table of every hyperparameter that varies.

    Parameters
    ----------
    n_top
        Size of the top; by default that of `choose_top`.
    """
    return tuple(tabulate_trend(frame, name, n_top) for name in frame.varying)


def tabulate_trend(frame: TrialFrame, param: str, n_top: int | None = None) -> TrendTable:
    """Return the trend table of one hyperparameter.

    The top is that of all trials, those that do not set the hyperparameter included. The lift is
    share of the top / share of all, over distinct configurations rather than trials: its interval
    presumes that they are exchangeable, and copies are not. The adjusted effect is that of
    `adjust_levels`, with the levels of the other varying hyperparameters, the tier, the budget and
    the horizon as covariates.
    """
    trials, configurations = frame.configured, frame.merge_copies()
    n_asked = choose_top(len(trials), n_top)
    top = _Top.of(trials, param, frame.sign, n_asked)
    merged_top = _Top.of(configurations, param, frame.sign, choose_merged_top(len(configurations)))
    finished, merged = trials[top.is_set], configurations[merged_top.is_set]
    levels = cut_param(frame, finished, param)
    codes = _match(finished, levels, merged)
    adjusted, ranged = _adjust(frame, param, merged, codes, len(levels.labels))
    columns = _summarise_trials(frame.sign, finished["metric"], levels, top)
    columns |= _summarise_merged(merged, codes, levels, merged_top)
    columns |= {"effect": adjusted.effects}
    columns |= {"effect_low": adjusted.lows, "effect_high": adjusted.highs}
    pearson, spearman = correlate(finished[param], finished["metric"])
    return TrendTable(
        param=param,
        metric_label=frame.metric_label,
        direction=frame.direction,
        rows=_build_rows(levels, columns),
        is_binned=levels.is_binned,
        n_asked=n_asked,
        n_trials=len(trials),
        n_set=len(finished),
        n_top=top.size,
        n_configurations=len(configurations),
        n_set_configurations=len(merged),
        n_merged_top=merged_top.size,
        adjusted=adjusted,
        ranged=ranged,
        pearson=pearson,
        spearman=spearman,
    )


def correlate(values: pd.Series, metric: pd.Series) -> tuple[float, float]:
    """Return Pearson's and Spearman's correlation of a hyperparameter with the metric.

    Both are NaN for text and where either side is constant.
    """
    if not is_number_column(values) or values.nunique() < 2 or metric.nunique() < 2:
        return np.nan, np.nan
    x, y = values.to_numpy(dtype="float64"), metric.to_numpy(dtype="float64")
    return float(np.corrcoef(x, y)[0, 1]), float(spearmanr(x, y).statistic)


@dataclass(frozen=True, slots=True, eq=False)
class _Top:
    """The top of some rows: which set a hyperparameter, and which of those are of the top."""

    is_set: NDArray[np.bool_]  # (rows,)
    is_top: NDArray[np.bool_]  # (rows that set it,)
    size: int

    @classmethod
    def of(cls, rows: pd.DataFrame, param: str, sign: int, n: int) -> "_Top":
        is_set = rows[param].notna().to_numpy(dtype=bool)
        is_top = mark_top(sign * rows["metric"].to_numpy(dtype="float64"), n)
        return cls(is_set, is_top[is_set], int(is_top.sum()))


def _summarise_trials(
    sign: int, metric: "pd.Series[float]", levels: Levels, top: _Top
) -> dict[str, NDArray[np.float64]]:
    groups = metric.astype("float64").groupby(levels.codes)
    return {
        "mean": groups.mean().to_numpy(),
        "best": (groups.max() if sign > 0 else groups.min()).to_numpy(),
        "top_share": levels.count(levels.codes[top.is_top]) / top.size,
        "n": levels.count(levels.codes).astype("float64"),
    }


def _summarise_merged(
    merged: pd.DataFrame, codes: NDArray[np.int64], levels: Levels, top: _Top
) -> dict[str, NDArray[np.float64]]:
    """Count distinct configurations, their share of the top and its lift."""
    n, n_in_top = levels.count(codes), levels.count(codes[top.is_top])
    lifts = [
        estimate_lift(int(top_count), top.size, int(count), len(top.is_set))
        for top_count, count in zip(n_in_top, n, strict=True)
    ]
    return {
        "n_configurations": n.astype("float64"),
        "merged_mean": merged["metric"].groupby(codes).mean().to_numpy(),
        "merged_share": n_in_top / top.size,
        "lift": np.array([lift.ratio for lift in lifts]),
        "lift_low": np.array([lift.low for lift in lifts]),
        "lift_high": np.array([lift.high for lift in lifts]),
    }


def _build_rows(levels: Levels, columns: dict[str, NDArray[np.float64]]) -> tuple[TrendRow, ...]:
    values = levels.values or (np.nan,) * len(levels.labels)
    rows = []
    for index, (label, value) in enumerate(zip(levels.labels, values, strict=True)):
        cells = {name: float(column[index]) for name, column in columns.items()}
        n, n_configurations = int(cells.pop("n")), int(cells.pop("n_configurations"))
        rows.append(
            TrendRow(label=label, value=value, n=n, n_configurations=n_configurations, **cells)
        )
    return tuple(rows)


def _adjust(
    frame: TrialFrame,
    param: str,
    merged: pd.DataFrame,
    codes: NDArray[np.int64],
    n_levels: int,
) -> tuple[AdjustedEffects, tuple[str, ...]]:
    """Return the effects over the same configurations, and what entered as ranges."""
    rows = frame.configured
    rows = rows[rows[param].notna()]
    others = (*(name for name in frame.varying if name != param), *frame.varying_origins)
    limit = choose_limit(rows, (param, *others), len(merged))
    covariates = build_covariates(rows, others, limit=limit)
    metric = merged["metric"].to_numpy(dtype="float64")
    return adjust_levels(codes, n_levels, covariates.columns, metric), covariates.ranged


def _match(finished: pd.DataFrame, levels: Levels, merged: pd.DataFrame) -> NDArray[np.int64]:
    """Give each configuration the level that its trials have."""
    code_of = pd.Series(levels.codes, index=finished["configuration"].to_numpy())
    code_of = code_of[~code_of.index.duplicated()]
    return code_of.reindex(merged["configuration"]).to_numpy(dtype=np.int64)
