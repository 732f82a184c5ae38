"""Verdicts on the claims of a study."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.numbers import format_p
from analysis.statistics.inference import Inference
from analysis.statistics.looks import adjust_for_looks, list_thresholds
from analysis.statistics.multiplicity import ALPHA, adjust_holm
from analysis.statistics.power import find_detectable_difference
from analysis.verdicts.dating import Dating

ROWS_LEFT_OUT = "rows not accounted for: the interval is that of the seeds alone"


class Verdict(StrEnum):
    """What the data say about a claim."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"
    POST_HOC = "post hoc"
    UNDATED = "undated"
    PENDING = "pending"


class Refutation(StrEnum):
    """How a claim is refuted."""

    EQUIVALENT = "equivalent"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Missing:
    """A claim that cannot be tested.

    Attributes
    ----------
    reasons : tuple of str
        What is missing, such as "A3 seed 2 failed".
    """

    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimTest:
    """The test of one claim, and what its verdict needs beside it.

    Attributes
    ----------
    inference : Inference
    margin : float
        Smallest difference that counts: the ROPE, or the claim's own margin where that is larger.
    rope : float
        Half-width of the region of practical equivalence, in units of the estimate.
    n_seeds : int
        S.
    last_epoch : Inference or None
        The same test with the scores of the last epoch.
    needs_last_epoch : bool
        Whether the epoch was chosen on the rows that the claim is judged on, so that the last
        epoch has to agree.
    limits : tuple of str
        Why the claim is inconclusive at most, beside the limits of the test itself.
    """

    inference: Inference
    margin: float
    rope: float
    n_seeds: int
    last_epoch: Inference | None = None
    needs_last_epoch: bool = False
    limits: tuple[str, ...] = ()

    @property
    def all_limits(self) -> tuple[str, ...]:
        """Everything that keeps the claim from more than inconclusive."""
        return self.inference.limits + self.limits


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one claim, and why.

    Attributes
    ----------
    verdict : Verdict
    otherwise : Verdict
        What the verdict would be of a claim that was fixed beforehand; the same for one that was.
    refutation : Refutation or None
        Set where it applies to a refuted claim.
    inference : Inference or None
        None while pending.
    p_holm : float or None
        Adjusted over the family and for earlier looks; None where the verdict could not have been
        "confirmed".
    threshold : float
        That `p_holm` has to stay below.
    detectable : float or None
        Smallest difference that would have been detected; None without an error.
    reasons : tuple of str
        Short texts; empty for a plain confirmation.
    """

    verdict: Verdict
    otherwise: Verdict
    refutation: Refutation | None
    inference: Inference | None
    p_holm: float | None
    threshold: float
    detectable: float | None
    reasons: tuple[str, ...]


def judge_claims(
    claims: Sequence[ClaimTest | Missing],
    datings: Sequence[Dating],
    look_numbers: Sequence[int],
    *,
    n_withdrawn: int = 0,
    alpha: float = ALPHA,
    power: float = 0.8,
) -> tuple[Judgement, ...]:
    """Return the verdict on each claim that a study declares.

    Confirmed: fixed before its trials were scored, p below the threshold after Holm and for the
    earlier looks at it, an estimate of at least the margin, and the last epoch's estimate too with
    a p of its own below alpha. Refuted: the interval ends below the margin; equivalent inside
    +-ROPE, reversed if wholly below zero; not adjusted for the family. Inconclusive otherwise, and
    wherever the test's own limits forbid more. A claim that was not fixed beforehand is "post
    hoc", one whose dating cannot be trusted "undated", with the same figures.

    Holm's family (Holm 1979) is every claim given and every one that was withdrawn, so its size
    is fixed by the study and not by what happened to finish: one that is pending, or cannot be
    confirmed for another reason, counts with p = 1.

    Parameters
    ----------
    claims : sequence of ClaimTest or Missing
        All that the study declares, in its order.
    datings : sequence of Dating
        When each was fixed.
    look_numbers : sequence of int
        Which look at it this is, from 1.
    n_withdrawn : int
        Claims that were fixed, and that the study no longer declares.
    alpha : float
        Level of the tests, for the whole family.
    power : float
        Probability of detection behind `Judgement.detectable`, for a contrast tested alone.

    Returns
    -------
    tuple of Judgement
        In the order given.
    """
    p_values = [_get_family_p_value(*pair) for pair in zip(claims, datings, strict=True)]
    adjusted = adjust_holm([*p_values, *[1.0] * n_withdrawn])[: len(p_values)]
    return tuple(
        _hold(one, dating)
        if isinstance(one, Missing)
        else _judge(one, dating, number, float(p_holm), alpha, power)
        for one, dating, number, p_holm in zip(claims, datings, look_numbers, adjusted, strict=True)
    )


def _get_family_p_value(claim: ClaimTest | Missing, dating: Dating) -> float:
    if isinstance(claim, Missing) or claim.all_limits or not dating.is_fixed:
        return 1.0
    return claim.inference.p_value


def _hold(missing: Missing, dating: Dating) -> Judgement:
    reasons = (*missing.reasons, *dating.reasons)
    return Judgement(Verdict.PENDING, Verdict.PENDING, None, None, None, 0.0, None, reasons)


def _judge(
    test: ClaimTest,
    dating: Dating,
    look_number: int,
    p_family: float,
    alpha: float,
    power: float,
) -> Judgement:
    found = test.inference
    p_value = p_family if dating.is_fixed else found.p_value
    threshold = _find_threshold(dating, test.n_seeds)
    if threshold is None:
        p_value, threshold = adjust_for_looks(p_value, look_number), alpha
    blocks = () if found.is_identical else tuple(_list_blocks(test, p_value, threshold, alpha))
    identical = (_IDENTICAL,) if found.is_identical else ()
    verdict, refutation = Verdict.INCONCLUSIVE, None
    if test.all_limits:
        reasons = (*test.all_limits, *identical)
    elif found.refutes(test.margin):
        verdict, refutation = Verdict.REFUTED, _classify_refutation(test)
        reasons = identical
    elif blocks:
        reasons = blocks
    else:
        verdict, reasons = Verdict.CONFIRMED, ()
    detectable = None
    if found.standard_error > 0:
        detectable = find_detectable_difference(
            found.standard_error, found.df, rope=test.margin, alpha=alpha, power=power
        )
    return Judgement(
        verdict=_VERDICTS.get(dating.status, verdict),
        otherwise=verdict,
        refutation=refutation,
        inference=found,
        p_holm=None if test.all_limits else p_value,
        threshold=threshold,
        detectable=detectable,
        reasons=(*dating.reasons, *reasons),
    )


_IDENTICAL = "identical: both sides rank every pair of rows alike"
_VERDICTS: dict[str, Verdict] = {"post hoc": Verdict.POST_HOC, "undated": Verdict.UNDATED}


def _find_threshold(dating: Dating, n_seeds: int) -> float | None:
    """Return what p has to stay below by the declared plan; None where the looks left it."""
    plan = dating.plan
    if plan is None or not {n_seeds, *(len(look.seeds) for look in dating.looks)} <= set(plan):
        return None
    return list_thresholds(plan)[plan.index(n_seeds)]


def _classify_refutation(test: ClaimTest) -> Refutation | None:
    """Say how a claim of a difference is refuted; there is no word for one of equality."""
    found = test.inference
    if found.bound is not None:
        return None
    if found.is_identical or (found.low > -test.rope and found.high < test.rope):
        return Refutation.EQUIVALENT
    return Refutation.REVERSED if found.high < 0 else None


def _list_blocks(test: ClaimTest, p_value: float, threshold: float, alpha: float) -> Iterator[str]:
    """Yield why a claim that may be confirmed is not."""
    found = test.inference
    if not found.reaches(test.margin):
        yield _describe_shortfall(test)
    if p_value >= threshold:
        alone = found.p_value < alpha
        yield "distinct alone, but not after Holm and the looks at it" if alone else _NOT_DISTINCT
    elif found.reaches(test.margin) and test.needs_last_epoch:
        yield from _list_doubts_of_epoch(test, alpha)


def _list_doubts_of_epoch(test: ClaimTest, alpha: float) -> Iterator[str]:
    """Yield why the choice of the epoch may explain a difference."""
    last = test.last_epoch
    if last is None:
        yield f"the last epoch's scores are missing, {_BY_EPOCH}"
    elif not (last.reaches(test.margin) and last.p_value < alpha):
        yield f"the last epoch shows {last.estimate:+.4f} ({format_p(last.p_value)}), {_BY_EPOCH}"


_BY_EPOCH = "so that the choice of the epoch may explain it"
_NOT_DISTINCT = "not distinct from no difference"


def _describe_shortfall(test: ClaimTest) -> str:
    found = test.inference
    if found.bound is not None:
        return f"the difference reaches the bound of {found.bound:g}"
    if found.estimate >= test.margin:
        steps = min(step.estimate for step in found.steps)
        return f"one step falls by {-steps:.4f}, more than the ROPE"
    what = "ROPE" if test.margin == test.rope else "margin"
    return f"the estimate is below the {what} of {test.margin:g}"
