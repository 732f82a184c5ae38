"""Claims of every kind in one form."""

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.comparisons.challenge import challenge_control, infer_any
from analysis.statistics.comparisons.contrast import Contrast, contrast_trials
from analysis.statistics.comparisons.inference import (
    infer_difference,
    infer_equivalence,
    infer_every,
    infer_rise,
)
from analysis.statistics.metrics.auc import estimate_auc
from analysis.statistics.metrics.metric import MetricEstimate, estimate_scalars


def make_contrast(estimate: float, error: float, *, df: float = 12.0) -> Contrast:
    """A contrast of three seeds on 422 rows with this error."""
    reach = float(stats.t.ppf(0.975, df)) * error
    return Contrast(
        estimate=estimate, standard_error=error, df=df, low=estimate - reach,
        high=estimate + reach,
        p_value=float(2 * stats.t.sf(abs(estimate / error), df)) if error else 1.0,
        variance_rows=error**2, variance_seeds=0.0, variance_interaction=0.0, row_df=12, seed_df=6,
        seed_estimates=(estimate,) * 3, n_rows=422, n_seeds=3, n_trials=7, is_ordered=True,
        smallest_class=76,
    )  # fmt: skip


def make_fits(rng: np.random.Generator, skills: list[float], n_seeds: int = 3) -> MetricEstimate:
    labels = rng.random(422) < 0.2
    shared = rng.standard_normal(422)
    own = 0.3 * rng.standard_normal((len(skills), n_seeds, 422))
    return estimate_auc(labels, np.array(skills)[:, None, None] * labels + shared + own)


def test_a_difference_is_its_contrast() -> None:
    one = make_contrast(0.02, 0.008)
    found = infer_difference(one)
    assert (found.estimate, found.low, found.high, found.p_value) == (
        one.estimate, one.low, one.high, one.p_value,
    )  # fmt: skip
    assert found.upper_for_refutation == one.high
    assert found.contrasts == (one,)


@pytest.mark.parametrize(
    ("estimate", "reaches", "refutes"),
    [(0.006, True, False), (0.0049, False, False), (-0.02, False, True)],
)
def test_the_rope_decides_what_is_reached_and_what_is_refuted(
    estimate: float, reaches: bool, refutes: bool
) -> None:
    found = infer_difference(make_contrast(estimate, 0.005))
    assert (found.reaches(0.005, rope=0.005), found.refutes(0.005, rope=0.005)) == (
        reaches,
        refutes,
    )


def test_every_takes_the_largest_p_and_the_smallest_difference() -> None:
    against = [make_contrast(0.03, 0.005), make_contrast(0.02, 0.02), make_contrast(0.01, 0.004)]
    found = infer_every(against)
    assert found.p_value == against[1].p_value
    assert found.estimate == 0.01
    assert found.low == against[1].low
    assert found.high == against[2].high
    assert found.standard_error == 0.004
    assert found.contrasts == tuple(against)


def test_every_is_refuted_only_by_an_interval_adjusted_over_the_references() -> None:
    """-0.006 with an error of 0.005 ends at 0.0049 alone, at 0.0068 among two."""
    worse, better = make_contrast(-0.006, 0.005), make_contrast(0.03, 0.005)
    assert infer_difference(worse).refutes(0.005, rope=0.005)
    found = infer_every([worse, better])
    assert found.high < 0.005
    assert found.upper_for_refutation == pytest.approx(
        -0.006 + stats.t.ppf(1 - 0.05 / 4, 12) * 0.005
    )
    assert not found.refutes(0.005, rope=0.005)
    assert infer_every([make_contrast(-0.01, 0.005), better]).refutes(0.005, rope=0.005)


def test_every_has_the_limits_of_each_part_once() -> None:
    labels = np.arange(90) % 3 == 0
    fits = estimate_auc(labels, np.random.default_rng(1).standard_normal((3, 1, 90)))
    parts = [
        contrast_trials(fits.select([0]), fits.select([other]), horizon_rows=1) for other in (1, 2)
    ]
    assert infer_every(parts).limits == ("one seed: the interval covers rows only",)
    with pytest.raises(ValueError, match="contrasts: got none"):
        infer_every([])


def test_one_reference_makes_every_a_difference() -> None:
    one = make_contrast(0.02, 0.01)
    assert infer_every([one]) == infer_difference(one)


@pytest.mark.parametrize("estimate", [0.0, 0.004, -0.004, 0.012, 0.03])
def test_equivalence_goes_with_the_printed_interval(estimate: float) -> None:
    for error in (0.002, 0.004, 0.006):
        found = infer_equivalence([make_contrast(estimate, error)], 0.01)
        is_inside = found.low > -0.01 and found.high < 0.01
        assert (found.p_value < 0.05) is is_inside
        assert found.refutes(0.005, rope=0.005) is (found.low > 0.01 or found.high < -0.01)
        assert found.reaches(0.005, rope=0.005) is (abs(estimate) < 0.01)


def test_equivalence_by_hand() -> None:
    found = infer_equivalence([make_contrast(0.004, 0.002)], 0.01)
    assert found.p_value == pytest.approx(2 * stats.t.sf(3, 12))
    copies = infer_equivalence([make_contrast(0.0, 0.0)], 0.01)
    assert (copies.p_value, copies.is_identical) == (0, True)
    with pytest.raises(ValueError, match="bound: got 0, expected a positive number"):
        infer_equivalence([make_contrast(0.0, 0.1)], 0)


def test_several_are_equal_where_every_pair_is() -> None:
    pairs = [make_contrast(0.001, 0.002), make_contrast(-0.004, 0.002), make_contrast(0.0, 0.003)]
    alone = [infer_equivalence([pair], 0.01) for pair in pairs]
    found = infer_equivalence(pairs, 0.01)
    assert found.p_value == max(one.p_value for one in alone)
    assert found.estimate == -0.004
    assert (found.low, found.high) == (
        min(one.low for one in alone), max(one.high for one in alone),
    )  # fmt: skip
    with pytest.raises(ValueError, match="contrasts: got none"):
        infer_equivalence([], 0.01)


def test_a_margin_moves_the_test_and_not_what_is_printed() -> None:
    """0.03 against a margin of 0.01 has the p value of 0.02."""
    one = make_contrast(0.03, 0.008)
    found = infer_difference(one, margin=0.01)
    assert found.p_value == pytest.approx(make_contrast(0.02, 0.008).p_value)
    assert (found.estimate, found.low, found.high) == pytest.approx(
        (one.estimate, one.low, one.high)
    )
    assert found.upper_for_refutation == pytest.approx(one.high)
    copies = make_contrast(0.0, 0.0)
    assert infer_difference(copies, margin=0.01).is_identical


def test_a_copy_among_the_references_differs_by_nothing_whatever_the_margin() -> None:
    found = infer_every([make_contrast(0.08, 0.01), make_contrast(0.0, 0.0)], margin=0.02)
    assert (found.estimate, found.high, found.p_value) == (0.0, 0.0, 1.0)
    assert found.refutes(0.02, rope=0.005)


def test_the_rise_over_a_straight_line_is_that_from_first_to_last() -> None:
    """Means 0.1, 0.2, 0.3, 0.4 in another order, with a spread between seeds."""
    spread = np.array([0.01, -0.01, 0.0])
    values = np.array([0.3, 0.1, 0.4, 0.2])[:, None] + np.outer([1, -1, 2, 0], spread)
    found = infer_rise(estimate_scalars(values), [30, 10, 40, 20], horizon_rows=None)
    assert found.estimate == pytest.approx(0.3)
    assert [step.estimate for step in found.steps] == pytest.approx([0.1, 0.1, 0.1])
    assert len(found.step_uppers) == 3
    assert found.reaches(0.005, rope=0.005)


def test_trials_with_one_value_share_its_rank() -> None:
    """Ranks 0, 0, 1, 2: least squares on them, times two steps."""
    values = np.array([[0.1, 0.2], [0.3, 0.2], [0.5, 0.5], [0.4, 0.9]])
    found = infer_rise(estimate_scalars(values), [1, 1, 5, 50], horizon_rows=None)
    slope = np.polyfit([0, 0, 1, 2], values.mean(axis=1), 1)[0]
    assert found.estimate == pytest.approx(2 * slope)
    assert [step.estimate for step in found.steps] == pytest.approx([0.3, 0.15])


def test_a_hump_is_no_rise(rng: np.random.Generator) -> None:
    found = infer_rise(make_fits(rng, [0.2, 1.6, 0.9]), [1, 2, 3], horizon_rows=1)
    assert found.estimate > 0.05
    assert found.p_value < 0.01
    assert found.steps[1].estimate < -0.05
    assert not found.reaches(0.005, rope=0.005)
    assert found.refutes(0.005, rope=0.005)
    margin = found.estimate
    assert found.steps[1].estimate > -margin
    assert not found.reaches(margin, rope=0.005), "a margin of the rise excuses no step"


def test_falling_is_rising_with_the_negatives(rng: np.random.Generator) -> None:
    fits = make_fits(rng, [1.5, 1.0, 0.4])
    rises = infer_rise(fits, [1, 2, 3], horizon_rows=1)
    falls = infer_rise(fits, [-1, -2, -3], horizon_rows=1)
    assert falls.estimate == pytest.approx(-rises.estimate)
    assert falls.reaches(0.005, rope=0.005)
    assert not falls.refutes(0.005, rope=0.005)
    assert rises.refutes(0.005, rope=0.005)


@pytest.mark.parametrize("values", [[1, 1], [1, 2, 3]])
def test_values_that_give_no_order_are_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match=r"values: got .*, expected 2, two of them distinct"):
        infer_rise(estimate_scalars(np.ones((2, 2))), values, horizon_rows=None)


def test_any_rests_on_the_clearest_candidate_that_reaches_the_rope(
    rng: np.random.Generator,
) -> None:
    fits = make_fits(rng, [0.8, 1.6, 0.8, 0.8])
    challenge = challenge_control(
        fits.select([0, 1, 2]), fits.select(3), horizon_rows=1, rope=0.005, rng=rng
    )
    found = infer_any(challenge, rope=0.005)
    assert found.estimate == challenge.estimates[1]
    assert found.p_value == challenge.p_values[1] < 0.001
    assert (found.low, found.high) == (challenge.lows[1], challenge.highs[1])
    assert found.reaches(0.005, rope=0.005)


def test_of_candidates_that_are_equally_clear_any_rests_on_the_highest(
    rng: np.random.Generator,
) -> None:
    """No draw reaches either, so that both have the smallest p that there is."""
    fits = make_fits(rng, [2.0, 4.0, 0.5])
    challenge = challenge_control(
        fits.select([0, 1]), fits.select(2), horizon_rows=1, rope=0.005, rng=rng
    )
    assert challenge.p_values[0] == challenge.p_values[1] < 0.001
    found = infer_any(challenge, rope=0.005)
    assert found.estimate == challenge.estimates[1]
    assert found.low < found.estimate < found.high


def test_any_is_refuted_where_every_candidate_is(rng: np.random.Generator) -> None:
    fits = make_fits(rng, [0.5, 0.7, 1.9])
    challenge = challenge_control(
        fits.select([0, 1]), fits.select(2), horizon_rows=1, rope=0.005, rng=rng
    )
    found = infer_any(challenge, rope=0.005)
    assert found.estimate == max(challenge.estimates) < 0
    assert found.refutes(0.005, rope=0.005)
    assert not found.reaches(0.005, rope=0.005)
