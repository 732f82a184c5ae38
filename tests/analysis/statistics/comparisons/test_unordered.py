"""Rows without order: every comparison takes them, by groups where there are groups."""

import numpy as np
import pytest

from analysis.statistics.comparisons.challenge import challenge_control, infer_any
from analysis.statistics.comparisons.confidence_set import find_confidence_set
from analysis.statistics.comparisons.contrast import contrast_trials
from analysis.statistics.comparisons.inference import infer_equivalence, infer_every, infer_rise
from analysis.statistics.comparisons.maximum import adjust_maximum
from analysis.statistics.metrics.estimators import estimate_metric
from analysis.statistics.metrics.metric import MetricEstimate

N_ROWS = 600
NAMES = ("accuracy", "macro_f1", "macro_auc", "log_loss", "rmse", "mae", "r2")


def draw(name: str, rng: np.random.Generator) -> MetricEstimate:
    """Four trials with three seeds, the later ones better, in 120 groups of unequal sizes."""
    groups = np.concatenate([np.arange(120), rng.integers(0, 120, N_ROWS - 120)])
    noise = np.array([2.0, 1.6, 1.2, 0.6])
    if name in {"rmse", "mae", "r2"}:
        labels = rng.standard_normal(N_ROWS)
        scores = labels + noise[:, None, None] * rng.standard_normal((4, 3, N_ROWS))
        return estimate_metric(name, labels, scores).sum_by(groups)
    labels = rng.integers(0, 3, N_ROWS)
    own = noise[:, None, None, None] * rng.standard_normal((4, 3, N_ROWS, 3))
    return estimate_metric(name, labels, np.eye(3)[labels] + own).sum_by(groups)


@pytest.mark.parametrize("name", NAMES)
def test_every_comparison_takes_groups(name: str, rng: np.random.Generator) -> None:
    fits = draw(name, rng)
    best, others = fits.select([3]), [fits.select([k]) for k in range(3)]
    contrasts = [contrast_trials(best, one, horizon_rows=None) for one in others]
    assert [(one.n_rows, one.nu, one.is_ordered) for one in contrasts] == [(120, None, False)] * 3
    assert infer_every(contrasts).p_value < 0.01
    assert infer_rise(fits, [1, 2, 3, 4], horizon_rows=None).p_value < 0.01
    assert infer_equivalence(contrasts[:1], 10.0).p_value < 0.01
    found = challenge_control(
        fits.select([1, 2, 3]), fits.select(0), horizon_rows=None, rope=0.0, rng=rng
    )
    assert infer_any(found, rope=0.0).p_value < 0.01
    assert find_confidence_set(fits, horizon_rows=None, rng=rng).members == (3,)
    maximum = adjust_maximum(fits, horizon_rows=None)
    assert maximum.best == 3
    assert maximum.adjusted == pytest.approx(maximum.maximum, rel=0.1)


def test_groups_are_what_is_independent() -> None:
    """Ten copies of each row say no more than one of them."""
    rng = np.random.default_rng(5)
    labels, scores = rng.standard_normal(80), rng.standard_normal((2, 1, 80))
    once = estimate_metric("mse", labels, scores)
    copies = estimate_metric("mse", np.tile(labels, 10), np.tile(scores, 10))
    groups = np.tile(np.arange(80), 10)
    alone, by_group, as_rows = (
        contrast_trials(one.select([0]), one.select([1]), horizon_rows=None)
        for one in (once, copies.sum_by(groups), copies)
    )
    assert by_group.standard_error == pytest.approx(alone.standard_error, rel=0.01)
    assert (by_group.n_rows, by_group.df) == (80, alone.df)
    assert as_rows.standard_error == pytest.approx(alone.standard_error / np.sqrt(10), rel=0.01)
