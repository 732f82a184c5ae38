"""Verdicts by the rules of the table."""

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.contrast import Contrast
from analysis.statistics.power import find_detectable_difference
from analysis.verdicts.verdict import Missing, Refutation, Verdict, judge_expectations


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
    (found,) = judge_expectations([make_contrast(estimate, error)], rope=0.005)
    assert (found.verdict, found.refutation) == (verdict, refutation)


def test_five_expectations_are_adjusted_together() -> None:
    contrasts = [make_contrast(0.03, error) for error in (0.0125, 0.008, 0.05, 0.05, 0.05)]
    found = judge_expectations(contrasts, rope=0.005)
    alone = [one.p_value for one in contrasts]
    assert alone[0] < 0.05
    assert found[0].p_holm == pytest.approx(4 * alone[0])
    assert found[1].p_holm == pytest.approx(5 * alone[1])
    assert [one.verdict for one in found[:2]] == [Verdict.INCONCLUSIVE, Verdict.CONFIRMED]
    assert found[0].reasons == ("distinct from zero alone, but not after Holm",)
    assert found[1].reasons == ()
    assert found[2].reasons == ("not distinct from zero",)


def test_pending_and_provisional_expectations_count_in_the_family() -> None:
    contrast = make_contrast(0.03, 0.01)
    one_seed = make_contrast(0.03, 0.001, n_seeds=1)
    missing = Missing(("A3 seed 2 failed",))
    found = judge_expectations([missing, contrast, one_seed], rope=0.005)
    assert found[0].verdict is Verdict.PENDING
    assert found[0].reasons == ("A3 seed 2 failed",)
    assert (found[0].contrast, found[0].p_holm, found[0].detectable) == (None, None, None)
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
    (found,) = judge_expectations([make_contrast(estimate, 0.0001, **limit)], rope=0.005)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reasons[0].startswith(reason)


def test_identical_groups_are_said_to_be_so() -> None:
    reason = "identical: both sides rank every pair of rows alike"
    several, one_seed = (
        judge_expectations([make_contrast(0.0, 0.0, n_seeds=n_seeds)], rope=0.0)[0]
        for n_seeds in (3, 1)
    )
    assert (several.verdict, several.reasons) == (Verdict.REFUTED, (reason,))
    assert several.detectable is None
    assert (one_seed.verdict, one_seed.reasons[-1]) == (Verdict.INCONCLUSIVE, reason)


def test_a_difference_without_spread_is_inconclusive() -> None:
    (found,) = judge_expectations([make_contrast(0.5, 0.0)], rope=0.005)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reasons == (
        "the difference is the same on every row: its error cannot be estimated",
    )


def test_a_distinct_difference_below_the_rope_says_so() -> None:
    (found,) = judge_expectations([make_contrast(0.004, 0.001)], rope=0.005)
    assert found.reasons == ("the estimate is below the ROPE of 0.005",)


def test_the_detectable_difference_is_that_of_the_contrast() -> None:
    (found,) = judge_expectations([make_contrast(0.02, 0.012, df=7)], rope=0.005)
    expected = find_detectable_difference(0.012, 7, rope=0.005)
    assert found.detectable == pytest.approx(expected)


def test_a_study_without_expectations_has_no_verdicts() -> None:
    assert judge_expectations([], rope=0.005) == ()


@pytest.mark.parametrize("rope", [-0.01, np.nan])
def test_a_rope_below_zero_is_refused(rope: float) -> None:
    with pytest.raises(ValueError, match=r"rope: got .*, expected 0 or more"):
        judge_expectations([], rope=rope)
