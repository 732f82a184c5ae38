"""What the rules look at: the trials, their trend tables and their distinct configurations."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.frames.frame import TrialFrame
from analysis.numbers import format_difference, format_metric
from analysis.statistics.metrics.auc import approximate_standard_error
from analysis.top import SMALLEST_TOP
from analysis.trends.table import TrendTable, tabulate_trends

DEFAULT_ROPE = 0.005
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Everything that the rules read.

    Attributes
    ----------
    rope
        Differences below it do not matter in practice, in the metric's unit; None where nobody
        said.
    """

    frame: TrialFrame
    tables: tuple[TrendTable, ...]
    rope: float | None

    @property
    def merged(self) -> pd.DataFrame:
        """One row a distinct configuration, as `TrialFrame.merge_copies` returns it."""
        return self.frame.merge_copies()

    @property
    def n_configurations(self) -> int:
        """Distinct configurations among the finished trials: the one count of a report."""
        return len(self.merged)

    @property
    def ranked_tables(self) -> tuple[TrendTable, ...]:
        """The tables whose tops are large enough for a ranking of values to mean anything."""
        return tuple(
            table for table in self.tables if min(table.n_top, table.n_merged_top) >= SMALLEST_TOP
        )

    @property
    def best_row(self) -> pd.Series:
        """The configured row with the best metric; the first of equal ones."""
        rows = self.frame.configured
        return rows.iloc[int(np.argmax(self.frame.sign * rows["metric"].to_numpy()))]

    @property
    def best_configuration(self) -> pd.Series:
        """The first row of the configuration whose rows have the best mean."""
        best = int(np.argmax(self.frame.sign * self.merged["metric"].to_numpy()))
        finished = self.frame.finished
        is_best = (finished["configuration"] == self.merged["configuration"].iloc[best]).to_numpy()
        return finished.iloc[int(np.argmax(is_best))]

    @property
    def has_seeds(self) -> bool:
        """Several seeds were run, so that rows of one configuration are no copies."""
        return bool(self.frame.finished["seed"].nunique() > 1)

    def write(self, value: float) -> str:
        """Write a value of the metric."""
        return format_metric(value, decimals=self.frame.decimals)

    def write_difference(self, difference: float) -> str:
        """Write a difference of the metric."""
        return format_difference(difference, decimals=self.frame.decimals)

    @property
    def stands_first(self) -> str:
        """The verb for what is better than others by an error that is not excluded."""
        return "stands above" if self.frame.sign > 0 else "stands ahead of"

    @property
    def auc_error(self) -> float | None:
        """The standard error of a middling configuration's AUC; None where rows are not counted."""
        counts = self.frame.finished[["positives", "negatives"]].dropna()
        if self.frame.metric_label != "AUC" or counts.empty or self.merged.empty:
            return None
        positives, negatives = (int(count) for count in counts.median())
        middle = float(self.merged["metric"].median())
        if not 0 < middle < 1 or min(positives, negatives) < 1:
            return None
        return approximate_standard_error(middle, positives, negatives)


def gather_evidence(
    frame: TrialFrame, *, n_top: int | None = None, rope: float | None = None
) -> Evidence:
    """Compute what the rules need.

    Parameters
    ----------
    n_top
        Size of the top; by default that of `choose_top`.
    rope
        By default 0.005 for an AUC, and none for another metric.
    """
    is_auc = frame.metric_label == "AUC"
    return Evidence(
        frame=frame,
        tables=tabulate_trends(frame, n_top),
        rope=DEFAULT_ROPE if rope is None and is_auc else rope,
    )


def describe_trial(frame: TrialFrame, row: pd.Series, *, with_seed: bool = True) -> str:
    """Name a trial for a sentence, with its seed and file where these tell trials apart."""
    name = " ".join(str(row["trial"]).split())[:_LONGEST_NAME]
    words = name if name.startswith("trial") else f"trial {name}"
    if with_seed and frame.rows["seed"].nunique() > 1:
        words += f", seed {row['seed']:.0f}"
    if frame.rows["file"].nunique() > 1:
        words += f" of {row['file']}"
    return words
