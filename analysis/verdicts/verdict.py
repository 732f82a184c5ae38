"""Verdicts on the claims of a study."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.numbers import format_difference, format_p
from analysis.statistics.comparisons.inference import Inference
from analysis.statistics.comparisons.multiplicity import ALPHA, adjust_holm
from analysis.statistics.planning.power import find_detectable_difference
from analysis.verdicts.dating import Dating
from analysis.verdicts.threshold import Threshold, find_threshold
from trial_sets.records.claim_stops import describe_stop

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
    can_be_run : bool
        Whether a command would complete it.
    """

    reasons: tuple[str, ...]
    can_be_run: bool = False


@dataclass(frozen=True, slots=True)
class ClaimTest:
    """The test of one claim, and what its verdict needs beside it.

    Attributes
    ----------
    inference : Inference
    rope : float
        Half-width of the region of practical equivalence, in units of the estimate.
    n_seeds : int
        S.
    against : float
        Difference that p is for: the claim's own margin, zero without one.
    selected : Inference or None
        Of a cross-fitted test: the same with each fit's epoch as selected on all rows.
    last_epoch : Inference or None
        The same test with the scores of the last epoch.
    needs_last_epoch : bool
        Whether the epoch was chosen on the rows that the claim is judged on, so that the last
        epoch has to agree.
    limits : tuple of str
        Why the claim is inconclusive at most, beside the limits of the test itself.
    """

    inference: Inference
    rope: float
    n_seeds: int
    against: float = 0.0
    selected: Inference | None = None
    last_epoch: Inference | None = None
    needs_last_epoch: bool = False
    limits: tuple[str, ...] = ()

    @property
    def margin(self) -> float:
        """Smallest difference that counts: the ROPE, or the claim's own margin if that is more."""
        return max(self.rope, self.against)

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
    is_planned : bool
        Whether the threshold is that of the declared plan of looks.
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
    is_planned: bool
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
    confirmed for another reason, counts with p = 1. What a claim that was not fixed would have come
    to is told as if all of them had been.

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
        In the order given. A claim that was stopped keeps the adjusted p and the threshold of the
        look at which it was: what its family has come to since takes nothing from it.
    """
    p_values = [
        1.0 if isinstance(one, Missing) or one.all_limits else one.inference.p_value
        for one in claims
    ]
    p_fixed = [p if one.is_fixed else 1.0 for p, one in zip(p_values, datings, strict=True)]
    as_fixed, as_if = (adjust_holm([*ps, *[1.0] * n_withdrawn]) for ps in (p_fixed, p_values))
    p_holm = [
        float(as_fixed[at] if dating.is_fixed else as_if[at]) for at, dating in enumerate(datings)
    ]
    return tuple(
        _hold(one, dating)
        if isinstance(one, Missing)
        else _judge(one, dating, number, p, alpha, power)
        for one, dating, number, p in zip(claims, datings, look_numbers, p_holm, strict=True)
    )


def _hold(missing: Missing, dating: Dating) -> Judgement:
    reasons = (*missing.reasons, *dating.reasons)
    return Judgement(Verdict.PENDING, Verdict.PENDING, None, None, None, 0.0, False, None, reasons)


def _judge(
    test: ClaimTest,
    dating: Dating,
    look_number: int,
    p_value: float,
    alpha: float,
    power: float,
) -> Judgement:
    found = test.inference
    held = find_threshold(
        dating,
        p_alone=found.p_value,
        p_holm=p_value,
        n_seeds=test.n_seeds,
        look_number=look_number,
        alpha=alpha,
    )
    blocks = () if found.is_identical else tuple(_list_blocks(test, held, alpha))
    identical = (_IDENTICAL,) if found.is_identical else ()
    verdict, refutation = Verdict.INCONCLUSIVE, None
    if test.all_limits:
        reasons = (*test.all_limits, *identical)
    elif found.refutes(test.margin, rope=test.rope):
        verdict, refutation = Verdict.REFUTED, _classify_refutation(test)
        reasons = identical
    elif blocks:
        reasons = blocks
    else:
        verdict, reasons = Verdict.CONFIRMED, ()
    detectable = None
    if found.standard_error > 0 and found.bound is None:
        detectable = find_detectable_difference(
            found.standard_error,
            found.df,
            rope=test.margin,
            against=test.against,
            alpha=alpha,
            power=power,
        )
    return Judgement(
        verdict=_VERDICTS.get(dating.status, verdict),
        otherwise=verdict,
        refutation=refutation,
        inference=found,
        p_holm=None if test.all_limits else held.p_value,
        threshold=held.level,
        is_planned=held.is_planned,
        detectable=detectable,
        reasons=(*dating.reasons, *_recall_stop(dating, verdict), *reasons),
    )


def _recall_stop(dating: Dating, verdict: Verdict) -> Iterator[str]:
    """Say that a claim was stopped while it was open, or as what its results bear out no more."""
    stop = dating.stop
    if stop is None or stop.verdict == verdict.value:
        return
    if verdict is Verdict.INCONCLUSIVE and stop.verdict in {"futile", "undecided"}:
        yield describe_stop(stop)
    else:
        yield f"{describe_stop(stop)}, which its results do not bear out now"


_IDENTICAL = "identical: no row and no seed tells the two sides apart"
_VERDICTS: dict[str, Verdict] = {"post hoc": Verdict.POST_HOC, "undated": Verdict.UNDATED}


def _classify_refutation(test: ClaimTest) -> Refutation | None:
    """Say how a claim of a difference is refuted; there is no word for one of equality."""
    found = test.inference
    if found.bound is not None:
        return None
    if found.is_identical or (found.low > -test.rope and found.high < test.rope):
        return Refutation.EQUIVALENT
    return Refutation.REVERSED if found.high < 0 else None


def _list_blocks(test: ClaimTest, held: Threshold, alpha: float) -> Iterator[str]:
    """Yield why a claim that may be confirmed is not."""
    found = test.inference
    does_reach = found.reaches(test.margin, rope=test.rope)
    if not does_reach:
        yield _describe_shortfall(test)
    if held.p_value >= held.level:
        alone = found.p_value < alpha
        yield _NOT_ADJUSTED if alone else _describe_test(test)
    elif does_reach and test.needs_last_epoch:
        yield from _list_doubts_of_epoch(test, alpha)


def _list_doubts_of_epoch(test: ClaimTest, alpha: float) -> Iterator[str]:
    """Yield why the choice of the epoch may explain a difference."""
    last = test.last_epoch
    if last is None:
        yield f"the last epoch's scores are missing, {_BY_EPOCH}"
    elif not (last.reaches(test.margin, rope=test.rope) and last.p_value < alpha):
        shown = _write_difference(last.estimate, test.rope)
        yield f"the last epoch shows {shown} ({format_p(last.p_value)}), {_BY_EPOCH}"


def _write_difference(value: float, rope: float) -> str:
    """Write a difference with four decimals, or where these are too few for the ROPE otherwise."""
    return f"{value:+.4f}" if rope >= _COARSE else format_difference(value, is_signed=True)


_COARSE = 5e-4  # a ROPE of which four decimals tell enough


_BY_EPOCH = "so that the choice of the epoch may explain it"
_NOT_ADJUSTED = "distinct alone, but not after Holm and the looks at it"


def _describe_test(test: ClaimTest) -> str:
    """Say what could not be ruled out."""
    if test.inference.bound is not None:
        return "not shown to lie within the bound"
    return (
        "not distinct from the claim's margin"
        if test.against
        else "not distinct from no difference"
    )


def _describe_shortfall(test: ClaimTest) -> str:
    found = test.inference
    if found.bound is not None:
        return "the difference reaches the bound"
    if found.estimate >= test.margin:
        return "one step goes the other way by more than the ROPE"
    if test.margin == test.against:
        return "the estimate is below the claim's margin"
    return f"the estimate is below the ROPE of {test.rope:g}"
