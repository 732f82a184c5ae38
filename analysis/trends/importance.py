"""How much each hyperparameter matters, beside what chance alone would make of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.frames.covariates import build_covariates, choose_limit
from analysis.frames.frame import TrialFrame
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.effects.regression import NestedTest, compare_nested, fit_least_squares
from analysis.trends.table import TrendTable


@dataclass(frozen=True, slots=True, eq=False)
class Importances:
    """The share of the variance that each hyperparameter alone explains.

    Attributes
    ----------
    rows
        `param`, `importance` (the drop in R^2 without its levels), `chance` (what it would reach by
        chance in one of twenty) and `p_value`, the largest importance first.
    together
        The same of all hyperparameters at once, beyond tier, budget and horizon.
    n
        Distinct configurations used.
    """

    rows: pd.DataFrame
    together: NestedTest
    n: int

    @property
    def is_suppressed(self) -> bool:
        """Neither all together nor any alone explains more than chance would."""
        p_values = (self.together.p_value, *self.rows["p_value"])
        return not any(p_value < ALPHA for p_value in p_values)


def measure_importances(frame: TrialFrame, tables: Sequence[TrendTable]) -> Importances:
    """Measure importances by the drop in R^2 of a main-effects model of level indicators.

    Of each hyperparameter it is the drop, and the F test, that stands behind its trend table. One
    row a distinct configuration.
    """
    found = [
        (table.param, table.adjusted.share, table.adjusted.chance, table.adjusted.p_value)
        for table in tables
    ]
    rows = pd.DataFrame(found, columns=["param", "importance", "chance", "p_value"])
    ranked = rows.sort_values("importance", ascending=False, ignore_index=True, kind="stable")
    merged = frame.merge_copies()
    return Importances(ranked, _test_together(frame, merged), len(merged))


def _test_together(frame: TrialFrame, merged: pd.DataFrame) -> NestedTest:
    """Test all hyperparameters at once, beside the origins alone."""
    metric = merged["metric"].to_numpy(dtype="float64")
    names, origins = frame.varying, frame.varying_origins
    if not len(metric) or not names:
        return NestedTest(np.nan, np.nan, np.nan)
    limit = choose_limit(frame.configured, (*names, *origins), len(merged))
    ones = np.ones((len(metric), 1))
    fits = [
        fit_least_squares(
            np.column_stack(
                [ones, build_covariates(frame.configured, chosen, limit=limit).columns]
            ),
            metric,
        )
        for chosen in (origins, (*origins, *names))
    ]
    return compare_nested(fits[0], fits[1], float(((metric - metric.mean()) ** 2).sum()))
