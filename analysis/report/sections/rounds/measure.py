"""How the metric of a round is said and written on a page about several."""

from collections.abc import Callable
from math import isfinite

from analysis.report.yardstick import Yardstick
from analysis.rounds.review import RoundsReview
from analysis.rounds.round import Round
from trial_sets.task import Metric
from trial_sets.wording import tame_text

_LONGEST = 200


def measure_round(one: Round) -> Yardstick:
    """Return a round's yardstick: its study's metric and ROPE, or what its results say."""
    study = one.study
    scores = [entrant.mean for entrant in one.entrants]
    if study is not None:
        return Yardstick.of(study.metric, study.rope, scores)
    name = " ".join(tame_text(one.frame.metric).split()).removeprefix("val_")[:_LONGEST] or "metric"
    return Yardstick.of(Metric(name=name, direction=one.frame.direction), None, scores)


def choose_writers(review: RoundsReview) -> Callable[[int], Yardstick]:
    """Return a function that gives the yardstick of a round by its number."""
    known = {one.number: measure_round(one) for one in review.rounds}
    return known.__getitem__


def write_ends(
    yardstick: Yardstick, estimate: float | None, low: float | None, high: float | None
) -> str:
    """Write a gain with its interval, as far as both are known."""
    if estimate is None:
        return "-"
    said = yardstick.write_gain(estimate)
    if low is None or high is None or not (isfinite(low) and isfinite(high)):
        return said
    return f"{said} [{yardstick.write_gain(low)}, {yardstick.write_gain(high)}]"
