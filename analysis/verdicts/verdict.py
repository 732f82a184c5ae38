"""Verdicts on the expectations of a study."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.statistics.contrast import Contrast
from analysis.statistics.multiplicity import ALPHA, adjust_holm
from analysis.statistics.power import find_detectable_difference


class Verdict(StrEnum):
    """What the data say about an expectation."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


class Refutation(StrEnum):
    """How an expectation is refuted."""

    EQUIVALENT = "equivalent"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Missing:
    """An expectation whose contrast cannot be computed.

    Attributes
    ----------
    reasons : tuple of str
        What is missing, such as "A3 seed 2 failed".
    """

    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one expectation, and why.

    Attributes
    ----------
    verdict : Verdict
    refutation : Refutation or None
        Set where it applies to a refuted expectation.
    contrast : Contrast or None
        None while pending.
    p_holm : float or None
        Holm-adjusted over the family; None where the verdict could not have been "confirmed".
    detectable : float or None
        Smallest difference that would have been detected, in AUC; None without an error.
    reasons : tuple of str
        Short texts; empty for a plain confirmation.
    """

    verdict: Verdict
    refutation: Refutation | None
    contrast: Contrast | None
    p_holm: float | None
    detectable: float | None
    reasons: tuple[str, ...]


def judge_expectations(
    expectations: Sequence[Contrast | Missing],
    *,
    rope: float,
    alpha: float = ALPHA,
    power: float = 0.8,
) -> tuple[Judgement, ...]:
    """Return the verdict on each expectation that a study declares.

    Confirmed: Holm-adjusted p below alpha and an estimate of at least the ROPE. Refuted: the
    interval ends below the ROPE; equivalent inside +-ROPE, otherwise reversed if wholly below
    zero. Inconclusive otherwise, and always where the contrast has limits.

    Holm's family (Holm 1979) is every expectation given, so its size is fixed by the study and
    not by what happened to finish: one that is pending, or cannot be confirmed for want of seeds
    or rows, counts with p = 1. It never makes another's test easier, and takes no part in it.

    Parameters
    ----------
    expectations : sequence of Contrast or Missing
        All that the study declares, in its order.
    rope : float
        Half-width of the region of practical equivalence, in AUC.
    alpha : float
        Level of the tests, for the whole family.
    power : float
        Probability of detection behind `Judgement.detectable`, for a contrast tested alone.

    Returns
    -------
    tuple of Judgement
        In the order given.

    Raises
    ------
    ValueError
        If the ROPE is negative.
    """
    if not rope >= 0:
        raise ValueError(f"rope: got {rope}, expected 0 or more")
    adjusted = adjust_holm([_get_family_p_value(one) for one in expectations])
    return tuple(
        Judgement(Verdict.PENDING, None, None, None, None, one.reasons)
        if isinstance(one, Missing)
        else _judge(one, float(p_holm), rope, alpha, power)
        for one, p_holm in zip(expectations, adjusted, strict=True)
    )


def _get_family_p_value(expectation: Contrast | Missing) -> float:
    if isinstance(expectation, Missing) or expectation.limits:
        return 1.0
    return expectation.p_value


def _judge(
    contrast: Contrast, p_family: float, rope: float, alpha: float, power: float
) -> Judgement:
    limits = contrast.limits
    p_holm = None if limits else p_family
    reasons = (*limits, *_explain(contrast, p_holm, rope, alpha))
    verdict, refutation = Verdict.INCONCLUSIVE, None
    if p_holm is not None and p_holm < alpha and contrast.estimate >= rope:
        verdict = Verdict.CONFIRMED
    elif p_holm is not None and (contrast.high < rope or contrast.is_identical):
        verdict, refutation = Verdict.REFUTED, _classify_refutation(contrast, rope)
    detectable = None
    if contrast.standard_error > 0:
        detectable = find_detectable_difference(
            contrast.standard_error, contrast.df, rope=rope, alpha=alpha, power=power
        )
    return Judgement(verdict, refutation, contrast, p_holm, detectable, reasons)


def _classify_refutation(contrast: Contrast, rope: float) -> Refutation | None:
    if contrast.low > -rope or contrast.is_identical:
        return Refutation.EQUIVALENT
    return Refutation.REVERSED if contrast.high < 0 else None


def _explain(
    contrast: Contrast, p_holm: float | None, rope: float, alpha: float
) -> tuple[str, ...]:
    if contrast.is_identical:
        return ("identical: both sides rank every pair of rows alike",)
    if p_holm is None or contrast.high < rope:
        return ()
    reasons = []
    if contrast.estimate < rope:
        reasons.append(f"the estimate is below the ROPE of {rope:g}")
    if p_holm >= alpha:
        alone = contrast.p_value < alpha
        reasons.append(
            "distinct from zero alone, but not after Holm" if alone else "not distinct from zero"
        )
    return tuple(reasons)
