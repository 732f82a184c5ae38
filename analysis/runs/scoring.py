"""Which epochs' scores a comparison rests on, and the estimates of fits by them."""

from collections.abc import Sequence
from enum import StrEnum

from analysis.runs.folded_predictions import FoldedPredictions
from analysis.runs.predictions import Predictions
from analysis.runs.whole import take_whole
from analysis.statistics.metrics.metric import MetricEstimate, stack_estimates

AnyPredictions = Predictions | FoldedPredictions


class Scoring(StrEnum):
    """At which epoch a fit is scored."""

    SELECTED = "selected"  # the best on the very rows that it is scored on
    CROSS_FITTED = "cross-fitted"  # selected on one half of the rows and scored on the other
    LAST = "last"


def stack_fits(
    trials: Sequence[Sequence[AnyPredictions | None]], scoring: Scoring, horizon_rows: int | None
) -> MetricEstimate | None:
    """Return the metric of some trials' fits, more being better, ``values`` (trials, seeds).

    Parameters
    ----------
    trials
        The predictions of each trial by seed, all on the same rows.
    horizon_rows
        Rows that a label looks ahead; None for rows without order.

    Returns
    -------
    MetricEstimate or None
        None where a fit cannot be scored so.
    """
    whole = take_whole(
        take_whole(_estimate(fit, scoring, horizon_rows) for fit in trial) for trial in trials
    )
    return None if whole is None else stack_estimates([stack_estimates(trial) for trial in whole])


def _estimate(
    fit: AnyPredictions | None, scoring: Scoring, horizon_rows: int | None
) -> MetricEstimate | None:
    if fit is None or not fit.is_scorable:
        return None
    match scoring:
        case Scoring.SELECTED:
            return fit.estimate
        case Scoring.CROSS_FITTED:
            return fit.cross_fit(horizon_rows)
        case Scoring.LAST:
            return fit.last
