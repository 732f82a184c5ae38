"""How likely a claim is to be confirmed, or refuted, by a batch that is planned."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm
from scipy.stats import t as student

from analysis.statistics.comparisons.contrast import LEVEL
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.planning.claim_shape import ClaimShape, ShapeKind
from analysis.statistics.planning.design import Design, ExpectedError, expect_error
from analysis.statistics.planning.variance_parts import VarianceParts

_Array = NDArray[np.float64]
USUAL_POWER = 0.8


@dataclass(frozen=True, slots=True)
class ClaimTarget:
    """A claim, and what counts as true and as false of it.

    Attributes
    ----------
    shape : ClaimShape
    rope : float
        Smallest difference that matters, in units of the metric.
    margin : float
        By which the claim says that something is better; its test is against that.
    bound : float or None
        Of a claim of equality: what the trials stay within.
    alpha : float
        Level that its p is held to; Holm's first step is ALPHA over the size of the family.
    difference : float or None
        True difference to be confirmed; None: the margin and two ROPEs.
    """

    shape: ClaimShape
    rope: float
    margin: float = 0.0
    bound: float | None = None
    alpha: float = ALPHA
    difference: float | None = None

    @property
    def truth(self) -> float:
        """The true difference that a plan ought to confirm."""
        return self.margin + 2 * self.rope if self.difference is None else self.difference


@dataclass(frozen=True, slots=True)
class ClaimPower:
    """What a plan can find about one claim.

    Attributes
    ----------
    confirms : float
        Probability of confirming it where it is true by `ClaimTarget.truth`; a claim of equality,
        where the trials are equal.
    refutes : float or None
        Probability of refuting it where the difference is zero; a claim that two trials are
        equal, where they lie two bounds apart. None for equality of more than two, which nothing
        but a difference of all of them could refute.
    detectable : float or None
        Smallest difference that is confirmed with probability 0.8; None for equality, and where
        nothing is.
    standard_error, df : float
        Of the contrast that the claim's estimate is.
    limits : tuple of str
        Why nothing can be confirmed or refuted, such as one seed: both are zero then.
    """

    confirms: float
    refutes: float | None
    detectable: float | None
    standard_error: float
    df: float
    limits: tuple[str, ...]

    def decides(self, power: float = USUAL_POWER) -> bool:
        """Return whether both probabilities reach the power."""
        return self.confirms >= power and (self.refutes is None or self.refutes >= power)


def predict_power(target: ClaimTarget, parts: VarianceParts, design: Design) -> ClaimPower:
    """Return what a design can find about a claim.

    A confirmation needs p below alpha and an estimate that reaches the ROPE (`Inference.reaches`),
    a refutation an interval that ends below it (`Inference.refutes`). Estimates are normal about
    the truth with the error of `expect_error`, and the error that the batch will estimate has
    chi-square's law on its degrees of freedom above its floor, the same for all parts of a claim.

    Parameters
    ----------
    target : ClaimTarget
    parts : VarianceParts
        Of earlier records on these data, or `REFERENCE_PARTS`.
    design : Design
    """
    expected, shape = expect_error(parts, design), target.shape
    errors = expected.list_errors(shape.squared_weights)
    error = float(np.sqrt(np.square(errors).mean()))
    if design.limits:
        refutes = None if shape.kind is ShapeKind.EQUAL and shape.claiming > 2 else 0.0
        return ClaimPower(0.0, refutes, None, error, expected.df, design.limits)
    if shape.kind is ShapeKind.EQUAL:
        same, apart = _predict_equality(target, expected)
        return ClaimPower(same, apart, None, error, expected.df, ())
    if shape.kind is ShapeKind.RISE:
        confirm, refutes = _predict_rise(target, expected)
    else:
        confirm, refutes = _predict_difference(target, expected)
    return ClaimPower(
        confirms=confirm(target.truth),
        refutes=refutes,
        detectable=_find_detectable(confirm, target, error),
        standard_error=error,
        df=expected.df,
        limits=(),
    )


def _predict_difference(
    target: ClaimTarget, expected: ExpectedError
) -> tuple[Callable[[float], float], float]:
    """Of claims that something beats something: of one truth, and of refuting zero."""
    shape, size = target.shape, expected.trial_error
    errors = expected.list_errors(shape.squared_weights)
    least = max(target.rope, target.margin)
    critical = _find_t(shape.find_critical(target.alpha), expected.df)
    needed = np.maximum(target.margin + critical * errors, least) / size

    def confirm(truth: float) -> float:
        return float(shape.exceeds(needed, truth / size).mean())

    reach = _find_t(shape.find_critical((1 - LEVEL) / shape.n_parts), expected.df)
    refutes = 1 - shape.exceeds((least - reach * errors) / size, 0.0).mean()
    return confirm, float(refutes)


def _predict_rise(
    target: ClaimTarget, expected: ExpectedError
) -> tuple[Callable[[float], float], float]:
    """Of a rise in equal steps; it is refuted by the trend or by one step."""
    shape, size = target.shape, expected.trial_error
    trends, steps = (size * noise for noise in shape.draw_rises())
    least = max(target.rope, target.margin)
    errors = expected.list_errors(shape.squared_weights)
    needed = target.margin + _find_t(norm.isf(target.alpha / 2), expected.df) * errors
    needed = np.maximum(needed, least)

    def confirm(truth: float) -> float:
        rises = (steps + truth / shape.n_parts >= -target.rope).all(axis=1)
        reached = np.sort(trends[rises] + truth)
        return float((reached.size - np.searchsorted(reached, needed)).mean() / trends.size)

    sizes = 1 / np.array(shape.trials_by_value)
    of_steps = np.sqrt(sizes[1:] + sizes[:-1])
    level = (1 - LEVEL) / shape.n_parts
    upper = _find_t(norm.isf(level / 2), expected.df) * expected.list_errors(1.0)
    own = _find_t(norm.isf((1 - LEVEL) / 2), expected.df) * errors
    is_below = trends[:, None] + own < least  # (B, U)
    for step, of_step in zip(steps.T, of_steps, strict=True):
        is_below |= step[:, None] + of_step * upper < -target.rope
    return confirm, float(is_below.mean())


def _predict_equality(target: ClaimTarget, expected: ExpectedError) -> tuple[float, float | None]:
    """Of equal trials, and of refuting that two are equal which lie two bounds apart."""
    if target.bound is None or target.bound <= 0:
        raise ValueError(f"bound: got {target.bound}, expected a positive number")
    errors, size = expected.list_errors(2.0), expected.trial_error
    critical = _find_t(norm.isf(target.alpha / 2), expected.df)
    same = target.shape.spans_less((target.bound - critical * errors) / size).mean()
    if target.shape.claiming > 2:
        return float(same), None
    reach = _find_t(norm.isf((1 - LEVEL) / 2), expected.df) * errors
    missing = target.bound + reach - 2 * target.bound
    return float(same), float(norm.sf(missing / (np.sqrt(2) * size)).mean())


def _find_detectable(
    confirm: Callable[[float], float], target: ClaimTarget, error: float
) -> float | None:
    """Return the smallest truth that is confirmed with the power; None where none is."""
    most = max(target.margin, target.rope) + 50 * error
    if confirm(most) < USUAL_POWER:
        return None
    return float(brentq(lambda truth: confirm(truth) - USUAL_POWER, target.margin, most, xtol=1e-6))


def _find_t(deviate: float, df: float) -> float:
    """Return the t with the tail of a normal deviate."""
    return float(student.isf(norm.sf(deviate), df))
