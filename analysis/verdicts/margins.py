"""A claim's margins in units of its estimate: differences of the metric, or logarithms of ratios.

More is better throughout: of a metric of which less is better the sign is turned.
"""

import math

from trial_sets.claim import Claim
from trial_sets.claims.binding import BoundClaim


def scale_value(bound: BoundClaim, value: float) -> float:
    """Return a recorded value in units of the estimate; NaN where it has no logarithm."""
    if bound.claim.ratio:
        value = math.log(value) if value > 0 else math.nan
    return -value if bound.is_less_better else value


def margin_of(claim: Claim) -> float:
    """Return the difference that a claim names; zero for none."""
    share = claim.by or 0.0
    if claim.ratio and claim.is_less_better:
        return -math.log1p(-share)  # a tenth less is a ratio of 0.9
    return math.log1p(share) if claim.ratio else share


def bound_of(claim: Claim) -> float:
    """Return what the differences of a claim of equality stay within."""
    within = claim.within or 0.0
    return math.log1p(within) if claim.ratio else within
