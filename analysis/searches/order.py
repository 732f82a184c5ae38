"""In which order a search's results came, beside what chance would make of the same values."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.findings.search_rules import order_tries
from analysis.frames.frame import TrialFrame
from analysis.searches.search import Search
from analysis.statistics.effects.regret import (
    OrderTrend,
    RegretCurve,
    measure_order_trend,
    trace_regret,
)

_SMALLEST = 5  # tries, of which an order says anything


@dataclass(frozen=True, slots=True, eq=False)
class SearchOrder:
    """The tries of a search in their order.

    Attributes
    ----------
    numbers
        The trials' numbers, or else their places from 0.
    scores
        Their values, in the metric's own direction.
    curve : RegretCurve
        Of gains: more is better.
    trend : OrderTrend
    sign
        1 where more of the metric is better, -1 where less is.
    """

    numbers: tuple[int, ...]
    scores: tuple[float, ...]
    curve: RegretCurve
    trend: OrderTrend
    sign: int


def order_search(search: Search) -> SearchOrder | None:
    """Return the order of the trials that the sampler chose and that completed; None below five."""
    numbers = [trial.number for trial in search.tries]
    return _order(numbers, [trial.score or 0.0 for trial in search.tries], search.sign)


def order_frame(frame: TrialFrame) -> SearchOrder | None:
    """Return the order of another tool's trials, copies of an earlier one left out.

    None where they are of several files or seeds, lie sorted by their result, so that the order is
    not that of time, or are fewer than five.
    """
    rows = frame.finished[frame.finished["role"] == "trial"]
    if rows["file"].nunique() > 1 or rows["seed"].nunique() > 1 or not frame.params:
        return None
    tries = order_tries(rows)
    scores = tries["metric"].to_numpy(dtype="float64")
    gains = frame.sign * scores
    if len(gains) > 1 and ((np.diff(gains) <= 0).all() or (np.diff(gains) >= 0).all()):
        return None
    is_numbered = bool(tries["trial"].str.fullmatch(r"\d{1,18}").all())
    numbers = tries["trial"].astype("int64").tolist() if is_numbered else range(len(tries))
    return _order(list(numbers), scores.tolist(), frame.sign)


def _order(numbers: Sequence[int], scores: Sequence[float], sign: int) -> SearchOrder | None:
    if len(scores) < _SMALLEST:
        return None
    gains = sign * np.asarray(scores, dtype=np.float64)
    return SearchOrder(
        tuple(numbers), tuple(scores), trace_regret(gains), measure_order_trend(gains), sign
    )
