"""Of a search in which nothing is to be found little is said, and of one that learns it is told."""

import pytest

from tests.analysis.simulation.searching import (
    Sample,
    measure_band,
    measure_learning,
    measure_null,
    measure_pruning,
    sample_by_tpe,
    sample_greedily,
    sample_randomly,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.mark.parametrize(
    ("sample", "n_searches", "most"),
    [(sample_randomly, 400, 0.05), (sample_by_tpe, 100, 0.05), (sample_greedily, 400, 0.12)],
)
def test_importances_of_noise_are_within_chance(
    sample: Sample, n_searches: int, most: float
) -> None:
    """Two Monte Carlo errors are allowed; a sampler that clings to its best doubles the level."""
    found = measure_null(sample, n_searches)
    print(found)
    error = 2 * (most * (1 - most) / n_searches) ** 0.5
    assert found.single < most + error / 2
    assert found.any_told < most + error
    assert found.below < 0.025 + error
    assert found.above < 0.025 + error
    assert found.trend < 0.07 + error


def test_the_band_holds_at_every_place() -> None:
    assert measure_band(1000).min() > 0.95


def test_a_search_that_learns_is_told() -> None:
    below, up = measure_learning(2.0, 200)
    assert below > 0.65
    assert up > 0.9


def test_a_pruner_is_no_learning() -> None:
    """The band holds where pruned trials keep their places; complete ones alone seem to learn."""
    below, above, up = measure_pruning(400)
    assert below < 0.04
    assert above < 0.04
    assert up > 0.5
