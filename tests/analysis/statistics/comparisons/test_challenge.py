"""The best of many against the control."""

import time

import numpy as np
import pytest

from tests.analysis.scored import challenge_scores, contrast_scores


@pytest.fixture
def labels(rng: np.random.Generator) -> np.ndarray:
    return rng.random(425) < 0.18


def draw_scores(
    rng: np.random.Generator, labels: np.ndarray, skills: list[float], n_seeds: int = 3
) -> np.ndarray:
    """Scores (K, S, N) of trials that differ in skill and share most of their noise."""
    shared = rng.standard_normal(labels.size)
    own = 0.3 * rng.standard_normal((len(skills), n_seeds, labels.size))
    return np.array(skills)[:, None, None] * labels + shared + own


def test_a_single_candidate_has_about_the_p_value_of_its_contrast(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    scores = draw_scores(rng, labels, [0.86, 0.8])
    alone = contrast_scores(labels, scores[:1], scores[1:], horizon_rows=1)
    found = challenge_scores(
        labels, scores[:1], scores[1], horizon_rows=1, rope=0, rng=rng, n_draws=20_000
    )
    assert 0.02 < alone.p_value < 0.6
    assert found.p_values[0] == pytest.approx(alone.p_value, abs=0.02)
    assert found.estimates[0] == pytest.approx(alone.estimate)
    assert found.standard_errors[0] == pytest.approx(alone.standard_error)
    assert (found.lows[0], found.highs[0]) == pytest.approx((alone.low, alone.high), abs=0.002)


def test_the_price_of_many_candidates_lies_between_none_and_bonferroni(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    scores = draw_scores(rng, labels, [0.9] + [0.8] * 20)
    found = challenge_scores(
        labels, scores[:-1], scores[-1], horizon_rows=1, rope=0, rng=rng, n_draws=5000
    )
    alone = contrast_scores(labels, scores[:1], scores[-1:], horizon_rows=1)
    assert alone.p_value < found.p_values[0] < 20 * alone.p_value + 0.01
    assert found.highs[0] - found.lows[0] > alone.high - alone.low


def test_a_clearly_better_trial_becomes_a_candidate(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    scores = draw_scores(rng, labels, [0.8, 1.6, 0.8, 0.8])
    found = challenge_scores(labels, scores[:3], scores[3], horizon_rows=1, rope=0.005, rng=rng)
    assert found.best == 1
    assert found.is_candidate
    assert found.lows[1] > 0.005
    assert found.p_values[0] > 0.05


@pytest.mark.parametrize("limit", ["rope", "one seed", "few rows"])
def test_a_better_trial_is_no_candidate_where_a_rule_forbids_it(
    rng: np.random.Generator, labels: np.ndarray, limit: str
) -> None:
    scores = draw_scores(rng, labels, [2.6, 0.8])
    rope = 0.5 if limit == "rope" else 0.005
    scores = scores[:, :1] if limit == "one seed" else scores
    n_rows = 50 if limit == "few rows" else 425
    found = challenge_scores(
        labels[:n_rows], scores[:1, :, :n_rows], scores[1, :, :n_rows], horizon_rows=1, rope=rope,
        rng=rng,
    )  # fmt: skip
    assert found.estimates[0] > 0.05
    assert not found.is_candidate
    assert found.is_provisional is (limit == "one seed")
    assert bool(found.limits) is (limit != "rope")


def test_a_copy_of_the_control_is_worth_nothing(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    scores = draw_scores(rng, labels, [0.8, 0.8])
    found = challenge_scores(labels, scores[1:], scores[1], horizon_rows=1, rope=0, rng=rng)
    assert (found.estimates, found.lows, found.highs) == ((0,), (0,), (0,))
    assert found.p_values == (1,)
    assert not found.is_candidate


def test_the_same_generator_gives_the_same_p_values(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    scores = draw_scores(rng, labels, [0.9, 0.8, 0.8])
    first, second = (
        challenge_scores(
            labels, scores[1:], scores[0], horizon_rows=1, rope=0, rng=np.random.default_rng(5)
        )
        for _ in range(2)
    )
    assert first == second


def test_a_control_of_another_shape_is_refused(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    scores = draw_scores(rng, labels, [0.8, 0.8])
    with pytest.raises(ValueError, match=r"control: got shape \(2, 425\), expected \(seeds, rows"):
        challenge_scores(labels, scores, scores[0, :2], horizon_rows=1, rope=0, rng=rng)


def test_thirty_trials_with_five_seeds_take_seconds(
    rng: np.random.Generator, labels: np.ndarray
) -> None:
    scores = draw_scores(rng, labels, [0.8] * 30, n_seeds=5)
    start = time.process_time()
    challenge_scores(labels, scores[1:], scores[0], horizon_rows=1, rope=0, rng=rng)
    assert time.process_time() - start < 3
