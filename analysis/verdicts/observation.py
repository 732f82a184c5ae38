"""The plain reading of a claim: what the means say, noise or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from analysis.verdicts.margins import bound_of, margin_of
from trial_sets.claim import ClaimForm
from trial_sets.claims.binding import BoundClaim


@dataclass(frozen=True, slots=True)
class Observation:
    """What the means of the trials say.

    Attributes
    ----------
    difference : float
        What the claim is about, in units of the estimate: the smallest difference
        of two sides, that of their means, the highest over a reference, the largest distance of
        what is to be equal, or the change from the first value to the last.
    is_yes : bool
        Whether the outcome was observed.
    n_seeds : int
        That every trial of the claim has a result with; the means are over these alone.
    """

    difference: float
    is_yes: bool
    n_seeds: int


def observe(bound: BoundClaim, results: Mapping[str, Mapping[int, float]]) -> Observation | None:
    """Compare the means over the seeds that every trial of a claim has.

    Parameters
    ----------
    results
        By configuration's key and seed: the metric in units of the estimate (see `margins`).

    Returns
    -------
    Observation or None
        None where no seed has a result in every trial.
    """
    found = [results.get(trial.configuration.key, {}) for trial in bound.trials]
    seeds = sorted(set[int].intersection(*(set(one) for one in found)))
    if not seeds:
        return None
    means = [float(np.mean([one[seed] for seed in seeds])) for one in found]
    n = len(bound.claiming)
    difference = _compare(bound, means[:n], means[n:])
    if bound.claim.form is ClaimForm.EQUAL:
        is_yes = abs(difference) <= bound_of(bound.claim)
    else:
        margin = margin_of(bound.claim)
        is_yes = difference > 0 and difference >= margin
    return Observation(difference, is_yes, len(seeds))


def _compare(bound: BoundClaim, claiming: Sequence[float], references: Sequence[float]) -> float:
    match bound.claim.form:
        case ClaimForm.BEATS if bound.claim.sides == "mean":
            return float(np.mean(claiming) - np.mean(references))
        case ClaimForm.BEATS:
            return min(a - b for a, b in product(claiming, references))
        case ClaimForm.ANY:
            return max(claiming) - references[0]
        case ClaimForm.EQUAL:
            return max((a - b for a, b in combinations(claiming, 2)), key=abs)
        case ClaimForm.RISES:
            return claiming[-1] - claiming[0]
        case ClaimForm.FALLS:
            return claiming[0] - claiming[-1]
