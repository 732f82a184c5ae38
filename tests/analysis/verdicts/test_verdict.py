"""Verdicts by the rules of the table."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from scipy import stats

from analysis.statistics.comparisons.contrast import Contrast
from analysis.statistics.comparisons.inference import Inference, infer_difference
from analysis.statistics.planning.power import find_detectable_difference
from analysis.verdicts.dating import Dating, Look
from analysis.verdicts.verdict import (
    ClaimTest,
    Judgement,
    Missing,
    Refutation,
    Verdict,
    judge_claims,
)

FIXED = Dating("fixed", "2026-01-28T12:00:00+00:00", ())


def make_contrast(
    estimate: float, error: float, *, df: float = 20.0, n_seeds: int = 3, n_rows: int = 425
) -> Contrast:
    ratio = estimate / error if error else 0.0
    reach = stats.t.ppf(0.975, df) * error
    return Contrast(
        estimate=estimate, standard_error=error, df=df, low=estimate - reach, high=estimate + reach,
        p_value=float(2 * stats.t.sf(abs(ratio), df)),
        variance_rows=error**2, variance_seeds=0.0, variance_interaction=0.0,
        row_df=min(12, n_rows // 10), seed_df=n_seeds + 3, seed_estimates=(estimate,) * n_seeds,
        n_rows=n_rows, n_seeds=n_seeds, n_trials=7, is_ordered=True, smallest_class=76,
    )  # fmt: skip


def make_test(
    contrast: Contrast, rope: float = 0.005, last: Contrast | None = None, margin: float = 0.0
) -> ClaimTest:
    return ClaimTest(
        inference=infer_difference(contrast, margin=margin),
        rope=rope,
        n_seeds=contrast.n_seeds,
        against=margin,
        last_epoch=infer_difference(contrast if last is None else last),
        needs_last_epoch=True,
    )


def judge(
    *claims: Contrast | ClaimTest | Missing,
    datings: Sequence[Dating] | None = None,
    look: int = 1,
    n_withdrawn: int = 0,
) -> tuple[Judgement, ...]:
    tests = [make_test(one) if isinstance(one, Contrast) else one for one in claims]
    return judge_claims(
        tests,
        [FIXED] * len(tests) if datings is None else datings,
        [look] * len(tests),
        n_withdrawn=n_withdrawn,
    )


@pytest.mark.parametrize(
    ("estimate", "error", "verdict", "refutation"),
    [
        (0.040, 0.010, Verdict.CONFIRMED, None),
        (0.005, 0.001, Verdict.CONFIRMED, None),
        (0.0049, 0.001, Verdict.INCONCLUSIVE, None),
        (0.020, 0.012, Verdict.INCONCLUSIVE, None),
        (-0.010, 0.012, Verdict.INCONCLUSIVE, None),
        (0.001, 0.001, Verdict.REFUTED, Refutation.EQUIVALENT),
        (-0.002, 0.0005, Verdict.REFUTED, Refutation.EQUIVALENT),
        (-0.040, 0.010, Verdict.REFUTED, Refutation.REVERSED),
        (-0.015, 0.009, Verdict.REFUTED, None),
        (0.0, 0.0, Verdict.REFUTED, Refutation.EQUIVALENT),
    ],
)
def test_one_contrast_is_judged_by_the_table(
    estimate: float, error: float, verdict: Verdict, refutation: Refutation | None
) -> None:
    (found,) = judge(make_contrast(estimate, error))
    assert (found.verdict, found.refutation) == (verdict, refutation)


def test_five_expectations_are_adjusted_together() -> None:
    contrasts = [make_contrast(0.03, error) for error in (0.0125, 0.008, 0.05, 0.05, 0.05)]
    found = judge(*contrasts)
    alone = [one.p_value for one in contrasts]
    assert alone[0] < 0.05
    assert found[0].p_holm == pytest.approx(4 * alone[0])
    assert found[1].p_holm == pytest.approx(5 * alone[1])
    assert [one.verdict for one in found[:2]] == [Verdict.INCONCLUSIVE, Verdict.CONFIRMED]
    assert found[0].reasons == ("distinct alone, but not after Holm and the looks at it",)
    assert found[1].reasons == ()
    assert found[2].reasons == ("not distinct from no difference",)


def test_pending_and_provisional_expectations_count_in_the_family() -> None:
    contrast = make_contrast(0.03, 0.01)
    one_seed = make_contrast(0.03, 0.001, n_seeds=1)
    missing = Missing(("A3 seed 2 failed",))
    found = judge(missing, contrast, one_seed)
    assert found[0].verdict is Verdict.PENDING
    assert found[0].reasons == ("A3 seed 2 failed",)
    assert (found[0].inference, found[0].p_holm, found[0].detectable) == (None, None, None)
    assert found[1].p_holm == pytest.approx(3 * contrast.p_value)
    assert found[2].p_holm is None


@pytest.mark.parametrize("estimate", [0.1, -0.1, 0.0001])
@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        ({"n_seeds": 1}, "one seed: the interval covers rows only"),
        ({"n_rows": 59}, "59 rows: fewer than 60"),
    ],
    ids=["one seed", "few rows"],
)
def test_one_seed_or_too_few_rows_are_inconclusive_at_most(
    estimate: float, limit: dict[str, int], reason: str
) -> None:
    (found,) = judge(make_contrast(estimate, 0.0001, **limit))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reasons[0].startswith(reason)


def test_identical_groups_are_said_to_be_so() -> None:
    reason = "identical: no row and no seed tells the two sides apart"
    several, one_seed = (judge(make_contrast(0.0, 0.0, n_seeds=n_seeds))[0] for n_seeds in (3, 1))
    assert (several.verdict, several.reasons) == (Verdict.REFUTED, (reason,))
    assert several.detectable is None
    assert (one_seed.verdict, one_seed.reasons[-1]) == (Verdict.INCONCLUSIVE, reason)


def test_a_difference_without_spread_is_inconclusive() -> None:
    (found,) = judge(make_contrast(0.5, 0.0))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reasons == (
        "the difference is the same on every row: its error cannot be estimated",
    )


def test_a_distinct_difference_below_the_rope_says_so() -> None:
    (found,) = judge(make_contrast(0.004, 0.001))
    assert found.reasons == ("the estimate is below the ROPE of 0.005",)


def test_the_detectable_difference_is_that_of_the_contrast() -> None:
    (found,) = judge(make_contrast(0.02, 0.012, df=7))
    expected = find_detectable_difference(0.012, 7, rope=0.005)
    assert found.detectable == pytest.approx(expected)


def test_a_study_without_claims_has_no_verdicts() -> None:
    assert judge() == ()


@pytest.mark.parametrize(
    ("status", "verdict"), [("post hoc", Verdict.POST_HOC), ("undated", Verdict.UNDATED)]
)
@pytest.mark.parametrize(
    ("estimate", "otherwise"),
    [(0.04, Verdict.CONFIRMED), (-0.04, Verdict.REFUTED), (0.004, Verdict.INCONCLUSIVE)],
)
def test_what_was_not_fixed_is_named_and_never_confirmed(
    status: Any, verdict: Verdict, estimate: float, otherwise: Verdict
) -> None:
    dating = Dating(status, None, ("first seen after A1 had been scored",))
    (found,) = judge(make_contrast(estimate, 0.01), datings=[dating])
    assert (found.verdict, found.otherwise) == (verdict, otherwise)
    assert found.reasons[0] == "first seen after A1 had been scored"
    assert found.inference is not None


def test_a_claim_that_was_not_fixed_makes_nobody_elses_test_easier() -> None:
    late = Dating("post hoc", None, ("it was never fixed",))
    first, _ = judge(*[make_contrast(0.03, 0.01)] * 2, datings=[FIXED, late])
    (alone,) = judge(make_contrast(0.03, 0.01))
    assert first.p_holm is not None
    assert alone.p_holm is not None
    assert first.p_holm == pytest.approx(2 * alone.p_holm)


def test_what_was_not_fixed_is_adjusted_as_if_all_were() -> None:
    foreign = Dating("undated", None, ("nothing tells when",))
    contrast = make_contrast(0.03, 0.012)  # p = 0.021
    alone, *among = (
        *judge(contrast, datings=[foreign]),
        *judge(contrast, contrast, contrast, datings=[foreign] * 3),
    )
    assert alone.otherwise is Verdict.CONFIRMED
    assert [one.otherwise for one in among] == [Verdict.INCONCLUSIVE] * 3
    assert among[0].p_holm == pytest.approx(3 * contrast.p_value)


def test_withdrawn_claims_count_in_the_family() -> None:
    contrast = make_contrast(0.03, 0.01)
    (found,) = judge(contrast, n_withdrawn=2)
    assert found.p_holm == pytest.approx(3 * contrast.p_value)


@pytest.mark.parametrize(("look", "factor"), [(1, 1), (2, 2), (4, 4), (9, 4)])
def test_an_unplanned_look_costs_its_number_and_at_most_four(look: int, factor: int) -> None:
    contrast = make_contrast(0.03, 0.01)
    (found,) = judge(contrast, look=look)
    assert found.p_holm == pytest.approx(factor * contrast.p_value)
    assert found.threshold == 0.05


@pytest.mark.parametrize(
    ("n_seeds", "threshold", "verdict"),
    [(4, 0.01, Verdict.INCONCLUSIVE), (7, 0.03, Verdict.CONFIRMED)],
)
def test_a_planned_look_has_the_plans_threshold(
    n_seeds: int, threshold: float, verdict: Verdict
) -> None:
    contrast = make_contrast(0.03, 0.0125, n_seeds=n_seeds)  # p = 0.026
    planned = replace(FIXED, plan=(2, 4, 7, 10))
    (found,) = judge(contrast, datings=[planned], look=2)
    assert found.p_holm == pytest.approx(contrast.p_value)
    assert (found.threshold, found.verdict) == (threshold, verdict)


@pytest.mark.parametrize("seeds", [(0, 1, 2), (0, 1, 2, 3, 4)])
def test_looks_beside_the_plan_are_unplanned(seeds: tuple[int, ...]) -> None:
    contrast = make_contrast(0.03, 0.01, n_seeds=4)
    strayed = replace(FIXED, plan=(2, 4), looks=(Look("run", seeds, 1, "0" * 64),))
    (found,) = judge(contrast, datings=[strayed], look=2)
    assert (found.p_holm, found.threshold) == (pytest.approx(2 * contrast.p_value), 0.05)
    assert not found.is_planned


def test_a_look_with_one_seed_leaves_no_plan() -> None:
    planned = replace(FIXED, plan=(4,), looks=(Look("run", (0,), 1, "0" * 64),))
    (found,) = judge(make_contrast(0.03, 0.01, n_seeds=4), datings=[planned])
    assert found.is_planned


def test_other_seeds_of_the_planned_number_are_another_look() -> None:
    """Else a plan of one look could be looked at with two seeds, and two others, for ever."""
    contrast = make_contrast(0.03, 0.01, n_seeds=2)
    first = Look("run", (0, 1), 1, "0" * 64)
    planned = replace(FIXED, plan=(2,), looks=(first,))
    (entered,) = judge(contrast, datings=[planned], look=1)
    (again,) = judge(contrast, datings=[planned], look=2)
    assert (entered.is_planned, again.is_planned) == (True, False)
    assert again.p_holm == pytest.approx(2 * contrast.p_value)


@pytest.mark.parametrize(("estimate", "error"), [(0.004, 0.001), (0.02, 0.012), (-0.01, 0.01)])
def test_the_last_epoch_has_to_agree(estimate: float, error: float) -> None:
    contrast = make_contrast(0.04, 0.01)
    (found,) = judge(make_test(contrast, last=make_contrast(estimate, error)))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reasons[0].startswith(f"the last epoch shows {estimate:+.4f} (p ")
    (lacking,) = judge(replace(make_test(contrast), last_epoch=None))
    assert lacking.reasons[0].startswith("the last epoch's scores are missing")
    (needless,) = judge(replace(make_test(contrast), last_epoch=None, needs_last_epoch=False))
    assert needless.verdict is Verdict.CONFIRMED


def test_a_margin_is_what_the_test_is_against() -> None:
    contrast = make_contrast(0.04, 0.01)
    (beyond,) = judge(make_test(contrast, margin=0.01))
    assert beyond.verdict is Verdict.CONFIRMED
    assert beyond.p_holm == pytest.approx(make_contrast(0.03, 0.01).p_value)
    assert beyond.inference is not None
    assert beyond.inference.estimate == pytest.approx(0.04)
    (within,) = judge(make_test(contrast, margin=0.03))
    assert within.verdict is Verdict.INCONCLUSIVE
    assert within.reasons == ("not distinct from the claim's margin",)
    (plain,) = judge(contrast)
    assert within.detectable is not None
    assert plain.detectable is not None
    assert within.detectable == pytest.approx(plain.detectable + 0.03)
    (refuted,) = judge(make_test(contrast, margin=0.07))
    assert (refuted.verdict, refuted.refutation) == (Verdict.REFUTED, None)


def test_limits_beside_the_tests_own_are_said() -> None:
    test = replace(make_test(make_contrast(0.04, 0.01)), limits=("rows not accounted for",))
    (found,) = judge(test)
    assert (found.verdict, found.p_holm) == (Verdict.INCONCLUSIVE, None)
    assert found.reasons == ("rows not accounted for",)


@pytest.mark.parametrize(
    ("estimate", "low", "high", "verdict"),
    [
        (0.001, -0.008, 0.009, Verdict.CONFIRMED),
        (0.001, -0.012, 0.014, Verdict.INCONCLUSIVE),
        (0.030, 0.012, 0.048, Verdict.REFUTED),
    ],
)
def test_equality_is_within_its_bound_or_beyond_it(
    estimate: float, low: float, high: float, verdict: Verdict
) -> None:
    inference = Inference(
        estimate=estimate, low=low, high=high, p_value=0.01 if high < 0.01 else 0.3,
        upper_for_refutation=high, standard_error=0.004, df=20, limits=(), bound=0.01,
    )  # fmt: skip
    test = ClaimTest(inference=inference, rope=0.005, n_seeds=3)
    (found,) = judge(test)
    assert (found.verdict, found.refutation, found.detectable) == (verdict, None, None)
    if verdict is Verdict.INCONCLUSIVE:
        assert found.reasons == ("not shown to lie within the bound",)
