"""Predicted power, held against draws of estimates and errors."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.planning.claim_power import ClaimTarget, predict_power
from analysis.statistics.planning.claim_shape import ClaimShape, ShapeKind
from analysis.statistics.planning.design import Design, expect_error
from analysis.statistics.planning.variance_parts import REFERENCE_PARTS, VarianceParts

ROPE = 0.01
DESIGN = Design(n_folds=4, fold_rows=422, n_seeds=5, n_trials=9, horizon_rows=1)
MEAN = ClaimShape(ShapeKind.MEAN, 2, 1)
N_DRAWS = 60_000


def draw(rng: np.random.Generator, n_trials: int) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Noise of trials (R, K), factors of the errors (R,), the error of one, and its df."""
    expected = expect_error(REFERENCE_PARTS, DESIGN)
    noise = expected.trial_error * rng.standard_normal((N_DRAWS, n_trials))
    factors = np.sqrt(rng.chisquare(expected.df, N_DRAWS) / expected.df)
    return noise, factors, expected.trial_error, expected.df


def test_the_mean_of_some_against_another(rng: np.random.Generator) -> None:
    noise, factors, size, df = draw(rng, 3)
    found = predict_power(ClaimTarget(MEAN, ROPE, alpha=0.02), REFERENCE_PARTS, DESIGN)
    estimates = noise[:, :2].mean(axis=1) - noise[:, 2]
    errors = size * np.sqrt(1.5) * factors
    true = estimates + 2 * ROPE
    confirmed = (true / errors > stats.t.isf(0.01, df)) & (true >= ROPE)
    refuted = estimates + stats.t.isf(0.025, df) * errors < ROPE
    assert found.confirms == pytest.approx(confirmed.mean(), abs=0.01)
    assert found.refutes == pytest.approx(refuted.mean(), abs=0.01)
    assert found.standard_error == pytest.approx(size * np.sqrt(1.5), rel=0.01)


def test_a_conjunction_needs_all_its_parts(rng: np.random.Generator) -> None:
    shape = ClaimShape(ShapeKind.EVERY, 2, 2)
    noise, factors, size, df = draw(rng, 4)
    found = predict_power(ClaimTarget(shape, ROPE), REFERENCE_PARTS, DESIGN)
    errors = size * np.sqrt(2) * factors
    pairs = np.array([noise[:, a] - noise[:, b] for a, b in product((0, 1), (2, 3))])
    true = pairs + 2 * ROPE
    confirmed = ((true / errors > stats.t.isf(0.025, df)) & (true >= ROPE)).all(axis=0)
    refuted = (pairs + stats.t.isf(0.025 / 4, df) * errors < ROPE).any(axis=0)
    assert found.confirms == pytest.approx(confirmed.mean(), abs=0.01)
    assert found.refutes == pytest.approx(refuted.mean(), abs=0.01)


def test_any_of_some_against_a_control(rng: np.random.Generator) -> None:
    shape = ClaimShape(ShapeKind.ANY, 4, 1)
    noise, factors, size, df = draw(rng, 5)
    found = predict_power(ClaimTarget(shape, ROPE), REFERENCE_PARTS, DESIGN)
    differences = noise[:, :4] - noise[:, [4]]
    largest = np.abs(differences / (np.sqrt(2) * size)).max(axis=1)
    critical = stats.t.isf(stats.norm.sf(np.quantile(largest, 0.95)), df)
    errors = (size * np.sqrt(2) * factors)[:, None]
    true = differences + np.array([2 * ROPE, 0, 0, 0])
    confirmed = ((true > critical * errors) & (true >= ROPE)).any(axis=1)
    refuted = (differences + critical * errors < ROPE).all(axis=1)
    assert found.confirms == pytest.approx(confirmed.mean(), abs=0.01)
    assert found.refutes == pytest.approx(refuted.mean(), abs=0.01)


@pytest.mark.parametrize("n_trials", [2, 3])
def test_equal_trials_within_a_bound(rng: np.random.Generator, n_trials: int) -> None:
    shape = ClaimShape(ShapeKind.EQUAL, n_trials)
    target = ClaimTarget(shape, ROPE, bound=0.03)
    noise, factors, size, df = draw(rng, n_trials)
    found = predict_power(target, REFERENCE_PARTS, DESIGN)
    errors = size * np.sqrt(2) * factors
    pairs = np.abs([noise[:, a] - noise[:, b] for a, b in combinations(range(n_trials), 2)])
    confirmed = ((0.03 - pairs) / errors > stats.t.isf(0.025, df)).all(axis=0)
    assert found.confirms == pytest.approx(confirmed.mean(), abs=0.01)
    if n_trials == 3:
        assert found.refutes is None
        return
    apart = noise[:, 0] - noise[:, 1] + 0.06 - stats.t.isf(0.025, df) * errors > 0.03
    assert found.refutes == pytest.approx(apart.mean(), abs=0.01)


def test_a_rise_over_values(rng: np.random.Generator) -> None:
    shape = ClaimShape(ShapeKind.RISE, 4, trials_by_value=(1, 2, 1))
    noise, factors, size, df = draw(rng, 4)
    found = predict_power(ClaimTarget(shape, ROPE), REFERENCE_PARTS, DESIGN)
    weights = np.array([-1, 0, 0, 1])  # 2 (r - 1) / sum (r - 1)^2
    means = np.stack([noise[:, 0], noise[:, 1:3].mean(axis=1), noise[:, 3]], axis=1)
    trend, steps = noise @ weights, np.diff(means, axis=1)
    errors = size * np.sqrt(2) * factors
    true = trend + 2 * ROPE
    confirmed = (true / errors > stats.t.isf(0.025, df)) & (true >= ROPE)
    confirmed &= (steps + ROPE >= -ROPE).all(axis=1)
    of_step = (size * np.sqrt(1.5) * factors)[:, None]
    refuted = trend + stats.t.isf(0.025, df) * errors < ROPE
    refuted |= (steps + stats.t.isf(0.0125, df) * of_step < -ROPE).any(axis=1)
    assert found.confirms == pytest.approx(confirmed.mean(), abs=0.015)
    assert found.refutes == pytest.approx(refuted.mean(), abs=0.015)


@pytest.mark.parametrize(
    ("n_seeds", "n_rows", "detectable"),
    [(3, 422, 0.039), (5, 844, 0.023), (10, 1688, 0.014), (3, 3376, 0.013)],
)
def test_the_worked_table_of_what_is_found(n_seeds: int, n_rows: int, detectable: float) -> None:
    """Within an eighth: the table is of a simulation."""
    target = ClaimTarget(ClaimShape(ShapeKind.MEAN, 1, 1), 0.005)
    found = predict_power(target, REFERENCE_PARTS, Design(1, n_rows, n_seeds, 29, 1))
    assert found.detectable == pytest.approx(detectable, rel=0.12)


def test_what_is_detectable_is_confirmed_with_the_power() -> None:
    first = predict_power(ClaimTarget(MEAN, ROPE), REFERENCE_PARTS, DESIGN)
    again = ClaimTarget(MEAN, ROPE, difference=first.detectable)
    assert predict_power(again, REFERENCE_PARTS, DESIGN).confirms == pytest.approx(0.8, abs=1e-3)


def test_a_difference_of_one_rope_is_confirmed_in_a_half_at_most() -> None:
    exact = VarianceParts(1e-6, 1e-6)
    target = ClaimTarget(MEAN, ROPE, difference=ROPE)
    assert predict_power(target, exact, DESIGN).confirms == pytest.approx(0.5)
    assert predict_power(ClaimTarget(MEAN, ROPE), exact, DESIGN).decides()


def test_a_margin_moves_what_is_true() -> None:
    plain = predict_power(ClaimTarget(MEAN, ROPE), REFERENCE_PARTS, DESIGN)
    moved = predict_power(ClaimTarget(MEAN, ROPE, margin=0.05), REFERENCE_PARTS, DESIGN)
    assert ClaimTarget(MEAN, ROPE, margin=0.05).truth == pytest.approx(0.07)
    assert moved.confirms > plain.confirms  # the estimate needs the margin alone, not a ROPE more
    assert moved.refutes is not None
    assert moved.refutes > 0.99


@pytest.mark.parametrize(
    "shape",
    [
        MEAN,
        ClaimShape(ShapeKind.EVERY, 1, 2),
        ClaimShape(ShapeKind.ANY, 2, 1),
        ClaimShape(ShapeKind.EQUAL, 2),
        ClaimShape(ShapeKind.RISE, 3, trials_by_value=(1, 1, 1)),
    ],
    ids=lambda shape: str(shape.kind),
)
def test_nothing_is_decided_with_one_seed(shape: ClaimShape) -> None:
    target = ClaimTarget(shape, 1.0, bound=1.0)
    found = predict_power(target, REFERENCE_PARTS, replace(DESIGN, n_seeds=1))
    assert (found.confirms, found.refutes, found.detectable) == (0, 0, None)
    assert found.limits == ("one seed: the interval covers rows only",)
    assert predict_power(target, REFERENCE_PARTS, DESIGN).confirms > 0.99


def test_an_equality_without_a_bound_is_refused() -> None:
    target = ClaimTarget(ClaimShape(ShapeKind.EQUAL, 2), ROPE)
    with pytest.raises(ValueError, match="bound: got None, expected a positive number"):
        predict_power(target, REFERENCE_PARTS, DESIGN)
