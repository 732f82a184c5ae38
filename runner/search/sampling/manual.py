"""The manual protocol: one learning rate after another, each with its reason.

It begins with a rate that a range test suggests, or with the base's or the middle of the range;
where the training then oscillates the rate is halved, where it plateaus it is divided by three, and
where it converges the protocol ends. Five fits are the most. Everything else is the base's.

Of a fit's losses, which are the training losses of its epochs (or, where they are not known, what
its metric is short of the best that it has reached):

- it *oscillates* if, over its second half, the losses rise in at least two epochs of five, and the
  rises come to at least half of the falls, and to 1 % of the loss at the half: steps overshoot the
  valley and return;
- it *plateaus* if, over its second half, the loss falls by less than 1 % of what it was at the
  half, though it does not oscillate: the steps are too long to get deeper, or there is nothing left
  to learn, which the next fit will tell;
- it *converges* otherwise.

A fit that diverges oscillates. One of fewer than four epochs cannot be told apart, and ends the
protocol. The thresholds are conventions; what follows from each stands in the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

MOST_FITS = 5
LEAST_EPOCHS = 4
SHARE_OF_RISES = 0.4  # of the epochs, from which on a loss oscillates
RISES_TO_FALLS = 0.5  # likewise, in sum
LEAST_CHANGE = 0.01  # of the loss at the half: a smaller fall is a plateau, smaller rises noise

Course = Literal["oscillates", "plateaus", "converges", "unclear"]


@dataclass(frozen=True, slots=True)
class RateFit:
    """A fit of the protocol: its rate, and how its training went."""

    rate: float
    losses: tuple[float, ...]  # of the epochs; smaller is better
    diverged: bool = False


@dataclass(frozen=True, slots=True)
class RateStep:
    """The next rate, and why."""

    rate: float
    reason: str


def judge_course(losses: Sequence[float]) -> tuple[Course, str]:
    """Return how a training went, and the figures that show it.

    Parameters
    ----------
    losses
        Of its epochs, in order.
    """
    if len(losses) < LEAST_EPOCHS:
        return "unclear", f"{len(losses)} epochs are too few to tell"
    half = np.asarray(losses[len(losses) // 2 - 1 :], dtype=np.float64)
    steps = np.diff(half)
    rises, falls = float(steps[steps > 0].sum()), float(abs(steps[steps < 0]).sum())
    n_rises = int((steps > 0).sum())
    seen = f"over the last {len(steps)} epochs the loss rose in {n_rises}"
    is_large = rises > max(RISES_TO_FALLS * falls, LEAST_CHANGE * abs(float(half[0])))
    if n_rises >= SHARE_OF_RISES * len(steps) and is_large:
        return "oscillates", f"{seen}, by {rises:.3g} in sum, and fell by {falls:.3g}"
    fall = float(half[0] - half[-1])
    share = fall / abs(float(half[0])) if half[0] else 0.0
    figures = f"over the last {len(steps)} epochs the loss fell by {100 * share:.3g} %"
    return ("plateaus" if share < LEAST_CHANGE else "converges"), figures


def choose_rate(
    fits: Sequence[RateFit], start: RateStep, limits: tuple[float, float]
) -> RateStep | None:
    """Return the next rate of the protocol; None where it has ended.

    Parameters
    ----------
    fits
        Those that have ended, in order.
    start
        The first rate, and where it comes from.
    limits
        The least and the largest rate of the space; beyond them there is no further fit.
    """
    if not fits:
        return start
    last = fits[-1]
    course, figures = _judge(last)
    if len(fits) >= MOST_FITS or course in {"converges", "unclear"}:
        return None
    divisor, word = (2, "halved") if course == "oscillates" else (3, "divided by three")
    rate = last.rate / divisor
    if not limits[0] <= rate <= limits[1]:
        return None
    return RateStep(rate, f"at {last.rate:.3g} the training {course} ({figures}): the rate {word}")


def explain_end(fits: Sequence[RateFit]) -> str:
    """Say why the protocol ends after these fits, where `choose_rate` returns None."""
    last = fits[-1]
    course, figures = _judge(last)
    if course in {"converges", "unclear"}:
        word = "cannot be judged" if course == "unclear" else course
        return f"at {last.rate:.3g} the training {word} ({figures})"
    if len(fits) >= MOST_FITS:
        return f"{MOST_FITS} fits are the most"
    return f"at {last.rate:.3g} the training {course}, and the space has no lower rate to try"


def _judge(fit: RateFit) -> tuple[Course, str]:
    return ("oscillates", "it diverged") if fit.diverged else judge_course(fit.losses)
