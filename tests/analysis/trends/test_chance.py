import numpy as np
import pytest

from analysis.frames.frame import TrialFrame
from analysis.trends.chance import compare_repeats, flip_importances
from tests.analysis.conftest import MakeTrials


def repeat(make_trials: MakeTrials, effect: float, n_seeds: int = 3) -> TrialFrame:
    """Return eight configurations, one better than the others, at equal seeds."""
    rng = np.random.default_rng(0)
    width = np.repeat(np.arange(8.0), n_seeds)
    seed = np.tile(np.arange(n_seeds), 8)
    metric = 0.7 + effect * (width == 3) + 0.05 * seed + rng.normal(0, 0.01, 8 * n_seeds)
    return make_trials(metric=metric, params={"width": width}, seed=seed)


def test_configurations_are_held_against_what_their_seeds_make_of_them(
    make_trials: MakeTrials,
) -> None:
    assert compare_repeats(repeat(make_trials, 0.1)) < 0.001
    assert compare_repeats(repeat(make_trials, 0.0)) > 0.05


def test_one_fit_a_configuration_says_nothing_of_seeds(make_trials: MakeTrials) -> None:
    assert np.isnan(compare_repeats(repeat(make_trials, 0.1, n_seeds=1)))


def test_seeds_alone_make_no_difference_between_rounds(make_trials: MakeTrials) -> None:
    """Two rounds with seeds of their own: the later ones are better, and not what ran with them."""
    rng = np.random.default_rng(0)
    width, seed = np.repeat(np.arange(6.0), 3), np.r_[np.tile([0, 1, 2], 3), np.tile([3, 4, 5], 3)]
    metric = 0.7 + 0.1 * (seed > 2) + rng.normal(0, 0.01, 18)
    frame = make_trials(metric=metric, params={"width": width}, seed=seed)
    assert compare_repeats(frame) == pytest.approx(1, abs=0.9)


def test_an_effect_holds_with_any_signs_of_the_errors(make_trials: MakeTrials) -> None:
    rng = np.random.default_rng(0)
    width = np.resize([1.0, 2.0, 3.0], 60)
    noise, params = rng.normal(0, 0.01, 60), {"width": width, "salt": rng.uniform(size=60)}
    assert flip_importances(make_trials(metric=noise, params=params)) > 0.05
    frame = make_trials(metric=noise + 0.1 * (width == 2), params=params)
    assert flip_importances(frame) == 1 / 2_000
