import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.statistics.effects.regression import compare_nested, fit_least_squares
from analysis.statistics.effects.sign_flips import flip_signs

N, N_FLIPS = 60, 199
CONSTANT = np.ones((N, 1))


def mark_rare(n_rare: int = 6) -> NDArray[np.float64]:
    return np.asarray(np.arange(N)[:, None] < n_rare, dtype="float64")


def flip(metric: NDArray[np.float64], *blocks: NDArray[np.float64]) -> float:
    null = np.ones((len(metric), 1))
    return flip_signs(null, blocks, metric, np.random.default_rng(0), N_FLIPS)


def test_a_block_that_explains_all_has_the_smallest_p_value() -> None:
    rng = np.random.default_rng(1)
    half = mark_rare(N // 2)
    assert flip(half[:, 0] + rng.normal(0, 0.1, N), half) == 1 / (1 + N_FLIPS)


def test_noise_is_found_as_often_as_the_level_says() -> None:
    rng = np.random.default_rng(2)
    p_values = [flip(rng.normal(size=N), mark_rare(20), mark_rare(40)) for _ in range(200)]
    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=0.04)


def test_a_noisy_rare_level_is_no_better_level() -> None:
    """The F test errs in a third of such tables, the flipped signs in a fraction of these."""
    rare, F, flipped = mark_rare(), [], []
    for seed in range(60):
        noise = np.random.default_rng(seed).normal(size=N) * np.where(rare[:, 0] > 0, 6.0, 1.0)
        models = [fit_least_squares(X, noise) for X in (CONSTANT, np.hstack([CONSTANT, rare]))]
        F.append(compare_nested(models[0], models[1], float((noise**2).sum())).p_value)
        flipped.append(flip(noise, rare))
    n_wrong, n_left = (int((np.array(p_values) < 0.01).sum()) for p_values in (F, flipped))
    assert n_wrong > 0.2 * len(F)
    assert n_left < n_wrong / 3


def test_nothing_is_said_where_nothing_is_left_to_the_error() -> None:
    assert np.isnan(flip(np.arange(4.0), np.eye(4)))
    assert np.isnan(flip(np.arange(4.0), np.ones((4, 1))))
