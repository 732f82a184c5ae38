"""The level at the selected epoch."""

import numpy as np
import pytest

from analysis.statistics.metrics.auc import estimate_auc
from analysis.statistics.metrics.blocks import deal_rows, number_blocks
from analysis.statistics.metrics.selected_auc import estimate_selected_auc


def count_by_hand(labels: np.ndarray, scores: np.ndarray, blocks: np.ndarray) -> float:
    """Score every pair of rows under the epoch that the rows far from it choose."""
    won = []
    for i in np.flatnonzero(labels):
        for j in np.flatnonzero(~labels):
            distance = np.minimum(np.abs(blocks - blocks[i]), np.abs(blocks - blocks[j]))
            far = distance > 1
            epoch = scores[estimate_auc(labels[far], scores[:, far]).values.argmax()]
            won.append(float(epoch[i] > epoch[j]) + 0.5 * float(epoch[i] == epoch[j]))
    return float(np.mean(won))


def test_every_pair_is_scored_by_an_epoch_that_it_did_not_choose(rng: np.random.Generator) -> None:
    labels = rng.random(65) < 0.3
    scores = np.round(labels + 2 * rng.standard_normal((2, 6, 65)), 1)
    found = estimate_selected_auc(labels, scores, horizon_rows=1)
    assert found is not None
    expected = [count_by_hand(labels, fit, number_blocks(65, 20)) for fit in scores]
    assert found == pytest.approx(expected)


def test_one_epoch_has_its_auc(rng: np.random.Generator) -> None:
    labels = rng.random(200) < 0.3
    scores = labels + rng.standard_normal((3, 1, 200))
    found = estimate_selected_auc(labels, scores, horizon_rows=1)
    assert found == pytest.approx(estimate_auc(labels, scores[:, 0]).values)


def test_the_level_is_neither_that_of_the_choice_nor_below(rng: np.random.Generator) -> None:
    labels = np.arange(400) % 5 == 0
    scores = 0.8 * labels + rng.standard_normal((100, 1, 400))
    scores = scores + 0.8 * rng.standard_normal((100, 20, 400))
    every = estimate_auc(labels, scores).values
    found = estimate_selected_auc(labels, scores, horizon_rows=1)
    assert found is not None
    assert every.max(axis=1).mean() - every.mean() > 0.02
    assert found.mean() == pytest.approx(every.mean(), abs=0.003)


def test_dates_are_not_torn_apart(rng: np.random.Generator) -> None:
    labels = rng.random(120) < 0.4
    scores = labels + rng.standard_normal((4, 120))
    blocks = np.repeat(number_blocks(40, 20), 3)
    found = estimate_selected_auc(labels, scores, horizon_rows=1, starts=np.arange(0, 120, 3))
    assert found == pytest.approx(count_by_hand(labels, scores, blocks))


@pytest.mark.parametrize(("n_rows", "horizon_rows"), [(19, 1), (99, 5)])
def test_too_few_rows_have_no_level(n_rows: int, horizon_rows: int) -> None:
    labels = np.arange(n_rows) % 2 == 0
    assert estimate_selected_auc(labels, np.zeros((2, n_rows)), horizon_rows=horizon_rows) is None


def test_a_class_that_lies_in_two_blocks_has_no_level() -> None:
    labels = np.isin(np.arange(100), (3, 52))
    assert estimate_selected_auc(labels, np.zeros((2, 100)), horizon_rows=1) is None


def test_rows_without_order_have_no_neighbours(rng: np.random.Generator) -> None:
    """Only the pair's own blocks are left out, and blocks are dealt."""
    labels = rng.random(100) < 0.4
    scores = np.round(labels + rng.standard_normal((6, 100)), 1)
    blocks = deal_rows(100, 20)
    won = []
    for i in np.flatnonzero(labels):
        for j in np.flatnonzero(~labels):
            other = (blocks != blocks[i]) & (blocks != blocks[j])
            epoch = scores[estimate_auc(labels[other], scores[:, other]).values.argmax()]
            won.append(float(epoch[i] > epoch[j]) + 0.5 * float(epoch[i] == epoch[j]))
    found = estimate_selected_auc(labels, scores, horizon_rows=None)
    assert found == pytest.approx(np.mean(won))
