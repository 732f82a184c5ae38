"""In which order a search's results came, beside what chance would make of the same values."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.findings.search_rules import order_tries
from analysis.frames.frame import COMPLETE, TrialFrame
from analysis.searches.search import Search
from analysis.statistics.effects.regret import (
    OrderTrend,
    RegretCurve,
    measure_order_trend,
    trace_regret,
)

_SMALLEST = 5  # complete tries, of which an order says anything
_TRIED = (COMPLETE, "pruned")


@dataclass(frozen=True, slots=True, eq=False)
class SearchOrder:
    """The tries of a search in their order.

    Attributes
    ----------
    numbers
        The trials' numbers, or else their places from 0.
    scores
        Their values, in the metric's own direction; None of one that was pruned.
    curve : RegretCurve
        Of gains: more is better. One that was pruned counts as the worst.
    trend : OrderTrend
        NaN where trials were pruned: the longer a search runs, the better is what a pruner leaves.
    sign
        1 where more of the metric is better, -1 where less is.
    """

    numbers: tuple[int, ...]
    scores: tuple[float | None, ...]
    curve: RegretCurve
    trend: OrderTrend
    sign: int

    @property
    def n_pruned(self) -> int:
        """How many of them were pruned."""
        return sum(score is None for score in self.scores)


def order_search(search: Search) -> SearchOrder | None:
    """Return the order of the trials that the sampler chose; None where fewer than five completed.

    Those that were pruned are among them: a pruner ends what lags behind what came before, so that
    the complete trials alone get better whatever the sampler does.
    """
    tries = [
        trial
        for trial in search.trials
        if trial.is_own_try or (trial.state == "pruned" and not trial.is_default)
    ]
    scores = [trial.score if trial.state == "complete" else None for trial in tries]
    return _order([trial.number for trial in tries], scores, search.sign)


def order_frame(frame: TrialFrame) -> SearchOrder | None:
    """Return the order of another tool's trials, copies of an earlier one left out.

    None where they are of several files or seeds, lie sorted by their result, so that the order is
    not that of time, or fewer than five completed.
    """
    rows = frame.rows[(frame.rows["role"] == "trial") & frame.rows["state"].isin(_TRIED)]
    if rows["file"].nunique() > 1 or rows["seed"].nunique() > 1 or not frame.params:
        return None
    tries = order_tries(rows)
    is_complete = tries["state"] == COMPLETE
    gains = frame.sign * tries.loc[is_complete, "metric"].to_numpy(dtype="float64")
    if len(gains) > 1 and ((np.diff(gains) <= 0).all() or (np.diff(gains) >= 0).all()):
        return None
    is_numbered = bool(tries["trial"].str.fullmatch(r"\d{1,18}").all())
    numbers = tries["trial"].astype("int64").tolist() if is_numbered else range(len(tries))
    scores = [
        float(metric) if complete else None
        for metric, complete in zip(tries["metric"], is_complete, strict=True)
    ]
    return _order(list(numbers), scores, frame.sign)


def _order(numbers: Sequence[int], scores: Sequence[float | None], sign: int) -> SearchOrder | None:
    known = [sign * score for score in scores if score is not None]
    if len(known) < _SMALLEST:
        return None
    gains = np.array([min(known) if score is None else sign * score for score in scores])
    trend = (
        measure_order_trend(gains)
        if len(known) == len(scores)
        else OrderTrend(np.nan, np.nan, len(known))
    )
    return SearchOrder(tuple(numbers), tuple(scores), trace_regret(gains), trend, sign)
