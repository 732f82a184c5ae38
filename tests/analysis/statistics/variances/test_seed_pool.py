"""What the seeds do to any trial of a run."""

import numpy as np
import pytest

from analysis.statistics.metrics.auc import estimate_auc
from analysis.statistics.metrics.metric import estimate_scalars
from analysis.statistics.variances.row_variance import measure_row_variance
from analysis.statistics.variances.seed_pool import SeedPool, pool_seeds


def test_the_pooled_variance_by_hand() -> None:
    """Two-way residuals of [[0, 2], [1, 1], [2, 0]]: +-1, 0, -+1."""
    found = pool_seeds(estimate_scalars([[0, 2], [1, 1], [2, 0]]), horizon_rows=None)
    assert found == SeedPool(variance=4 / 2, interaction=0.0, df=1, n_trials=3)


def test_what_moves_all_trials_of_a_seed_alike_is_no_spread() -> None:
    values = np.array([[0.1], [0.5], [0.7]]) + np.array([0.0, 0.3, -0.2])
    found = pool_seeds(estimate_scalars(values), horizon_rows=None)
    assert found.variance == pytest.approx(0, abs=1e-30)


def test_copies_count_once() -> None:
    """Else trials that differ in what nothing depends on would make all seeds look alike."""
    values = [[0, 2], [1, 1], [2, 0]]
    alone = pool_seeds(estimate_scalars(values), horizon_rows=None)
    assert pool_seeds(estimate_scalars([*values, *[[1, 1]] * 9]), horizon_rows=None) == alone


@pytest.mark.parametrize(
    ("n_trials", "n_seeds", "df"),
    [(7, 3, 4), (3, 2, 1), (4, 2, 2), (2, 9, 0), (5, 1, 0), (1, 4, 0)],
)
def test_the_weight_of_the_pool_is_four_degrees_of_freedom_at_most(
    rng: np.random.Generator, n_trials: int, n_seeds: int, df: int
) -> None:
    fits = estimate_scalars(rng.random((n_trials, n_seeds)))
    assert pool_seeds(fits, horizon_rows=None).df == df


def test_the_rows_part_is_that_of_the_residuals_of_the_influences(
    rng: np.random.Generator,
) -> None:
    labels = rng.random(120) < 0.3
    fits = estimate_auc(labels, rng.standard_normal((3, 2, 120)).cumsum(axis=-1))
    f, a = fits.influences, fits.values
    interaction = variance = 0.0
    for k in range(3):
        for s in range(2):
            own = f[k, s] - f[k].mean(axis=0) - f[:, s].mean(axis=0) + f.mean(axis=(0, 1))
            interaction += float(measure_row_variance(own, 1)) / 2
            variance += float(a[k, s] - a[k].mean() - a[:, s].mean() + a.mean()) ** 2 / 2
    found = pool_seeds(fits, horizon_rows=1)
    assert found.interaction == pytest.approx(interaction)
    assert found.variance == pytest.approx(variance)


def test_blending_by_hand() -> None:
    """Of S = 2: (4 * 0.03 * 1.5 / 2 + 1 * 0.01) / 5 and (4 * 0.02 * 1.5 / 2 + 1 * 0.005) / 5."""
    pool = SeedPool(variance=0.03, interaction=0.02, df=4, n_trials=6)
    seeds, interaction, df = pool.moderate(
        np.array(0.01), np.array(0.005), squared_weights=1.5, n_seeds=2
    )
    assert (float(seeds), float(interaction), df) == pytest.approx((0.02, 0.013, 5))


def test_the_pool_is_the_variance_of_one_fit(rng: np.random.Generator) -> None:
    found = pool_seeds(estimate_scalars(0.3 * rng.standard_normal((400, 5))), horizon_rows=None)
    assert found.variance == pytest.approx(0.09, rel=0.05)
