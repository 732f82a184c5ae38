"""The test that a claim's form asks for, on the estimates of its trials."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product

import numpy as np

from analysis.statistics.comparisons.challenge import challenge_control, infer_any
from analysis.statistics.comparisons.contrast import Contrast, contrast_weighted
from analysis.statistics.comparisons.inference import (
    Inference,
    infer_difference,
    infer_equivalence,
    infer_every,
    infer_rise,
)
from analysis.statistics.metrics.metric import MetricEstimate, estimate_scalars
from analysis.statistics.variances.seed_pool import SeedPool, pool_seeds
from analysis.verdicts.margins import bound_of, margin_of
from analysis.verdicts.verdict import ROWS_LEFT_OUT, ClaimTest
from trial_sets.claim import ClaimForm
from trial_sets.claims.binding import BoundClaim

_SEED = 20_260_128  # of the draws: the same report every time


def infer_claim(
    bound: BoundClaim,
    fits: MetricEstimate,
    *,
    rope: float,
    horizon_rows: int | None,
    pool: SeedPool | None = None,
    is_every: bool = False,
) -> Inference:
    """Return the test of a claim; a claim with a margin is tested against it, not against zero.

    Parameters
    ----------
    fits : MetricEstimate
        Of the claim's trials in the order of `BoundClaim.trials`, with S seeds each, ``values``
        (K, S); more is better.
    rope : float
        Half-width of the region of practical equivalence, in units of the estimate.
    horizon_rows : int or None
        Rows that a label looks ahead; None for rows without order.
    pool : SeedPool or None
        Of the whole run; None: of the claim's own trials.
    is_every : bool
        Take a claim about means for one about every trial.
    """
    claim, n_trials = bound.claim, len(bound.trials)
    claiming = range(len(bound.claiming))
    references = range(len(claiming), n_trials)
    margin = margin_of(claim)
    pool = pool_seeds(fits, horizon_rows=horizon_rows) if pool is None else pool

    def compare(ones: Sequence[int], others: Sequence[int]) -> Contrast:
        weights = np.zeros(n_trials)
        weights[list(ones)] += 1 / len(ones)
        weights[list(others)] -= 1 / len(others)
        return contrast_weighted(fits, weights, horizon_rows=horizon_rows, pool=pool)

    match claim.form:
        case ClaimForm.BEATS if is_every or claim.sides == "every":
            every = [compare([a], [b]) for a, b in product(claiming, references)]
            return infer_every(every, margin=margin)
        case ClaimForm.BEATS:
            return infer_difference(compare(claiming, references), margin=margin)
        case ClaimForm.EQUAL:
            pairs = [compare([a], [b]) for a, b in combinations(claiming, 2)]
            return infer_equivalence(pairs, bound_of(claim))
        case ClaimForm.ANY:
            control = fits.select(n_trials - 1)
            least = max(rope, margin) - margin
            challenge = challenge_control(
                fits.select(list(claiming)),
                replace(control, values=control.values + margin),
                horizon_rows=horizon_rows,
                rope=least,
                rng=np.random.default_rng(_SEED),
                pool=pool,
            )
            return _put_back(infer_any(challenge, rope=least), margin)
        case ClaimForm.RISES | ClaimForm.FALLS:
            places = np.array(_list_places(bound))
            places = places if claim.form is ClaimForm.RISES else -places
            return infer_rise(fits, places, margin=margin, horizon_rows=horizon_rows, pool=pool)


def weigh_seeds(
    bound: BoundClaim,
    results: Mapping[str, Mapping[int, float]],
    seeds: Sequence[int],
    *,
    rope: float,
    is_every: bool = False,
) -> ClaimTest:
    """Return the test of a claim on what fits recorded: over seeds alone, and said to be so.

    Parameters
    ----------
    results
        By configuration's key and seed, in units of the estimate (see `margins`).
    seeds
        That every trial of the claim has a result with.
    rope
        Of the study's metric; any other metric has the claim's own margin.
    is_every
        As in `infer_claim`.
    """
    against = margin_of(bound.claim)
    least = rope if bound.claim.is_of_study_metric else against
    fits = estimate_scalars(
        [[results[trial.configuration.key][seed] for seed in seeds] for trial in bound.trials]
    )
    return ClaimTest(
        inference=infer_claim(bound, fits, rope=least, horizon_rows=None, is_every=is_every),
        rope=least,
        n_seeds=len(seeds),
        against=against,
        limits=(ROWS_LEFT_OUT,),
    )


def _put_back(found: Inference, margin: float) -> Inference:
    """Return a test against a control that was raised by a margin, as one of the control itself."""
    return replace(
        found,
        estimate=found.estimate + margin,
        low=found.low + margin,
        high=found.high + margin,
        upper_for_refutation=found.upper_for_refutation + margin,
    )


def _list_places(bound: BoundClaim) -> Sequence[float]:
    """Return the hyperparameter's values, with infinity for a limit that is none."""
    values = [
        trial.configuration.settings[bound.claim.hyperparameter or ""] for trial in bound.claiming
    ]
    return [math.inf if value is None else float(value) for value in values]
