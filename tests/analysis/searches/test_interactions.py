from collections.abc import Callable

import numpy as np

from analysis.frames.frame import TrialFrame
from analysis.searches.interactions import fit_known_pairs

MakeTrials = Callable[..., TrialFrame]
N = 120


def test_a_planted_interaction_is_told_after_holm(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    rate = 10 ** rng.uniform(-4, -2, size=N)
    batch, dropout = rng.choice([32, 64, 128, 256], size=N), rng.uniform(0, 0.5, size=N)
    warm_up, width = rng.uniform(0, 0.2, size=N), rng.choice([16, 32, 64], size=N)
    ideal = -3 + 0.5 * np.log2(batch / 90)  # a larger batch takes a larger rate
    metric = -((np.log10(rate) - ideal) ** 2) + 0.05 * rng.normal(size=N)
    frame = make_trials(
        metric=metric,
        params={"lr": rate, "batch_size": batch, "dropout": dropout, "warmup_ratio": warm_up,
                "d_model": width},
    )  # fmt: skip
    found = fit_known_pairs(frame)
    assert [(pair.first, pair.second) for pair in found] == [
        ("lr", "batch_size"), ("lr", "warmup_ratio"), ("d_model", "dropout"),
    ]  # fmt: skip
    assert [pair.is_told for pair in found] == [True, False, False]
    assert found[0].found.slope > 0
    assert found[0].adjusted >= found[0].found.p_value


def test_the_models_size_stands_for_what_makes_it(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    width, dropout = rng.choice([16, 32, 64], size=N), rng.uniform(0, 0.5, size=N)
    frame = make_trials(metric=rng.normal(size=N), params={"d_model": width, "dropout": dropout})
    frame.rows["n_parameters"] = 100.0 * width**2
    (pair,) = fit_known_pairs(frame)
    assert (pair.kind, pair.first) == ("capacity by regularisation", "n_parameters")
    assert pair.found.n == N


def test_too_few_trials_are_not_tested(make_trials: MakeTrials, rng: np.random.Generator) -> None:
    frame = make_trials(
        metric=rng.normal(size=12),
        params={"lr": rng.uniform(size=12), "batch_size": rng.choice([32, 64], size=12)},
    )
    assert fit_known_pairs(frame) == ()
