"""What earlier batches say of the error of the next one."""

import numpy as np
import pytest

from analysis.statistics.comparisons.contrast import contrast_trials
from analysis.statistics.metrics.auc import estimate_auc
from analysis.statistics.metrics.folds import pool_folds
from analysis.statistics.metrics.metric import MetricEstimate, estimate_scalars
from analysis.statistics.planning.variance_parts import (
    REFERENCE_PARTS,
    VarianceParts,
    average_parts,
    estimate_parts,
)


def draw_means(
    rng: np.random.Generator, n_rows: int, n_seeds: int, luck: float, n_trials: int = 150
) -> MetricEstimate:
    """Fits of independent rows: one unit a row of the trial, two of the fit, and luck."""
    trial = rng.standard_normal((n_trials, 1, n_rows))
    fit = np.sqrt(2) * rng.standard_normal((n_trials, n_seeds, n_rows))
    gains = trial + fit + luck * rng.standard_normal((n_trials, n_seeds, 1))
    values = gains.mean(axis=-1)
    return MetricEstimate(values, (gains - values[..., None]) / n_rows)


def test_the_reference_is_the_error_that_the_example_has() -> None:
    rows, seeds = 2 * REFERENCE_PARTS.rows / 422, 2 * REFERENCE_PARTS.interaction / 422
    assert (rows, seeds) == (pytest.approx(7.0e-5), pytest.approx(3.2e-4))


@pytest.mark.parametrize("n_folds", [1, 4])
def test_the_parts_of_known_noise(rng: np.random.Generator, n_folds: int) -> None:
    folds = [draw_means(rng, 300, 4, luck=0.08) for _ in range(n_folds)]
    found = estimate_parts(pool_folds(folds), horizon_rows=1)
    assert found is not None
    assert found.rows == pytest.approx(1, rel=0.25)
    assert found.interaction == pytest.approx(2, rel=0.25)
    assert found.seeds == pytest.approx(0.0064, rel=0.25)
    assert found.periods == pytest.approx(0, abs=0.0025)
    assert found.floor == pytest.approx(1, abs=0.15)


def test_what_folds_do_beyond_their_rows_is_found(rng: np.random.Generator) -> None:
    folds = []
    for _ in range(6):
        fold = draw_means(rng, 300, 3, luck=0.0)
        folds.append(
            MetricEstimate(fold.values + 0.1 * rng.standard_normal((150, 1)), fold.influences)
        )
    found = estimate_parts(pool_folds(folds), horizon_rows=1)
    assert found is not None
    assert found.periods == pytest.approx(0.01, rel=0.3)
    assert found.rows == pytest.approx(1, rel=0.4)


def test_two_trials_have_the_parts_of_their_contrast(rng: np.random.Generator) -> None:
    labels = rng.random(400) < 0.3
    fits = estimate_auc(labels, labels + rng.standard_normal((2, 3, 400)))
    found = estimate_parts(fits, horizon_rows=1)
    contrast = contrast_trials(fits.select([0]), fits.select([1]), horizon_rows=1)
    assert found is not None
    seeds = 2 * (found.seeds + found.interaction / 400) / 3
    assert seeds == pytest.approx(contrast.variance_seeds)


def test_one_seed_is_split_as_the_reference_is(rng: np.random.Generator) -> None:
    found = estimate_parts(draw_means(rng, 300, 1, luck=0.0), horizon_rows=1)
    assert found is not None
    assert found.interaction / found.rows == pytest.approx(3.2 / 0.7)
    assert found.rows + found.interaction == pytest.approx(3, rel=0.25)
    assert found.seeds == 0


def test_nothing_is_learnt_where_nothing_differs(rng: np.random.Generator) -> None:
    one = draw_means(rng, 100, 2, luck=0.1, n_trials=1)
    copies = one.select([0, 0])
    for fits in (one, copies, estimate_scalars(rng.random((3, 2)))):
        assert estimate_parts(fits, horizon_rows=1) is None


def test_parts_are_averaged_and_floors_by_their_rows() -> None:
    parts = [VarianceParts(1, 2, 0.5, -0.2, 1.0), VarianceParts(5, 4, 0.1, 0.4, 0.5)]
    expected = VarianceParts(3, 3, 0.3, 0.1, (3 * 1.0 + 9 * 0.5) / 12)
    found = average_parts(parts)
    assert np.array(
        [found.rows, found.interaction, found.seeds, found.periods, found.floor]
    ) == pytest.approx(
        [expected.rows, expected.interaction, expected.seeds, expected.periods, expected.floor]
    )
    with pytest.raises(ValueError, match="parts: got none, expected those of one batch"):
        average_parts([])
