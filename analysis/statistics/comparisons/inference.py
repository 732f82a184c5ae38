"""What a claim rests on in the end, in one form whatever kind of claim it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

from analysis.statistics.comparisons.contrast import LEVEL, Contrast, contrast_weighted
from analysis.statistics.metrics.metric import MetricEstimate, check_estimates
from analysis.statistics.variances.seed_pool import SeedPool, pool_seeds


@dataclass(frozen=True, slots=True)
class Inference:
    """The test of one claim.

    Attributes
    ----------
    estimate : float
        What is held against the ROPE; more is better.
    low, high : float
        Interval to print.
    p_value : float
        Two-sided where the claim has a direction.
    upper_for_refutation : float
        The claim is refuted where this lies below the ROPE; `high` for a single contrast.
    standard_error, df : float
        Of the contrast that the estimate is.
    limits : tuple of str
        Why the claim is inconclusive at most.
    contrasts : tuple of Contrast
        What it is made of: the one contrast, that against each reference, or the trend.
    steps : tuple of Contrast
        Of a claim that the metric rises: from each value to the next.
    step_uppers : tuple of float
        Their upper ends, adjusted for the number of steps.
    bound : float or None
        Of a claim of equivalence: what the difference has to stay within.
    """

    estimate: float
    low: float
    high: float
    p_value: float
    upper_for_refutation: float
    standard_error: float
    df: float
    limits: tuple[str, ...]
    contrasts: tuple[Contrast, ...] = ()
    steps: tuple[Contrast, ...] = ()
    step_uppers: tuple[float, ...] = ()
    bound: float | None = None

    @property
    def is_identical(self) -> bool:
        """Whether both sides are copies of each other."""
        return self.standard_error == 0 and self.low == self.high == 0

    def reaches(self, margin: float, *, rope: float) -> bool:
        """Return whether the estimate is one that a confirmation needs.

        At least the margin; for equivalence within the bound; and no step below minus the ROPE.

        Parameters
        ----------
        margin : float
            Smallest estimate that counts, the ROPE or more.
        rope : float
            By which a step may fall.
        """
        if self.bound is not None:
            return abs(self.estimate) < self.bound
        return self.estimate >= margin and all(step.estimate >= -rope for step in self.steps)

    def refutes(self, margin: float, *, rope: float) -> bool:
        """Return whether the interval rules the claim out.

        It ends below the margin; for equivalence it lies outside the bound; or a step's, adjusted
        for their number, ends below minus the ROPE.

        Parameters
        ----------
        margin, rope : float
            As in `reaches`.
        """
        if self.bound is not None:
            return self.low > self.bound or self.high < -self.bound
        is_below = self.is_identical or self.upper_for_refutation < margin
        return is_below or any(upper < -rope for upper in self.step_uppers)


def find_deciding(found: Inference) -> Contrast | None:
    """Return the contrast of a test that its estimate is: of several, the nearest to it."""
    return min(
        found.contrasts, key=lambda one: abs(abs(one.estimate) - abs(found.estimate)), default=None
    )


def infer_difference(contrast: Contrast, *, margin: float = 0.0) -> Inference:
    """Return the test of a claim that is one contrast; p is for a difference of the margin."""
    return Inference(
        estimate=contrast.estimate,
        low=contrast.low,
        high=contrast.high,
        p_value=contrast.find_p_value(margin),
        upper_for_refutation=contrast.high,
        standard_error=contrast.standard_error,
        df=contrast.df,
        limits=contrast.limits,
        contrasts=(contrast,),
    )


def infer_every(
    contrasts: Sequence[Contrast], *, margin: float = 0.0, level: float = LEVEL
) -> Inference:
    """Return the test of "beats every one of the references".

    The intersection-union test (Berger 1982, Technometrics 24, 295-300): the largest p is that of
    the claim, unadjusted, since the claim is false as soon as one of its parts is. The estimate
    is the smallest difference, the interval reaches from the smallest lower to the smallest upper
    end. One reference that is not beaten refutes the claim; as it may be any of them, the upper
    ends for that are adjusted over the references (Holm's first step).

    Parameters
    ----------
    contrasts : sequence of Contrast
        Against each reference.
    margin : float
        Difference that the tests are against.
    level : float
        Coverage behind `Inference.upper_for_refutation`.

    Raises
    ------
    ValueError
        If there is no contrast.
    """
    if not contrasts:
        raise ValueError("contrasts: got none, expected one for each reference")
    adjusted = 1 - (1 - level) / len(contrasts)
    smallest = min(contrasts, key=lambda one: one.estimate)
    return Inference(
        estimate=smallest.estimate,
        low=min(one.low for one in contrasts),
        high=min(one.high for one in contrasts),
        p_value=max(one.find_p_value(margin) for one in contrasts),
        upper_for_refutation=min(one.find_interval(adjusted)[1] for one in contrasts),
        standard_error=smallest.standard_error,
        df=smallest.df,
        limits=_join_limits(contrasts),
        contrasts=tuple(contrasts),
    )


def infer_equivalence(contrasts: Sequence[Contrast], bound: float) -> Inference:
    """Return the test of "equal within a bound", of one difference or of each of several.

    Two one-sided tests (Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15,
    657-680) at half the level each, ``p = min(1, 2 max(P(T > (d + bound)/SE), P(T < (d -
    bound)/SE)))``: below 0.05 where the printed 95 % interval lies within the bound. Of several
    differences the largest p counts (intersection-union), and the interval spans all of theirs.

    Parameters
    ----------
    contrasts : sequence of Contrast
    bound : float
        In units of the metric.

    Raises
    ------
    ValueError
        If the bound is not positive, or there is no contrast.
    """
    if not bound > 0:
        raise ValueError(f"bound: got {bound}, expected a positive number")
    if not contrasts:
        raise ValueError("contrasts: got none, expected one for each difference")
    p_values = [_test_equivalence(contrast, bound) for contrast in contrasts]
    widest = max(contrasts, key=lambda one: abs(one.estimate))
    return Inference(
        estimate=widest.estimate,
        low=min(one.low for one in contrasts),
        high=max(one.high for one in contrasts),
        p_value=max(p_values),
        upper_for_refutation=max(one.high for one in contrasts),
        standard_error=widest.standard_error,
        df=widest.df,
        limits=_join_limits(contrasts),
        contrasts=tuple(contrasts),
        bound=bound,
    )


def _test_equivalence(contrast: Contrast, bound: float) -> float:
    if contrast.standard_error == 0:
        return 0.0 if contrast.is_identical else 1.0
    distance = (bound - abs(contrast.estimate)) / contrast.standard_error
    return min(1.0, 2 * float(student.sf(distance, contrast.df)))


def infer_rise(
    fits: MetricEstimate,
    values: ArrayLike,
    *,
    horizon_rows: int | None,
    margin: float = 0.0,
    pool: SeedPool | None = None,
    level: float = LEVEL,
) -> Inference:
    """Return the test of "rises with a hyperparameter"; for "falls", give the values' negatives.

    The ordered contrast is linear in the rank of the value, scaled so that it estimates the
    fitted rise from the first value to the last: ``w_k = (M - 1)(r_k - mean r) / sum (r - mean
    r)^2`` with the ranks r = 0..M-1 of M values; trials with one value share its rank. It has
    power against every rise and is positive for many a hump too, so that no step from one value
    to the next may lie below minus the ROPE (`Inference.reaches`).

    Parameters
    ----------
    fits : MetricEstimate
        Of K trials with S seeds, ``values`` (K, S).
    values : array_like, shape (K,)
        The hyperparameter in each trial.
    margin : float
        Rise that the test is against.
    horizon_rows, pool, level
        As in `contrast_weighted`.

    Raises
    ------
    ValueError
        If the shapes do not fit, or there are fewer than two values.
    """
    fits = check_estimates(fits, "fits")
    array = np.asarray(values, dtype=np.float64)
    if array.shape != fits.values.shape[:1] or np.unique(array).size < 2:
        raise ValueError(
            f"values: got {array.tolist()}, expected {len(fits.values)}, two of them distinct"
        )
    ranks = np.unique(array, return_inverse=True)[1]
    n_steps = int(ranks.max())
    pool = pool_seeds(fits, horizon_rows=horizon_rows) if pool is None else pool
    centred = ranks - ranks.mean()
    rise = n_steps * centred / np.square(centred).sum()
    adjacent = [
        (ranks == step + 1) / (ranks == step + 1).sum() - (ranks == step) / (ranks == step).sum()
        for step in range(n_steps)
    ]
    trend, *steps = (
        contrast_weighted(fits, weights, horizon_rows=horizon_rows, pool=pool, level=level)
        for weights in (rise, *adjacent)
    )
    adjusted = 1 - (1 - level) / n_steps
    return replace(
        infer_difference(trend, margin=margin),
        steps=tuple(steps),
        step_uppers=tuple(step.find_interval(adjusted)[1] for step in steps),
    )


def _join_limits(contrasts: Iterable[Contrast]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(limit for one in contrasts for limit in one.limits))
