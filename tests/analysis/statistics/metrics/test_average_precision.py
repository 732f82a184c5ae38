"""Average precision: influences that add up to the jackknife of blocks."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from analysis.statistics.metrics.average_precision import estimate_average_precision
from analysis.statistics.metrics.blocks import number_blocks

N_ROWS = 230  # blocks of 11 and of 12 rows


def draw(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Labels and scores (N,), some of which are tied."""
    labels = (rng.random(N_ROWS) < 0.2).astype(np.int8)
    return labels, np.round(labels + rng.standard_normal(N_ROWS), 1)


def lose_block(labels: np.ndarray, scores: np.ndarray, is_left: np.ndarray) -> float:
    """What the average precision loses without some rows, times the share that is left."""
    whole = average_precision_score(labels, scores)
    return float(
        is_left.mean() * (whole - average_precision_score(labels[is_left], scores[is_left]))
    )


def differentiate(labels: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Derivatives by the weight of each row, by small differences."""
    step = 1e-5 * np.eye(labels.size)
    ends = [
        [average_precision_score(labels, scores, sample_weight=1 + sign * row) for row in step]
        for sign in (1, -1)
    ]
    return np.asarray(np.subtract(*ends) / 2e-5)


def test_four_rows_by_hand() -> None:
    """Each is a block: precision 1 and 2/3; without the first 1/2, and so on."""
    found = estimate_average_precision([1, 0, 1, 0], [4.0, 3.0, 2.0, 1.0])
    assert found.values == pytest.approx(5 / 6)
    without = np.array([1 / 2, 1, 1, 5 / 6])
    expected = (without.mean() - without) * 3 / 4 * np.sqrt(4 / 3)
    np.testing.assert_allclose(found.influences, expected, atol=1e-12)


def test_the_rows_of_a_block_add_up_to_what_leaving_it_out_loses(rng: np.random.Generator) -> None:
    labels, scores = draw(rng)
    found = estimate_average_precision(labels, scores)
    blocks = number_blocks(N_ROWS, 20)
    sums = np.bincount(blocks, weights=found.influences) / np.sqrt(N_ROWS / (N_ROWS - 1))
    lost = np.array([lose_block(labels, scores, blocks != block) for block in range(20)])
    shares = np.bincount(blocks) / N_ROWS
    np.testing.assert_allclose(sums, lost - shares * lost.sum(), atol=1e-12)
    assert found.influences.sum() == pytest.approx(0, abs=1e-12)


def test_the_rows_of_a_block_differ_as_their_derivatives_do(rng: np.random.Generator) -> None:
    labels, scores = draw(rng)
    scaled = estimate_average_precision(labels, scores).influences
    rest = scaled / np.sqrt(N_ROWS / (N_ROWS - 1)) - differentiate(labels, scores)
    blocks = number_blocks(N_ROWS, 20)
    for block in range(20):
        assert np.ptp(rest[blocks == block]) < 1e-8


def test_a_block_of_every_positive_keeps_its_derivatives(rng: np.random.Generator) -> None:
    labels = np.zeros(N_ROWS, dtype=np.int8)
    labels[2:8] = 1
    scores = rng.standard_normal(N_ROWS) + labels
    scaled = estimate_average_precision(labels, scores).influences
    derivatives = differentiate(labels, scores)
    blocks = number_blocks(N_ROWS, 20)
    sums = np.bincount(blocks, weights=scaled) / np.sqrt(N_ROWS / (N_ROWS - 1))
    lost = [lose_block(labels, scores, blocks != block) for block in range(1, 20)]
    raw = np.array([derivatives[blocks == 0].sum(), *lost])
    np.testing.assert_allclose(sums, raw - np.bincount(blocks) / N_ROWS * raw.sum(), atol=1e-8)


def test_a_perfect_order_has_no_error() -> None:
    labels = np.repeat([0, 1], [40, 10])
    found = estimate_average_precision(labels, [np.arange(50.0), labels])
    np.testing.assert_array_equal(found.values, 1)
    np.testing.assert_allclose(found.influences, 0, atol=1e-15)
