"""The level of any metric at the selected epoch."""

import numpy as np
import pytest

from analysis.statistics.metrics.blocks import deal_rows, number_blocks
from analysis.statistics.metrics.estimators import estimate_metric
from analysis.statistics.metrics.selected_auc import estimate_selected_auc
from analysis.statistics.metrics.selected_level import estimate_selected_level

N_ROWS = 400


def leave_out_by_hand(gains: np.ndarray, blocks: np.ndarray, n_beside: int) -> float:
    """Mean gain of epochs (E, N) with each block under the epoch that is best far from it."""
    found = []
    for block in range(20):
        far = np.abs(blocks - block) > n_beside
        found.append(gains[gains[:, far].mean(axis=1).argmax()][blocks == block])
    return float(np.concatenate(found).mean())


@pytest.mark.parametrize("horizon_rows", [1, None])
def test_a_mean_over_rows_is_left_out_exactly(
    horizon_rows: int | None, rng: np.random.Generator
) -> None:
    labels = rng.standard_normal(N_ROWS + 5)
    scores = labels + rng.standard_normal((2, 8, N_ROWS + 5))
    found = estimate_selected_level("mae", labels, scores, horizon_rows=horizon_rows)
    size = labels.size
    blocks = deal_rows(size, 20) if horizon_rows is None else number_blocks(size, 20)
    gains = -np.abs(scores - labels)
    expected = [leave_out_by_hand(fit, blocks, 1 if horizon_rows else 0) for fit in gains]
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("average_precision", "two"), ("log_loss", "two"), ("brier", "two"), ("accuracy", "two"),
        ("macro_f1", "several"), ("macro_auc", "several"), ("rmse", "numbers"), ("r2", "numbers"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("horizon_rows", [1, None])
def test_the_level_is_neither_that_of_the_choice_nor_below(
    name: str, task: str, horizon_rows: int | None, rng: np.random.Generator
) -> None:
    """Twenty epochs that are equally good: what the choice adds is taken out."""
    labels = rng.standard_normal(N_ROWS) if task == "numbers" else rng.integers(0, 2, N_ROWS)
    signal = labels.astype(float)
    if task == "several":
        labels = rng.integers(0, 3, N_ROWS)
        signal = np.eye(3)[labels]
    shape = signal.shape
    scores = signal + 0.8 * rng.standard_normal((80, 1, *shape))
    scores = scores + 0.8 * rng.standard_normal((80, 20, *shape))
    every = estimate_metric(name, labels, scores).values
    found = estimate_selected_level(name, labels, scores, horizon_rows=horizon_rows)
    assert found is not None
    gained = (every.max(axis=1) - every.mean(axis=1)).mean()
    errors = found - every.mean(axis=1)
    allowed = 3 * errors.std() / np.sqrt(errors.size)
    assert abs(errors.mean()) < allowed < 0.6 * gained


def test_an_auc_goes_by_its_pairs_and_groups_stay_whole(rng: np.random.Generator) -> None:
    labels, groups = rng.random(200) < 0.4, rng.integers(0, 50, 200)
    scores = labels + rng.standard_normal((4, 200))
    found = estimate_selected_level("auc", labels, scores, horizon_rows=None, groups=groups)
    expected = estimate_selected_auc(labels, scores, horizon_rows=None, groups=groups)
    assert found == expected
    gains = -np.square(scores - labels)
    level = estimate_selected_level("mse", labels, scores, horizon_rows=None, groups=groups)
    assert level == pytest.approx(leave_out_by_hand(gains, deal_rows(200, 20, groups), 0))


def test_too_few_rows_or_classes_have_no_level() -> None:
    labels = np.repeat([0, 1, 2], [98, 98, 4])
    scores = np.zeros((2, 200, 3))
    assert estimate_selected_level("macro_auc", labels, scores, horizon_rows=1) is None
    assert estimate_selected_level("macro_f1", labels, scores, horizon_rows=1) is not None
    assert estimate_selected_level("macro_f1", labels, scores, horizon_rows=11) is None
