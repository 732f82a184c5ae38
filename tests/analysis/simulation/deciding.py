"""Claims that are run until they are decided, beside one look at the end."""

from dataclasses import dataclass

import numpy as np

from analysis.statistics.comparisons.contrast import contrast_trials
from analysis.statistics.comparisons.inference import infer_difference
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.metrics.metric import MetricEstimate
from analysis.statistics.planning.looks import USUAL_PLAN, Stop, decide_stop, list_thresholds
from analysis.statistics.variances.seed_pool import pool_seeds
from tests.analysis.simulation.measure import ROPE, Share
from tests.analysis.simulation.process import Process
from tests.analysis.simulation.scoring import score_batches, take_seeds

_THRESHOLDS = dict(zip(USUAL_PLAN, list_thresholds(USUAL_PLAN), strict=True))

_CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Deciding:
    """What the usual plan of looks came to.

    Attributes
    ----------
    difference : float
        Mean estimate with all seeds.
    confirmed, fits : Share
        Confirmed at any look; and the share of the plan's fits that were run.
    at_end : Share
        Confirmed by one look with all seeds instead.
    stops : dict
        Share of the batches that ended for each reason.
    """

    difference: float
    confirmed: Share
    fits: Share
    at_end: Share
    stops: dict[str | None, float]


def measure_deciding(process: Process, n_batches: int, *, design: float) -> Deciding:
    """Look at "the first beats the second" with 2, 4, 7 and 10 seeds until it is decided."""
    estimates, outcomes, at_end = [], [], []
    for fits in score_batches(process, n_batches):
        outcomes.append(_run(fits, process.horizon_rows, design))
        last, estimate = _look(fits, USUAL_PLAN[-1], process.horizon_rows, ALPHA, design)
        at_end.append(last == _CONFIRMED)
        estimates.append(estimate)
    stops = [stop for stop, _ in outcomes]
    return Deciding(
        difference=float(np.mean(estimates)),
        confirmed=Share.of([stop == _CONFIRMED for stop in stops]),
        fits=Share.of([n_seeds / USUAL_PLAN[-1] for _, n_seeds in outcomes]),
        at_end=Share.of(at_end),
        stops={stop: stops.count(stop) / len(stops) for stop in (*Stop, _CONFIRMED, None)},
    )


def _run(fits: MetricEstimate, horizon_rows: int, design: float) -> tuple[str | None, int]:
    """Why the claim ended, and with how many seeds."""
    stop: str | None = None
    for n_seeds, threshold in _THRESHOLDS.items():
        stop, _ = _look(fits, n_seeds, horizon_rows, threshold, design)
        if stop is not None:
            return stop, n_seeds
    return stop, USUAL_PLAN[-1]


def _look(
    fits: MetricEstimate, n_seeds: int, horizon_rows: int, threshold: float, design: float
) -> tuple[str | None, float]:
    seen = take_seeds(fits, n_seeds)
    pool = pool_seeds(seen, horizon_rows=horizon_rows)
    sides = seen.select([0]), seen.select([1])
    contrast = contrast_trials(*sides, horizon_rows=horizon_rows, pool=pool)
    found = infer_difference(contrast)
    reached = found.reaches(ROPE, rope=ROPE) and not found.limits
    if reached and found.p_value < threshold:
        return _CONFIRMED, contrast.estimate
    stop = decide_stop(contrast, last_seeds=USUAL_PLAN[-1], design=design, rope=ROPE)
    return stop, contrast.estimate
